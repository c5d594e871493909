import { withinSeeds, type KnownBad } from '../known-bad.ts';

export const neverStalled: KnownBad = {
  name: 'never-stalled',
  what: 'The status never says that ops do not leave.',
  promise: 10,
  caughtBy: withinSeeds(50),
  edits: [
    {
      file: 'core/status.ts',
      from: `      account !== null && oldest !== null && isLong(facts.now - oldest) && phase !== 'paused',
`,
      to: `      account !== null && oldest !== null && isLong(facts.now - oldest) && phase === 'starting',
`,
    },
  ],
};
