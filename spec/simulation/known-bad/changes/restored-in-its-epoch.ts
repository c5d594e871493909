import { type KnownBad } from '../known-bad.ts';

export const restoredInItsEpoch: KnownBad = {
  name: 'restored-in-its-epoch',
  what: 'A restore leaves each log in the epoch that the backup had.',
  promise: 1,
  caughtBy: { kind: 'test', file: 'server/cli/backup.test.ts' },
  edits: [
    {
      file: 'server/store/replace.ts',
      from: `    const renewed = await inNewEpochs(folder, newEpoch);
`,
      to: `    const renewed: readonly Renewed[] = [];
    void [inNewEpochs, newEpoch];
`,
    },
  ],
};
