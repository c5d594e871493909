/**
 * Who is measured, and what each promises when it says that something is written: never compare two
 * figures without comparing these. A peer whose packages cannot be had says so in the result.
 */

/**
 * @typedef {object} Contestant
 * @property {string} id and the name of its files in peers/
 * @property {string} title
 * @property {'ours' | 'limit' | 'peer'} role
 * @property {readonly string[]} packages whose versions are told with the figures
 * @property {string} write when a write counts as written, and what of it is durable then
 * @property {string} batch what its batch is
 * @property {string} server what its server has done when it answers, and how much travels in a request
 * @property {readonly string[]} workloads that it can take part in
 * @property {boolean} [goesAhead] that a batch is durable before its records are in their table
 * @property {boolean} [fromMemory] that it says `written` before anything is in IndexedDB
 * @property {boolean} [quick] of a peer: that the quick bench has it too, as one of those to beat
 * @property {number} [most] records that it is given at once
 */

const ALL = ['W1', 'W2', 'W3', 'W4', 'W5', 'W7'];

/** @type {readonly Contestant[]} */
export const CONTESTANTS = [
  {
    id: 'offing',
    title: 'Offing',
    role: 'ours',
    packages: [],
    write:
      'after a strict IndexedDB transaction with record and outbox row, by way of the worker; of many new ones at once with the outbox row, the records after',
    batch:
      '`bulk`: an op for each record, hundreds in an outbox row; durable with that, in the table after',
    server: 'committed with `synchronous=FULL`; requests of up to 500 ops or as many bytes as fit',
    workloads: ALL,
    goesAhead: true,
  },
  {
    id: 'limit',
    title: 'raw IndexedDB, bare server',
    role: 'limit',
    packages: ['hono', 'better-sqlite3'],
    write: 'after a strict IndexedDB transaction with record and outbox row, in the page',
    batch: 'one transaction, one outbox row',
    server: 'committed with `synchronous=FULL`; requests of up to 2,500 ops, no checks at all',
    workloads: ALL,
  },
  {
    id: 'rows',
    title: 'the same, of Offing’s rows',
    role: 'limit',
    packages: [],
    write:
      'as the one before, with Offing’s keys, its index by id, and what it keeps of a record in each row',
    batch: 'one transaction, one outbox row',
    server: 'that of the one before',
    workloads: ['W2', 'W3', 'W5'],
  },
  {
    id: 'dexie',
    title: 'Dexie alone',
    role: 'limit',
    packages: ['dexie'],
    write: 'after a strict IndexedDB transaction with record and outbox row, in the page',
    batch: '`bulkAdd` of the records alone, strict',
    server: 'has none',
    workloads: ['W1', 'W2', 'W7'],
  },
  {
    id: 'rxdb',
    title: 'RxDB',
    role: 'peer',
    packages: ['rxdb', 'rxjs'],
    write: 'after an IndexedDB transaction, at the browser’s default (relaxed) durability',
    batch: '`bulkInsert`',
    server:
      'its documentation’s endpoints over SQLite, committed with `synchronous=FULL`; 100 documents a request (its default)',
    workloads: ALL,
    quick: true,
    // Of 50,000 its drain alone takes eight minutes.
    most: 5000,
  },
  {
    id: 'pouchdb',
    title: 'PouchDB',
    role: 'peer',
    packages: ['pouchdb-browser', 'express-pouchdb', 'pouchdb'],
    write: 'after an IndexedDB transaction, at the browser’s default (relaxed) durability',
    batch: '`bulkDocs`',
    server:
      'express-pouchdb on LevelDB, written without fsync; 100 documents a request (its default)',
    workloads: ALL,
  },
  {
    id: 'replicache',
    title: 'Replicache',
    role: 'peer',
    packages: ['replicache'],
    write:
      'from memory; durable after its `persist` to IndexedDB (relaxed), which packs many records in a value',
    fromMemory: true,
    batch: 'one mutation',
    server:
      'its documentation’s push and pull over SQLite, committed with `synchronous=FULL`; all that is pending in one request',
    workloads: ALL,
    quick: true,
  },
  {
    id: 'tinybase',
    title: 'TinyBase',
    role: 'peer',
    packages: ['tinybase', 'ws'],
    write:
      'from memory; durable after a save, which rewrites the whole store in IndexedDB (relaxed)',
    fromMemory: true,
    batch: '`transaction`',
    server: 'its own, from memory; a file is rewritten afterwards',
    workloads: ALL,
  },
  {
    id: 'yjs',
    title: 'Yjs, Hocuspocus',
    role: 'peer',
    packages: ['yjs', 'y-indexeddb', '@hocuspocus/provider', '@hocuspocus/server'],
    write: 'from memory; y-indexeddb appends each update (relaxed) and does not say when',
    fromMemory: true,
    batch: '`transact`',
    server: 'Hocuspocus, from memory; the whole document to SQLite after two seconds',
    workloads: ALL,
    quick: true,
  },
  {
    id: 'jazz',
    title: 'Jazz',
    role: 'peer',
    packages: ['jazz-tools', 'cojson', 'cojson-transport-ws'],
    write: 'from memory, signed and encrypted; durable after its sync to IndexedDB (relaxed)',
    fromMemory: true,
    batch: 'none of its own: a loop over the items',
    server: 'its sync server in memory alone: its SQLite storage is not on npm for this version',
    workloads: ALL,
    most: 5000,
  },
  {
    id: 'workbox',
    title: 'Workbox’s queue',
    role: 'peer',
    packages: ['workbox-background-sync'],
    write: 'after the failed request is in its queue, in IndexedDB (relaxed); it keeps no records',
    batch: '',
    server:
      'the bare server, committed with `synchronous=FULL`; one request an op, one after the other',
    workloads: ['W1', 'W2', 'W3', 'W7'],
    most: 5000,
  },
];

/** Asked for, and not measured. */
export const LEFT_OUT = [
  {
    title: 'Automerge, Evolu, LiveStore, Triplit, InstantDB',
    why: 'no adapter has been written; Evolu and LiveStore lack matching server packages on npm',
  },
];
