import { withinSeeds, type KnownBad } from '../known-bad.ts';

export const relaxedDurability: KnownBad = {
  name: 'relaxed-durability',
  what: 'A write is accepted before it is on the disk of the device.',
  promise: 1,
  caughtBy: withinSeeds(10),
  edits: [
    {
      file: 'sw/adapters/dexie-store.ts',
      from: `{ durability: 'strict' }`,
      to: `{ durability: 'relaxed' }`,
    },
  ],
};
