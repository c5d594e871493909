import { withinSeeds, type KnownBad } from '../known-bad.ts';

export const healthyWhileFailing: KnownBad = {
  name: 'healthy-while-failing',
  what: 'The status is idle while the server cannot be reached.',
  promise: 10,
  caughtBy: withinSeeds(10),
  edits: [
    {
      file: 'core/derive-status.ts',
      from: `  if (facts.retry) return facts.retry.failure.kind === 'network' ? 'offline' : 'waiting';
`,
      to: '',
    },
  ],
};
