import { withinSeeds, type KnownBad } from '../known-bad.ts';

export const rebaseDropsPending: KnownBad = {
  name: 'rebase-drops-pending',
  what: 'Folding an edit of a record takes away what is pending on it.',
  promise: 1,
  caughtBy: withinSeeds(20),
  edits: [
    {
      file: 'sw/engine/rebase-touched.ts',
      from: `    draft.putRecord(space.space, rebasedOn(record, confirmed, pending, { rows, conflictOf }));
`,
      to: `    void pending;
    draft.putRecord(space.space, rebasedOn(record, confirmed, [], { rows, conflictOf }));
`,
    },
  ],
};
