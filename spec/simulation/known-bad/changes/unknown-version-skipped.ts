import { type KnownBad } from '../known-bad.ts';

export const unknownVersionSkipped: KnownBad = {
  name: 'unknown-version-skipped',
  what: 'An op of a grammar that is too new is passed over, and the fold goes on.',
  promise: 3,
  caughtBy: { kind: 'test', file: 'core/fold.test.ts' },
  edits: [
    {
      file: 'core/fold.ts',
      from: `        const stopped = { seq: op.seq, version: op.v };
        return { records, conflicts, dropped, malformed, count, stopped };
`,
      to: `        void count;
        break;
`,
    },
  ],
};
