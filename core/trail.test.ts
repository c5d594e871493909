import { describe, expect, it } from 'vitest';
import { asSeq } from './ids.ts';
import { lastCommon, throughSeq, withStep, type Trail } from './trail.ts';

const digestOf = (seq: number) => `digest ${seq}`;
const walked = (...seqs: number[]): Trail =>
  seqs.reduce<Trail>(
    (trail, seq) => withStep(trail, { seq: asSeq(seq), digest: digestOf(seq) }),
    [],
  );
const seqsOf = (trail: Trail) => trail.map(({ seq }) => seq);
const upTo = (end: number) => Array.from({ length: end }, (_, i) => i + 1);

describe('the trail of a replica', () => {
  it('[AB33] keeps every step at first, and none twice', () => {
    expect(seqsOf(walked(0, 3, 3, 2, 9))).toEqual([3, 9]);
    expect(seqsOf(walked(...upTo(24)))).toEqual(upTo(24));
  });

  it('[AB33] stays short, dense near its end and with something of every distance behind', () => {
    const trail = walked(...upTo(5_000));
    expect(trail).toHaveLength(24);
    expect(seqsOf(trail).slice(-2)).toEqual([4_999, 5_000]);
    for (const distance of [10, 100, 1_000, 4_000]) {
      const before = seqsOf(trail).findLast((seq) => seq <= 5_000 - distance) ?? 0;
      expect(5_000 - before).toBeLessThan(distance * 3);
    }
  });

  it('[AB33] tells the last step that another log has too, and ends there', () => {
    const trail = walked(2, 5, 9);
    const other = new Map([2, 5, 9].map((seq) => [asSeq(seq), digestOf(seq)]));
    expect(lastCommon(trail, other)).toBe(9);
    other.set(asSeq(9), 'another');
    expect(lastCommon(trail, other)).toBe(5);
    expect(seqsOf(throughSeq(trail, asSeq(5)))).toEqual([2, 5]);
    expect(lastCommon(trail, new Map())).toBe(0);
  });
});
