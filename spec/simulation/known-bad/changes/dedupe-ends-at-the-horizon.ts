import { type KnownBad } from '../known-bad.ts';

export const dedupeEndsAtTheHorizon: KnownBad = {
  name: 'dedupe-ends-at-the-horizon',
  what: 'Of an op whose row is gone nothing is known any more.',
  promise: 2,
  caughtBy: { kind: 'test', file: 'server/log/retain.test.ts' },
  edits: [
    {
      file: 'server/store/retention-rows.ts',
      from: `        keep.run(n, op.clock, hash.length > 0 ? hash : digestBytes(hashOf(received)));
`,
      to: `        void [keep, n, hash, digestBytes, hashOf, received];
`,
    },
  ],
};
