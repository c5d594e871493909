import type { KnownBad } from '../known-bad.ts';

export const sealedRowTypedOn: KnownBad = {
  name: 'sealed-row-typed-on',
  what: 'What is typed on changes a row that has been sent.',
  promise: 2,
  caughtBy: { kind: 'test', file: 'core/typing.test.ts' },
  edits: [
    {
      file: 'core/typing.ts',
      from: `  if (!last?.typing || last.seal || last.before || last.gone || !next.typing) return undefined;
`,
      to: `  if (!last || last.before || last.gone || !next.typing) return undefined;
`,
    },
  ],
};
