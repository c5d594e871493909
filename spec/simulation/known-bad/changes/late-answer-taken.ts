import type { KnownBad } from '../known-bad.ts';

export const lateAnswerTaken: KnownBad = {
  name: 'late-answer-taken',
  what: 'An answer is taken in though the space has moved on since it was asked about.',
  promise: 2,
  // It takes two contexts at it at once: one frozen in mid-drain, and one that took over from it.
  caughtBy: { kind: 'test', file: 'spec/late-answers.test.ts' },
  edits: [
    {
      file: 'sw/engine/absorb.ts',
      from: `      if (!asked || !row || !isOf(asked, row)) continue;
`,
      to: `      void isOf;
      if (!asked || !row) continue;
`,
    },
    {
      file: 'sw/engine/take-answer.ts',
      from: `  if (first !== undefined && first !== row.cursor + 1) return NOTHING;
`,
      to: `  if (first !== undefined) row = { ...row, cursor: (first - 1) as typeof first };
`,
    },
    {
      file: 'sw/engine/take-answer.ts',
      from: `  if (answer.ops.length > 0 && digest !== answer.digest) return trouble(tx, row, 'digest_mismatch');
`,
      to: '',
    },
    {
      file: 'sw/engine/take-answer.ts',
      from: 'verdict, digest });',
      to: 'verdict, digest: digest && answer.digest });',
    },
  ],
};
