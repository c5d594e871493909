import { withinSeeds, type KnownBad } from '../known-bad.ts';

export const tokenCostsRetry: KnownBad = {
  name: 'token-costs-retry',
  what: 'A token that is refused counts as a failure that passes, and the outbox waits and tries again.',
  promise: 10,
  caughtBy: withinSeeds(20),
  edits: [
    {
      file: 'sw/engine/exchange-notes.ts',
      from: `  if (isOfToken(failure)) {
    await`,
      to: `  if (isOfToken(failure) && retry && retry.attempt > 20) {
    await`,
    },
  ],
};
