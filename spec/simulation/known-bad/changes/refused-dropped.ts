import { withinSeeds, type KnownBad } from '../known-bad.ts';

export const refusedDropped: KnownBad = {
  name: 'refused-dropped',
  what: 'An op that the server refuses leaves the outbox and is kept nowhere.',
  promise: 4,
  caughtBy: withinSeeds(10),
  edits: [
    {
      file: 'sw/engine/fold-into.ts',
      from: `  if (settled.aside.length > 0) await tx.putAside(settled.aside);
`,
      to: '',
    },
  ],
};
