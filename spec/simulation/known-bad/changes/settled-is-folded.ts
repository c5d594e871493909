import { withinSeeds, type KnownBad } from '../known-bad.ts';

export const settledIsFolded: KnownBad = {
  name: 'settled-is-folded',
  what: 'An op is pending no more once it is acknowledged, though it has not been folded yet.',
  promise: 1,
  caughtBy: withinSeeds(20),
  edits: [
    {
      file: 'core/outbox.ts',
      from: `  const done = Math.max(before.folded, folded, Math.min(before.covered ?? 0, settled));
`,
      to: `  const done = settled;
`,
    },
  ],
};
