import type { KnownBad } from '../known-bad.ts';

export const moveDeletesFirst: KnownBad = {
  name: 'move-deletes-first',
  what: 'A move deletes the record where it was without waiting for it to arrive.',
  promise: 1,
  caughtBy: { kind: 'test', file: 'spec/moves.test.ts' },
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
