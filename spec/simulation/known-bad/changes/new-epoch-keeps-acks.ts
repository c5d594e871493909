import type { KnownBad } from '../known-bad.ts';

export const newEpochKeepsAcks: KnownBad = {
  name: 'new-epoch-keeps-acks',
  what: 'In a new epoch a device goes by what the server had acknowledged in the former.',
  promise: 1,
  // A restore has to fall between the acknowledgement and the fold, and nothing be written after.
  caughtBy: { kind: 'test', file: 'spec/late-answers.test.ts' },
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
