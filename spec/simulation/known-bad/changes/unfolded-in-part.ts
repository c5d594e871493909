import { withinSeeds, type KnownBad } from '../known-bad.ts';

export const unfoldedInPart: KnownBad = {
  name: 'unfolded-in-part',
  what: 'What was accepted ahead of its records counts as there after the first part of them.',
  promise: 3,
  caughtBy: withinSeeds(10),
  edits: [
    {
      file: 'sw/engine/unfold.ts',
      from: `  await tx.putMeta({ ...others, ...(left.length > 0 && { unfolding: left }) });
  return { left: left.length, next };
`,
      to: `  await tx.putMeta(others);
  return { left: 0 };
`,
    },
  ],
};
