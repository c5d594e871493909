import { withinSeeds, type KnownBad } from '../known-bad.ts';

export const pendingNotCounted: KnownBad = {
  name: 'pending-not-counted',
  what: 'The status counts only what is pending in spaces that are followed.',
  promise: 10,
  caughtBy: withinSeeds(10),
  edits: [
    {
      file: 'sw/engine/report.ts',
      from: `  const pending = sum(spaces, (row) => row.pending);
`,
      to: `  const pending = sum(followed, (row) => row.pending);
`,
    },
  ],
};
