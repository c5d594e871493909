import { withinSeeds, type KnownBad } from '../known-bad.ts';

export const baseAtSending: KnownBad = {
  name: 'base-at-sending',
  what: 'An op says that its author had seen what the device has folded by the time it is sent.',
  promise: 4,
  caughtBy: withinSeeds(10),
  edits: [
    {
      file: 'sw/engine/next-ops.ts',
      from: 'seal(row, last, space.epoch);',
      to: 'seal({ ...row, base: space.cursor }, last, space.epoch);',
    },
  ],
};
