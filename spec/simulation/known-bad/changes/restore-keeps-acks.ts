import type { KnownBad } from '../known-bad.ts';

export const restoreKeepsAcks: KnownBad = {
  name: 'restore-keeps-acks',
  what: 'A device goes by what the server had acknowledged before it was restored.',
  promise: 1,
  // A restore has to fall between the acknowledgement and the fold, and nothing be written after.
  caughtBy: { kind: 'test', file: 'spec/late-answers.test.ts' },
  edits: [
    {
      file: 'core/outbox.ts',
      from: `  acked: asClock(Math.min(before.acked, Math.max(acked, before.folded))),
`,
      to: `  acked: asClock(Math.max(before.acked, Math.min(acked, before.folded))),
`,
    },
  ],
};
