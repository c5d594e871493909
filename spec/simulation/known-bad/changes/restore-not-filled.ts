import { withinSeeds, type KnownBad } from '../known-bad.ts';

export const restoreNotFilled: KnownBad = {
  name: 'restore-not-filled',
  what: 'After a restore of the server a device does not send again what was settled before.',
  promise: 1,
  caughtBy: withinSeeds(50),
  edits: [
    {
      file: 'sw/engine/adopt.ts',
      from: `  const back = isOther ? await bringBack(tx, row, covered) : [];
`,
      to: `  void bringBack;
  const back: OutboxRow[] = [];
`,
    },
  ],
};
