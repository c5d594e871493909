import { withinSeeds, type KnownBad } from '../known-bad.ts';

export const clockAtEachSending: KnownBad = {
  name: 'clock-at-each-sending',
  what: 'An op gets a new clock each time it is sent.',
  promise: 2,
  caughtBy: withinSeeds(10),
  edits: [
    {
      file: 'sw/engine/next-ops.ts',
      from: `    const ready = row.seal ? row : seal(row, last, space.epoch);
`,
      to: `    const ready = seal(row, last, space.epoch);
`,
    },
  ],
};
