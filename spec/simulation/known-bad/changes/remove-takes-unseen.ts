import { withinSeeds, type KnownBad } from '../known-bad.ts';

export const removeTakesUnseen: KnownBad = {
  name: 'remove-takes-unseen',
  what: 'Removing an element from a set takes away what was added to it unseen.',
  promise: 4,
  caughtBy: withinSeeds(40),
  edits: [
    {
      file: 'core/sets.ts',
      from: '!elements.has(canonicalJson(tag.value)) || !hadSeen(write, tag));',
      to: '!elements.has(canonicalJson(tag.value)) || (hadSeen(write, tag) && false));',
    },
  ],
};
