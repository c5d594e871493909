import { withinSeeds, type KnownBad } from '../known-bad.ts';

export const grantIgnored: KnownBad = {
  name: 'grant-ignored',
  what: 'The server lets every account into every space that there is.',
  promise: 8,
  caughtBy: withinSeeds(10),
  edits: [
    {
      file: 'server/log/enter.ts',
      from: `    if (access === null) return { code: 'forbidden' };
    return space.isDeleted ? { code: 'space_deleted' } : { space, access, made: false };
`,
      to: `    if (space.isDeleted) return { code: 'space_deleted' };
    return { space, access: access ?? 'write', made: false };
`,
    },
  ],
};
