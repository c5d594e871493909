import { withinSeeds, type KnownBad } from '../known-bad.ts';

export const baseNotOfScreen: KnownBad = {
  name: 'base-not-of-screen',
  what: 'An op says that its author had seen all that the device had folded, be it on screen or not.',
  promise: 4,
  caughtBy: withinSeeds(10),
  edits: [
    {
      file: 'sw/engine/plan-write.ts',
      from: `  const seen = Math.min(view.seen[space] ?? 0, cursor);
`,
      to: `  const seen: number = cursor;
`,
    },
  ],
};
