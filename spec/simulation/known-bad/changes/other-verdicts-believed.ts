import type { KnownBad } from '../known-bad.ts';

export const otherVerdictsBelieved: KnownBad = {
  name: 'other-verdicts-believed',
  what: 'What is settled in another history is taken for ours whatever its log has: an op whose clock it had refused waits for good.',
  promise: 1,
  caughtBy: { kind: 'test', file: 'spec/other-verdicts.test.ts' },
  edits: [
    {
      file: 'sw/engine/adopt.ts',
      from: `      return sentAgain({ ...before, folded: asClock(folded), covered });`,
      to: `      return {
        ...before,
        acked: asClock(Math.min(before.acked, remedy.acked, (forkAt ?? Infinity) - 1)),
        folded: asClock(folded),
        covered,
      };`,
    },
  ],
};
