import { withinSeeds, type KnownBad } from '../known-bad.ts';

export const idsGivenAgain: KnownBad = {
  name: 'ids-given-again',
  what: 'Of rows that are added together only the first id counts as given.',
  promise: 1,
  caughtBy: withinSeeds(30),
  edits: [
    {
      file: 'sw/adapters/own-row.ts',
      from: `change({ next: next + count })`,
      to: `change({ next: next + 1 })`,
    },
  ],
};
