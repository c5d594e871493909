import { withinSeeds, type KnownBad } from '../known-bad.ts';

export const deleteLosesEdits: KnownBad = {
  name: 'delete-loses-edits',
  what: 'A deletion takes away edits that its author had not seen, and nobody is told.',
  promise: 4,
  caughtBy: withinSeeds(10),
  edits: [
    {
      file: 'core/graves.ts',
      from: 'found: conflict ? [conflict] : [] };',
      to: 'found: conflict ? [] : [] };',
    },
  ],
};
