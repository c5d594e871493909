import type { KnownBad } from '../known-bad.ts';

export const claimForgetsNamedHome: KnownBad = {
  name: 'claim-forgets-named-home',
  what: 'What a page had written into the account’s home by its name, before joining, is never sent.',
  promise: 1,
  caughtBy: { kind: 'test', file: 'spec/two-devices.test.ts' },
  edits: [
    {
      file: 'sw/engine/claim.ts',
      from: `  await join(context, row, known);
`,
      to: `  void [join, context];
`,
    },
  ],
};
