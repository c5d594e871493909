import { withinSeeds, type KnownBad } from '../known-bad.ts';

export const moveDeletesFirst: KnownBad = {
  name: 'move-deletes-first',
  what: 'A move deletes the record where it was without waiting for it to arrive.',
  promise: 1,
  caughtBy: withinSeeds(10),
  edits: [
    {
      file: 'sw/engine/plan-write.ts',
      from: `  const moves = movesIn(ops);
`,
      to: `  void movesIn;
  const moves = new Map<number, number>();
`,
    },
  ],
};
