import { type KnownBad } from '../known-bad.ts';

export const putBackUnnoticed: KnownBad = {
  name: 'put-back-unnoticed',
  what: 'A database that was put back by hand goes on in its epoch.',
  promise: 1,
  caughtBy: { kind: 'test', file: 'server/high-water.test.ts' },
  edits: [
    {
      file: 'server/store/high-water.ts',
      from: `  if (!now || now.n < mark.n) return true;
`,
      to: `  if (!now) return true;
`,
    },
  ],
};
