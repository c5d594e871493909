import { OWED, type KnownBad } from '../known-bad.ts';

export const newEpochKeepsAcks: KnownBad = {
  name: 'new-epoch-keeps-acks',
  what: 'In a new epoch a device goes by what the server had acknowledged in the former.',
  promise: 1,
  caughtBy: OWED,
  edits: [
    {
      file: 'sw/engine/take-error.ts',
      from: `    progress: { ...row.progress, acked: settled },
`,
      to: `    progress: row.progress,
`,
    },
  ],
};
