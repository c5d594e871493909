import { withinSeeds, type KnownBad } from '../known-bad.ts';

export const sealedRowTypedOn: KnownBad = {
  name: 'sealed-row-typed-on',
  what: 'What is typed on changes a row that has been sent.',
  promise: 2,
  caughtBy: withinSeeds(20),
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
