import { withinSeeds, type KnownBad } from '../known-bad.ts';

export const outboxAfterFold: KnownBad = {
  name: 'outbox-after-fold',
  what: 'What was folded is stored in one transaction, and its row leaves the outbox in the next.',
  promise: 2,
  caughtBy: withinSeeds(10),
  edits: [
    {
      file: 'sw/engine/absorb.ts',
      from: `  return ports.store.write(async (tx) => {
    const [meta]`,
      to: `  const later: number[] = [];
  const absorbed = await ports.store.write(async (real) => {
    const tx = { ...real, deleteRows: async (rows: readonly number[]) => void later.push(...rows) };
    const [meta]`,
    },
    {
      file: 'sw/engine/absorb.ts',
      from: `    return { ...summary(results, await tx.spaces()), onlyAcks };
  });
`,
      to: `    return { ...summary(results, await tx.spaces()), onlyAcks };
  });
  await ports.store.write((tx) => tx.deleteRows(later));
  return absorbed;
`,
    },
  ],
};
