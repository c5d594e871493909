import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { digestThrough, EMPTY_DIGEST, nextDigest } from './digest.ts';
import type { SequencedOp } from './op.ts';

interface Vectors {
  readonly firstInput: string;
  readonly chain: readonly {
    readonly note: string;
    readonly op: SequencedOp;
    readonly digest: string;
  }[];
}

const file = new URL('../spec/vectors/digest.json', import.meta.url);
const { chain, firstInput } = JSON.parse(readFileSync(file, 'utf8')) as Vectors;
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();

/** What the specification says, written a second time and in another way. */
function hashedAfter(before: string, op: SequencedOp): Buffer {
  const { actor, clock, base, at, v, key = '', payload } = op;
  const fields = [actor, clock, base, at, v, key, payload].map((field) => Buffer.from(`${field}`));
  const framed = fields.flatMap((field) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(field.length);
    return [length, field];
  });
  return Buffer.concat([Buffer.from(before, 'hex'), ...framed]);
}

describe('the digest', () => {
  const steps = chain.map((step, i) => ({ ...step, before: chain[i - 1]?.digest ?? EMPTY_DIGEST }));

  it.each(steps)('[LG12] is that of the vectors: $note', ({ before, op, digest }) => {
    expect(nextDigest(before, op, sha256)).toBe(digest);
    expect(sha256(hashedAfter(before, op)).toString('hex').slice(0, 32)).toBe(digest);
  });

  it('[LG12] begins at sixteen zero bytes, which are hashed first', () => {
    const [first] = chain;
    expect(EMPTY_DIGEST).toBe('00000000000000000000000000000000');
    expect(first && hashedAfter(EMPTY_DIGEST, first.op).toString('hex')).toBe(firstInput);
  });

  it('[LG12] goes through many ops as through each', () => {
    const ops = chain.map(({ op }) => op);
    expect(digestThrough(EMPTY_DIGEST, ops, sha256)).toBe(chain.at(-1)?.digest);
    expect(digestThrough(EMPTY_DIGEST, [], sha256)).toBe(EMPTY_DIGEST);
  });

  it('[LG12] tells any other log from this one', () => {
    const [first, second] = chain;
    if (!first || !second) throw new Error('no vectors');
    const others: SequencedOp[] = [
      { ...first.op, payload: `${first.op.payload} ` },
      { ...first.op, at: first.op.at + 1 },
      { ...first.op, key: 'k' },
      // The same characters, cut elsewhere: the lengths keep the fields apart.
      { ...first.op, key: '{', payload: first.op.payload.slice(1) },
      second.op,
    ];
    const digests = others.map((op) => nextDigest(EMPTY_DIGEST, op, sha256));
    expect(new Set([...digests, first.digest]).size).toBe(others.length + 1);
  });
});
