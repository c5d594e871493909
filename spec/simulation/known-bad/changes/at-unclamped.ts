import { withinSeeds, type KnownBad } from '../known-bad.ts';

export const atUnclamped: KnownBad = {
  name: 'at-unclamped',
  what: 'The server keeps the time that an author claims, be it years ahead, and `latest` goes by it.',
  promise: 4,
  caughtBy: withinSeeds(10),
  edits: [
    {
      file: 'server/log/settle.ts',
      from: `  const isAhead = received.at > now;
`,
      to: `  const isAhead = now < 0;
`,
    },
  ],
};
