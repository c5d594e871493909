import { withinSeeds, type KnownBad } from '../known-bad.ts';

export const counterAsRegister: KnownBad = {
  name: 'counter-as-register',
  what: 'Of concurrent increments of a counter the last one stands.',
  promise: 4,
  caughtBy: withinSeeds(20),
  edits: [
    {
      file: 'core/counters.ts',
      from: '  const after = place < 0 ? [...parts, mine] :',
      to: '  const after = place < 0 ? [mine] :',
    },
  ],
};
