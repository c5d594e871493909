import { withinSeeds, type KnownBad } from '../known-bad.ts';

export const pendingAddsUp: KnownBad = {
  name: 'pending-adds-up',
  what: 'Ops of a space that are not pending any more go on being counted.',
  promise: 10,
  caughtBy: withinSeeds(10),
  edits: [
    {
      file: 'sw/adapters/space-rows.ts',
      from: `gone: isCounted ? 0 : accepted - pending }`,
      to: `gone: isCounted ? 0 : (found?.gone ?? 0) }`,
    },
  ],
};
