import { withinSeeds, type KnownBad } from '../known-bad.ts';

export const cursorBeforeRecords: KnownBad = {
  name: 'cursor-before-records',
  what: 'The cursor is stored in one transaction, and what was folded in the next.',
  promise: 2,
  caughtBy: withinSeeds(10),
  edits: [
    {
      file: 'sw/engine/absorb.ts',
      from: `  return ports.store.write(async (tx) => {
    const [meta]`,
      to: `  const later: Parameters<typeof putLater>[] = [];
  const putLater = async (space: SpaceId, records: Parameters<ReplicaTx['putRecords']>[1]) =>
    void later.push([space, records]);
  const absorbed = await ports.store.write(async (real) => {
    const tx = { ...real, putRecords: putLater };
    const [meta]`,
    },
    {
      file: 'sw/engine/absorb.ts',
      from: `    return { ...summary(results, await tx.spaces()), onlyAcks };
  });
`,
      to: `    return { ...summary(results, await tx.spaces()), onlyAcks };
  });
  await ports.store.write(async (tx) => {
    for (const [space, records] of later) {
      await tx.records(space, records);
      await tx.putRecords(space, records);
    }
  });
  return absorbed;
`,
    },
    {
      file: 'sw/engine/absorb.ts',
      from: 'import type { Ports, SpaceRow } from',
      to: 'import type { Ports, ReplicaTx, SpaceRow } from',
    },
  ],
};
