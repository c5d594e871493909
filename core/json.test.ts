import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { check } from '../spec/support/check.ts';
import {
  canonicalJson,
  hasForbiddenText,
  isPlainJson,
  jsonEquals,
  MAX_VALUE_DEPTH,
  utf8Length,
  type Json,
} from './json.ts';

const reversed = (value: Json): Json => {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, part]) => [name, reversed(part)]),
  );
};

const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<Json>;

describe('JSON values', () => {
  it.each<[Json, Json, boolean]>([
    [1, 1, true],
    [0, -0, true],
    [1, '1', false],
    [null, false, false],
    ['é', 'e\u0301', false],
    [[], {}, false],
    [{}, [], false],
    [[1, 2], [2, 1], false],
    [[1], [1, 2], false],
    [{ a: 1, b: 2 }, { b: 2, a: 1 }, true],
    [{ a: 1 }, { a: 1, b: 2 }, false],
    [{ a: null }, {}, false],
    [{ a: null }, { b: null }, false],
    [{ a: [{ b: [1] }] }, { a: [{ b: [1] }] }, true],
    [{ toString: 1 }, { a: 1 }, false],
    [JSON.parse('{"__proto__":1}') as Json, {}, false],
    [JSON.parse('{"__proto__":1}') as Json, JSON.parse('{"__proto__":1}') as Json, true],
  ])('[OP8] %j and %j: equal by content %s', (a, b, equal) => {
    expect(jsonEquals(a, b)).toBe(equal);
    expect(jsonEquals(b, a)).toBe(equal);
    expect(canonicalJson(a) === canonicalJson(b)).toBe(equal);
  });

  it('[OP8] are equal exactly when their canonical texts are, whatever the order of members', () => {
    check(
      fc.property(json, json, (a, b) => {
        expect(jsonEquals(a, reversed(a))).toBe(true);
        expect(canonicalJson(a)).toBe(canonicalJson(reversed(a)));
        expect(jsonEquals(a, b)).toBe(canonicalJson(a) === canonicalJson(b));
      }),
    );
  });

  it('[OP9] read back from their canonical text as what they were', () => {
    check(
      fc.property(json, (value) => {
        expect(jsonEquals(JSON.parse(canonicalJson(value)) as Json, value)).toBe(true);
      }),
    );
  });

  it('[OP9] have their members sorted by code unit and no spaces in it', () => {
    expect(canonicalJson({ b: [1, { z: null, a: 'x y' }], a: 0, 10: 1, 9: 2, Z: 3 })).toBe(
      '{"10":1,"9":2,"Z":3,"a":0,"b":[1,{"a":"x y","z":null}]}',
    );
  });

  it('[OP5] are plain when finite and at most 32 levels deep', () => {
    const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)]);
    expect(isPlainJson(nested(MAX_VALUE_DEPTH))).toBe(true);
    expect(isPlainJson(nested(MAX_VALUE_DEPTH + 1))).toBe(false);
    expect(isPlainJson({ a: [Number.POSITIVE_INFINITY] })).toBe(false);
    expect(isPlainJson({ a: [Number.NaN] })).toBe(false);
    expect(isPlainJson({ a: undefined })).toBe(false);
  });
});

describe('text on the wire', () => {
  it.each([
    ['plain', false],
    ['pair \ud83d\ude00', false],
    ['high \ud83d', true],
    ['low \ude00', true],
    ['swapped \ude00\ud83d', true],
    ['nul \u0000', true],
    ['escaped \\u0000 \\ud800', false],
  ])('[OP6] %j holds what no UTF-8 text may: %s', (text, forbidden) => {
    expect(hasForbiddenText(text)).toBe(forbidden);
  });

  it('[OP12] is measured in bytes of UTF-8 without being encoded', () => {
    const encoder = new TextEncoder();
    check(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        expect(utf8Length(text)).toBe(encoder.encode(text).length);
      }),
    );
  });
});
