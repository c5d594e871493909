import { withinSeeds, type KnownBad } from '../known-bad.ts';

export const newestFirst: KnownBad = {
  name: 'newest-first',
  what: 'The op that was written last is sent first.',
  promise: 5,
  caughtBy: withinSeeds(10),
  edits: [
    {
      file: 'sw/engine/next-ops.ts',
      from: `  const { rows, isAll } = await unsettledRows(tx, space, { acked, sent });
`,
      to: `  const { rows: found, isAll } = await unsettledRows(tx, space, { acked, sent });
  const rows = [...found.filter((row) => row.seal), ...found.filter((row) => !row.seal).reverse()];
`,
    },
  ],
};
