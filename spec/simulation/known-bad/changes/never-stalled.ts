import { withinSeeds, type KnownBad } from '../known-bad.ts';

export const neverStalled: KnownBad = {
  name: 'never-stalled',
  what: 'The status never says that ops do not leave.',
  promise: 10,
  caughtBy: withinSeeds(10),
  edits: [
    {
      file: 'core/status.ts',
      from: `  Math.abs(now - oldestPendingAt) > STALL_MS &&
`,
      to: `  Math.abs(now - oldestPendingAt) > 1e9 * STALL_MS &&
`,
    },
  ],
};
