import type { KnownBad } from '../known-bad.ts';

export const ackOnPull: KnownBad = {
  name: 'ack-on-pull',
  what: 'An acknowledgement is taken for ops that the request did not carry.',
  promise: 1,
  // A request leaves out what is sealed only while a space is full, which none is in a simulation.
  caughtBy: { kind: 'test', file: 'spec/late-answers.test.ts' },
  edits: [
    {
      file: 'sw/engine/settle.ts',
      from: 'acked: asClock(Math.min(acked, carried))',
      to: 'acked: asClock(Math.max(acked, carried))',
    },
    {
      file: 'sw/engine/take-answer.ts',
      from: 'const own = await completeOps(tx, row, answer, asClock(Math.min(acked, carried)));',
      to: 'const own = await completeOps(tx, row, answer, asClock(Math.max(acked, carried)));',
    },
  ],
};
