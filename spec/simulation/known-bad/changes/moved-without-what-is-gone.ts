import { type KnownBad } from '../known-bad.ts';

export const movedWithoutWhatIsGone: KnownBad = {
  name: 'moved-without-what-is-gone',
  what: 'An archive leaves out what ops were whose rows are gone, and may be repeated.',
  promise: 2,
  caughtBy: { kind: 'test', file: 'server/cli/import.test.ts' },
  edits: [
    {
      file: 'server/store/archive-source.ts',
      from: `      for (const row of gone.iterate(id)) yield { ...row, hash: digestText(row.hash) };
`,
      to: `      void gone;
`,
    },
  ],
};
