import { OWED, type KnownBad } from '../known-bad.ts';

export const ackOnPull: KnownBad = {
  name: 'ack-on-pull',
  what: 'An acknowledgement is taken for ops that the request did not carry.',
  promise: 1,
  caughtBy: OWED,
  edits: [
    {
      file: 'sw/engine/settle.ts',
      from: 'acked: asClock(Math.min(acked, carried))',
      to: 'acked: asClock(Math.max(acked, carried))',
    },
    {
      file: 'sw/engine/take-answer.ts',
      from: 'asClock(Math.min(acked, carried))',
      to: 'asClock(Math.max(acked, carried))',
    },
  ],
};
