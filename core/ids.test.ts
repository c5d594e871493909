import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { check } from '../spec/support/check.ts';
import { fromHex, isActorId, isCount, isSpaceId, isUuidV7, toHex, uuidV7 } from './ids.ts';
import { recordKeyOf } from './record.ts';

const LATEST_TIME = 2 ** 48 - 1;
const time = fc.integer({ min: 0, max: LATEST_TIME });
const random = fc.uint8Array({ minLength: 10, maxLength: 16 });

describe('ids', () => {
  it.each([
    ['01990000-0000-7000-8000-000000000041', true],
    ['01990000-0000-7000-bfff-ffffffffffff', true],
    ['01990000-0000-7000-8000-00000000004G', false],
    ['01990000-0000-7000-8000-00000000004', false],
    ['01990000-0000-7000-8000-0000000000411', false],
    ['0199ABCD-0000-7000-8000-000000000041', false],
    ['01990000-0000-4000-8000-000000000041', false],
    ['01990000-0000-7000-c000-000000000041', false],
    ['01990000000070008000000000000041', false],
    ['01990000-0000-7000-8000-000000000041\n', false],
    ['', false],
    [7, false],
    [null, false],
  ])('[OP10] %j is a UUIDv7 in the only spelling that counts: %s', (text, valid) => {
    expect(isUuidV7(text)).toBe(valid);
    expect(isSpaceId(text)).toBe(valid);
    expect(isActorId(text)).toBe(valid);
  });

  it('[OP10] made from any time and any random bytes are valid, and tell their time', () => {
    check(
      fc.property(time, random, (now, bytes) => {
        const id = uuidV7(now, bytes);
        expect(isUuidV7(id)).toBe(true);
        expect(Number.parseInt(id.replace('-', '').slice(0, 12), 16)).toBe(now);
      }),
    );
  });

  it('[OP10] sort as text in the order of their times', () => {
    check(
      fc.property(time, time, random, random, (a, b, ra, rb) => {
        fc.pre(a !== b);
        expect(uuidV7(a, ra) < uuidV7(b, rb)).toBe(a < b);
      }),
    );
  });

  it('[OP10] spend 74 random bits: bytes that differ in one of them make two ids', () => {
    const plain = uuidV7(0, new Uint8Array(10));
    const spent = Array.from({ length: 80 }, (_, bit) => {
      const bytes = new Uint8Array(10);
      bytes[bit >> 3] = 1 << (bit & 7);
      return uuidV7(0, bytes) !== plain;
    });
    expect(spent.filter(Boolean)).toHaveLength(74);
  });

  it.each([
    [0, true],
    [Number.MAX_SAFE_INTEGER, true],
    [Number.MAX_SAFE_INTEGER + 1, false],
    [-1, false],
    [0.5, false],
    [Number.NaN, false],
    ['1', false],
  ])('[OP10] %s is a count: %s', (value, counts) => {
    expect(isCount(value)).toBe(counts);
  });

  it('[OP10] hex goes there and back', () => {
    check(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        expect(fromHex(toHex(bytes))).toEqual(bytes);
      }),
    );
    expect(toHex(new Uint8Array([0, 15, 255]))).toBe('000fff');
  });
});

describe('the name of a record', () => {
  it('[OP11] is one record’s only, whatever characters its collection and id hold', () => {
    const name = fc.string({ unit: fc.constantFrom('1', '2', ':', 'a', '\0', '/'), maxLength: 5 });
    check(
      fc.property(name, name, name, name, (c1, id1, c2, id2) => {
        const same = c1 === c2 && id1 === id2;
        const keys = [
          recordKeyOf({ collection: c1, id: id1 }),
          recordKeyOf({ collection: c2, id: id2 }),
        ];
        expect(keys[0] === keys[1]).toBe(same);
      }),
    );
  });
});
