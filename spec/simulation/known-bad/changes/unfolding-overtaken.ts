import { withinSeeds, type KnownBad } from '../known-bad.ts';

export const unfoldingOvertaken: KnownBad = {
  name: 'unfolding-overtaken',
  what: 'Other transactions do not wait for the records of what was accepted ahead of them.',
  promise: 3,
  caughtBy: withinSeeds(20),
  edits: [
    {
      file: 'sw/engine/unfold.ts',
      from: `  if ((standing.value?.unfolding?.length ?? 0) > most) throw new StillUnfolding();
`,
      to: ``,
    },
  ],
};
