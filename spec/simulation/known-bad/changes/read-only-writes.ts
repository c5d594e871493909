import { withinSeeds, type KnownBad } from '../known-bad.ts';

export const readOnlyWrites: KnownBad = {
  name: 'read-only-writes',
  what: 'The server takes ops from who may only read.',
  promise: 8,
  caughtBy: withinSeeds(20),
  edits: [
    {
      file: 'server/log/settle.ts',
      from: `  if (!mayWrite) return { clock, code: 'forbidden' };
`,
      to: `  void mayWrite;
`,
    },
  ],
};
