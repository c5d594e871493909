import type { KnownBad } from '../known-bad.ts';

export const leftRowsDropped: KnownBad = {
  name: 'left-rows-dropped',
  what: 'Of a write whose rest is set aside, what is in the log is not kept for a restored server.',
  promise: 1,
  caughtBy: { kind: 'test', file: 'spec/refusals.test.ts' },
  edits: [
    {
      file: 'sw/engine/leave.ts',
      from: `  await tx.putSettled(inLog.map((row) => ({ ...row, seq: cursor, settledAt })));
`,
      to: `  void [inLog, cursor, settledAt];
`,
    },
  ],
};
