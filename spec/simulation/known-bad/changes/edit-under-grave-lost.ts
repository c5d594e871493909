import { withinSeeds, type KnownBad } from '../known-bad.ts';

export const editUnderGraveLost: KnownBad = {
  name: 'edit-under-grave-lost',
  what: 'An edit of a record that was deleted meanwhile is forgotten.',
  promise: 4,
  caughtBy: withinSeeds(10),
  edits: [
    {
      file: 'core/edits.ts',
      from: `  const lost = editDelete(wanted, write, { grave, isKept });
  if (!isKept) return { state: before, found: [lost] };
  const under = applyEdit(before, wanted, write);
  return { state: under.state, found: [...under.found, lost] };
`,
      to: `  void [grave, isKept, editDelete];
  return { state: before, found: [] };
`,
    },
  ],
};
