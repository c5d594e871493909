import { withinSeeds, type KnownBad } from '../known-bad.ts';

export const loserDropped: KnownBad = {
  name: 'loser-dropped',
  what: 'A value that loses to a concurrent one is kept nowhere.',
  promise: 4,
  caughtBy: withinSeeds(10),
  edits: [
    {
      file: 'core/registers.ts',
      from: `      found.push(editEdit(put, name, mineWins ? [mine, old] : [old, mine], write));
`,
      to: `      void editEdit;
`,
    },
  ],
};
