import { withinSeeds, type KnownBad } from '../known-bad.ts';

export const aheadNotKept: KnownBad = {
  name: 'ahead-not-kept',
  what: 'That records are still to follow is known to the process alone, and gone with it.',
  promise: 3,
  caughtBy: withinSeeds(10),
  edits: [
    {
      file: 'sw/engine/go-ahead.ts',
      from: `  await tx.putMeta({ ...meta, unfolding: [...(meta.unfolding ?? []), ...ids] });
`,
      to: ``,
    },
  ],
};
