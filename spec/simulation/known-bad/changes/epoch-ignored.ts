import { withinSeeds, type KnownBad } from '../known-bad.ts';

export const epochIgnored: KnownBad = {
  name: 'epoch-ignored',
  what: 'The server does not compare the epoch that a device names with its own.',
  promise: 3,
  caughtBy: withinSeeds(10),
  edits: [
    {
      file: 'server/log/fences.ts',
      from: `  if (request.epoch !== undefined && request.epoch !== epoch) {
    return { code: 'epoch_changed', epoch, from, head };
  }
`,
      to: `  void [epoch, from];
`,
    },
  ],
};
