import { withinSeeds, type KnownBad } from '../known-bad.ts';

export const revokedToken: KnownBad = {
  name: 'revoked-token',
  what: 'The server goes on taking a token that was revoked.',
  promise: 8,
  caughtBy: withinSeeds(10),
  edits: [
    {
      file: 'server/auth/tokens.ts',
      from: `      if (found.revokedAt !== null) return { kind: 'revoked' };
`,
      to: '',
    },
  ],
};
