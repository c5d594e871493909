import type { KnownBad } from '../known-bad.ts';

export const newEpochBelieved: KnownBad = {
  name: 'new-epoch-believed',
  what: 'A new epoch is taken for the same log before its digest has agreed: behind the horizon what we had settled in a lost one is gone.',
  promise: 1,
  caughtBy: { kind: 'test', file: 'spec/filled-restored.test.ts' },
  edits: [
    {
      file: 'sw/engine/take-error.ts',
      from: `    ...(epoch !== undefined && { epoch, unproven: true }),`,
      to: `    ...(epoch !== undefined && { epoch }),`,
    },
  ],
};
