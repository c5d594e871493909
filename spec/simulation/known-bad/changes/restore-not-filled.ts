import { withinSeeds, type KnownBad } from '../known-bad.ts';

export const restoreNotFilled: KnownBad = {
  name: 'restore-not-filled',
  what: 'After a restore of the server a device does not send again what was settled before.',
  promise: 1,
  caughtBy: withinSeeds(20),
  edits: [
    {
      file: 'sw/engine/adopt.ts',
      from: `  const settled = (await tx.settledOf(space)).map(({ seq: _, settledAt: __, ...row }) => row);
`,
      to: `  await tx.settledOf(space);
  const settled: OutboxRow[] = [];
`,
    },
  ],
};
