import { withinSeeds, type KnownBad } from '../known-bad.ts';

export const aheadForgetsThoseBefore: KnownBad = {
  name: 'ahead-forgets-those-before',
  what: 'What goes ahead takes the place of what went ahead before it and is still to be applied.',
  promise: 3,
  caughtBy: withinSeeds(40),
  edits: [
    {
      file: 'sw/engine/go-ahead.ts',
      from: `  await tx.putMeta({ ...meta, unfolding: [...(meta.unfolding ?? []), ...ids] });
`,
      to: `  await tx.putMeta({ ...meta, unfolding: ids });
`,
    },
  ],
};
