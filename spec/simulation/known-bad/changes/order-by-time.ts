import { withinSeeds, type KnownBad } from '../known-bad.ts';

export const orderByTime: KnownBad = {
  name: 'order-by-time',
  what: 'Of two edits that had not seen each other the one of the later wall time wins, whatever the log says.',
  promise: 2,
  caughtBy: withinSeeds(20),
  edits: [
    {
      file: 'core/registers.ts',
      from: `      const mineWins = !byTime || write.at >= old.at;
`,
      to: `      const mineWins = write.at >= old.at;
`,
    },
  ],
};
