import { type KnownBad } from '../known-bad.ts';

export const laterLayoutOpened: KnownBad = {
  name: 'later-layout-opened',
  what: 'A database that later software has left on a device is taken for one of its own.',
  promise: 1,
  caughtBy: { kind: 'test', file: 'spec/old-databases.test.ts' },
  edits: [
    {
      file: 'sw/adapters/dexie-store.ts',
      from: '  found.version >= (LAYOUT_VERSION + 1) * APP_VERSIONS * DEXIE_FACTOR;',
      to: '  found.version > (LAYOUT_VERSION + 99) * APP_VERSIONS * DEXIE_FACTOR;',
    },
  ],
};
