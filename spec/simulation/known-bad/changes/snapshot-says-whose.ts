import type { KnownBad } from '../known-bad.ts';

export const snapshotSaysWhose: KnownBad = {
  name: 'snapshot-says-whose',
  what: 'In another history what was settled counts as there or not by the clocks of its snapshot: what copies of a device did since is not looked for.',
  promise: 1,
  caughtBy: { kind: 'test', file: 'spec/looked-back.test.ts' },
  edits: [
    {
      file: 'sw/engine/rebuild.ts',
      from: `  const isNothingOurs = waiting.length + settled.length === 0;
  return isNothingOurs ? snapshotSeq : asSeq(Math.max(horizon, common));`,
      to: `  return snapshotSeq;`,
    },
  ],
};
