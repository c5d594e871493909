/**
 * The rooms of the house and what each may know. The architecture test holds the sources against
 * this table; to let a room know more, change it here, where a reviewer sees it.
 */

export type RoomName =
  | 'core'
  | 'sw/engine'
  | 'sw/adapters'
  | 'sw/host'
  | 'web/lib'
  | 'web/app'
  | 'conformance'
  | 'server'
  | 'spec'
  | 'bench';

export interface Room {
  /** What others may import of it: file paths inside the room, or any file. */
  readonly door: readonly string[] | 'any file';
  readonly knows: readonly RoomName[];
  readonly packages: readonly string[];
  /** Whether it may import Node's own modules. */
  readonly node: boolean;
  /** Single files of the room that may know more than the rest of it. */
  readonly exceptions?: readonly { readonly file: RegExp; readonly knows: readonly RoomName[] }[];
}

/** What the bench is beside: packages of bench/package.json, which the project itself never installs. */
const PEERS: readonly string[] = [
  '@hocuspocus/provider',
  '@hocuspocus/server',
  'cojson',
  'cojson-transport-ws',
  'express',
  'express-pouchdb',
  'jazz-tools',
  'pouchdb',
  'pouchdb-browser',
  'replicache',
  'rxdb',
  'rxjs',
  'tinybase',
  'ws',
  'y-indexeddb',
  'yjs',
];

export const ROOMS: Readonly<Record<RoomName, Room>> = {
  core: { door: ['index.ts'], knows: [], packages: ['valibot'], node: false },
  'sw/engine': { door: 'any file', knows: ['core'], packages: [], node: false },
  'sw/adapters': {
    door: 'any file',
    knows: ['core', 'sw/engine'],
    packages: ['dexie'],
    node: false,
  },
  'sw/host': {
    door: ['worker.ts', 'app-shell.ts'],
    knows: ['core', 'sw/engine', 'sw/adapters'],
    packages: ['workbox-precaching'],
    node: false,
  },
  'web/lib': {
    // With the page that tests beyond it open on an engine of theirs; nothing of it is shipped.
    door: ['index.ts', 'test-page.ts'],
    knows: ['core'],
    packages: ['dexie', 'fractional-indexing'],
    node: false,
    // Where there is no service worker the page itself is the host of the engine.
    exceptions: [{ file: /^page-host/, knows: ['sw/engine', 'sw/adapters'] }],
  },
  'web/app': {
    door: [],
    knows: ['web/lib'],
    packages: ['preact', 'sortablejs', 'fractional-indexing', 'uqr'],
    node: false,
    // The app's service worker is the library's worker with the app's schema.
    exceptions: [{ file: /^worker\.ts$/, knows: ['sw/host'] }],
  },
  // Asks a server over HTTP as anyone could: it must not know ours.
  conformance: { door: ['index.ts'], knows: ['core'], packages: [], node: true },
  server: {
    // What the server's tests make certificates and processes with; nothing of it is shipped.
    door: ['index.ts', 'testing/certificate.ts', 'testing/process.ts', 'testing/scratch.ts'],
    knows: ['core'],
    packages: ['hono', '@hono/node-server', 'better-sqlite3', 'prom-client', 'uqr', 'valibot'],
    node: true,
    // The command that holds any server against the protocol; the server itself knows no check.
    exceptions: [{ file: /^cli\/conformance\.ts$/, knows: ['conformance'] }],
  },
  spec: {
    door: 'any file',
    knows: ['core', 'sw/engine', 'sw/adapters', 'sw/host', 'web/lib', 'conformance', 'server'],
    packages: ['dexie', 'hono', '@hono/node-server', 'better-sqlite3', 'valibot'],
    node: true,
  },
  bench: {
    door: [],
    knows: ['core', 'sw/engine', 'sw/adapters', 'sw/host', 'web/lib', 'server', 'spec'],
    packages: [
      'dexie',
      'hono',
      '@hono/node-server',
      'better-sqlite3',
      'valibot',
      'fractional-indexing',
      'workbox-background-sync',
      ...PEERS,
    ],
    node: true,
  },
};

export const ROOM_NAMES = Object.keys(ROOMS) as RoomName[];

/** Packages of the workshop: for tests and benchmarks in any room, never for what is shipped. */
export const WORKSHOP_PACKAGES: readonly string[] = [
  '@playwright/test',
  'fake-indexeddb',
  'fast-check',
  'playwright',
  'vite',
  'vitest',
];

export const LONGEST_FILE = 400;

/** Files allowed to be longer, each with the reason: tables that have no seam to split at. */
export const LONG_FILES: Readonly<Record<string, string>> = {};

/** Names that say nothing: what lies in such a file belongs with what it is about. */
export const EMPTY_NAMES: readonly string[] = [
  'utils',
  'util',
  'helpers',
  'helper',
  'common',
  'manager',
  'misc',
  'service',
];
