import { withinSeeds, type KnownBad } from '../known-bad.ts';

export const sentIsSettled: KnownBad = {
  name: 'sent-is-settled',
  what: 'A row leaves the outbox when it is sent, before any answer.',
  promise: 1,
  caughtBy: withinSeeds(10),
  edits: [
    {
      file: 'sw/engine/next-ops.ts',
      from: `  const row = sealed.findLast(`,
      to: `  await tx.deleteRows(
    sealed.filter((row) => (lastClockOf(row) ?? Infinity) <= last).map(({ row: id }) => id),
  );
  const row = sealed.findLast(`,
    },
  ],
};
