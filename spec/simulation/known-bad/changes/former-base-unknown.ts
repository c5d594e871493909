import type { KnownBad } from '../known-bad.ts';

export const formerBaseUnknown: KnownBad = {
  name: 'former-base-unknown',
  what: 'A device takes its own op for a copy’s, which it had sent with another base before a history that the server left.',
  promise: 2,
  caughtBy: { kind: 'test', file: 'spec/restores.test.ts' },
  edits: [
    {
      file: 'sw/engine/own-ops.ts',
      from: ` || (of.bases ?? []).includes(base)`,
      to: '',
    },
  ],
};
