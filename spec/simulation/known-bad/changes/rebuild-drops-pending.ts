import { withinSeeds, type KnownBad } from '../known-bad.ts';

export const rebuildDropsPending: KnownBad = {
  name: 'rebuild-drops-pending',
  what: 'A replica that is built anew shows nothing of what is pending on records that the log does not have.',
  promise: 1,
  caughtBy: withinSeeds(80),
  edits: [
    {
      file: 'sw/engine/adopt.ts',
      from: `  for (const [key, { name }] of due) names.set(key, name);
`,
      to: '',
    },
  ],
};
