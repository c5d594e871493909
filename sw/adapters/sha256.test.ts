/** Against the platform's own, at every length around its blocks. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { sha256 } from './sha256.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const expected = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe('SHA-256', () => {
  it.each([
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  ])('of the standard’s own example %o', (text, hash) => {
    expect(hex(sha256(new TextEncoder().encode(text)))).toBe(hash);
  });

  it('is the platform’s for every length up to four blocks, wherever its bytes lie', () => {
    let noise = 1;
    const buffer = Uint8Array.from({ length: 300 }, () => (noise = (noise * 48_271) % 0x7fffffff));
    for (let length = 0; length <= 256; length++) {
      const message = buffer.subarray(length % 41, (length % 41) + length);
      expect(hex(sha256(message)), `of ${length} bytes`).toBe(expected(message));
    }
  });

  it('is the platform’s for a long message, and leaves it as it was', () => {
    const message = new Uint8Array(1_000_003).fill(0xa5);
    expect(hex(sha256(message))).toBe(expected(message));
    expect(message.every((byte) => byte === 0xa5)).toBe(true);
  });
});
