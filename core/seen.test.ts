import { describe, expect, it } from 'vitest';
import { actorOf } from '../spec/support/ops.ts';
import { asClock, asSeq } from './ids.ts';
import { hadSeen } from './seen.ts';

const author = (actor: string, base: number, was: readonly [string, number][] = []) => ({
  actor: actorOf(actor),
  base: asSeq(base),
  was: was.map(([name, clock]) => ({ actor: actorOf(name), clock: asClock(clock) })),
});
const stamp = (actor: string, clock: number, seq: number) => ({
  actor: actorOf(actor),
  clock: asClock(clock),
  seq: asSeq(seq),
  at: 0,
});

describe('an author had seen', () => {
  it.each([
    ['what lies below their base', author('A', 5), stamp('C', 1, 4), true],
    ['what lies at their base', author('A', 5), stamp('C', 1, 5), true],
    ['what lies above it: no', author('A', 5), stamp('C', 1, 6), false],
    ['their own above it', author('A', 5), stamp('A', 1, 6), true],
    ['what they wrote before a fork', author('D', 0, [['A', 3]]), stamp('A', 3, 6), true],
    ['what their twin wrote after it: no', author('D', 0, [['A', 3]]), stamp('A', 4, 6), false],
    ['another’s by that entry: no', author('D', 0, [['A', 3]]), stamp('C', 1, 6), false],
    [
      'what they wrote before an earlier fork',
      author('E', 0, [
        ['A', 3],
        ['D', 2],
      ]),
      stamp('A', 2, 6),
      true,
    ],
    ['nothing of an entry for clock 0', author('D', 0, [['A', 0]]), stamp('A', 1, 6), false],
  ])('[FO7] %s', (_, who, what, seen) => {
    expect(hadSeen(who, what)).toBe(seen);
  });
});
