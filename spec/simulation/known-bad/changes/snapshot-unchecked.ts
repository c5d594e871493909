import { withinSeeds, type KnownBad } from '../known-bad.ts';

export const snapshotUnchecked: KnownBad = {
  name: 'snapshot-unchecked',
  what: 'What is stored of a snapshot is sent as it is, whole or damaged.',
  promise: 7,
  caughtBy: withinSeeds(60),
  edits: [
    {
      file: 'server/store/snapshot-rows.ts',
      from: `      if (!row.checksum.equals(partChecksum(row, row.body))) throw new DamagedSnapshotError(n);
`,
      to: `      void DamagedSnapshotError;
`,
    },
  ],
};
