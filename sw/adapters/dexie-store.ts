/**
 * The replica in IndexedDB. Owns every transaction; nobody else writes these tables. Dexie opens the
 * database, sees to its versions and tells the pages' live queries; the transactions are the browser's
 * own on Dexie's connection (idb-tables.ts says why).
 *
 * One row for each record: the app's own fields as a plain object, so that the app may read its
 * tables with everything Dexie offers, and what the layer knows of the record in the member `$`.
 */
import Dexie, { type DBCore } from 'dexie';
import {
  APP_VERSIONS,
  databaseNameOf,
  databaseVersionOf,
  LAYOUT_VERSION,
  storesOf,
  type AppConfig,
} from '../../core/index.ts';
import {
  StorageError,
  type ReplicaStore,
  type ReplicaTx,
  type SessionStore,
} from '../engine/ports.ts';
import { createChanges, schemasOf, type TableSchema } from './changes.ts';
import { createCommits, type Commit } from './commits.ts';
import { abort, abortOf, committed, looked } from './idb-transaction.ts';
import { createTables, type KeyRanges } from './idb-tables.ts';
import { createOwn, type OwnRow } from './own-row.ts';
import { createTx } from './replica-tx.ts';
import { asStorageError, BlockedError, isLost, LateError, LostError } from './storage-fault.ts';
import { upgradeRows } from './upgrade-rows.ts';

/** A transaction that takes longer hangs: browsers have been seen to lose their database process. */
const TRANSACTION_WITHIN_MS = 60_000;

/** IndexedDB other than the global one, for tests. */
interface Factory {
  readonly indexedDB?: IDBFactory;
  readonly IDBKeyRange?: KeyRanges;
}

export interface DexieStoreOptions extends Factory {
  readonly session: SessionStore;
  readonly transactionWithinMs?: number;
}

/** Opens the database of the app's config at its first use, and again after it was closed. */
export function createDexieStore({
  session,
  transactionWithinMs = TRANSACTION_WITHIN_MS,
  ...factory
}: DexieStoreOptions): ReplicaStore & { close(): void } {
  // Who comes while it is being opened waits with the others, and begins in the order of coming.
  let open: Open | undefined;

  const close = () => {
    open?.db.close();
    open = undefined;
  };

  async function database(): Promise<Open> {
    const { config } = await session.load();
    if (!config) throw new StorageError('failed', { cause: new Error('no app config yet') });
    if (open && (!isFor(open, config) || isGone(open))) close();
    return (open ??= openDatabase(config, factory));
  }

  const commits = createCommits();

  /**
   * A connection that was lost (closed by the browser or for another version, its process gone) is
   * opened anew, once. The transaction had no effect then, and runs again; or it did, and only the word
   * of it was lost: then what it came to is known, and it must not be done twice.
   */
  async function run<T>(mode: 'rw' | 'r', work: (tx: ReplicaTx) => Promise<T>): Promise<T> {
    const commit = mode === 'rw' ? commits.next<T>() : undefined;
    for (let attempt = 0; ; attempt++) {
      const opened = await database();
      const { ready, opening } = opened;
      let begunAs: IDBTransaction | undefined;
      try {
        return await inTime(transactionWithinMs, async (begun) => {
          // A write waits for the other to let go; who only looks is told that it waits.
          await (mode === 'rw' ? ready : Promise.race([ready, opening.blocked]));
          begunAs = begin(opened, mode);
          begun(begunAs);
          return commit ? write(opened, begunAs, work, commit) : read(opened, begunAs, work);
        });
      } catch (thrown) {
        // Of a transaction that the browser aborted its requests know no more than that; why (no
        // room, its connection lost), it says itself.
        const error = begunAs?.error ? abortOf(begunAs) : thrown;
        const isLate = error instanceof LateError;
        // One that is blocked goes on waiting: another would only wait behind it.
        if (opening.isBlocked) throw asStorageError(isLate ? new BlockedError() : error);
        // Also one that could not be opened: the next is to try anew.
        if (isLate || isLost(error) || !opening.isOver) close();
        if (attempt > 0 || !isLost(error)) throw asStorageError(error);
      }
    }
  }

  return {
    write: (work) => run('rw', work),
    read: (work) => run('r', work),
    async remove() {
      close();
      const { config } = await session.load();
      if (config) await remove(databaseNameOf(config), factory, transactionWithinMs);
    },
    close,
  };
}

/** Throws where the connection is lost. */
function begin({ db, ownTables, allTables }: Open, mode: 'rw' | 'r'): IDBTransaction {
  const connection = db.backendDB() as IDBDatabase | null;
  if (!connection) throw new LostError();
  // An accepted write survives a power cut: it is told to be there once it is on the disk.
  if (mode === 'rw')
    return connection.transaction(allTables, 'readwrite', { durability: 'strict' });
  return connection.transaction(ownTables, 'readonly');
}

async function write<T>(
  opened: Open,
  trans: IDBTransaction,
  work: (tx: ReplicaTx) => Promise<T>,
  commit: Commit<T>,
): Promise<T> {
  const { db, config, schemaOf, ranges } = opened;
  const changes = createChanges(db.name, schemaOf);
  const tables = createTables({ trans, schemaOf, ranges, changes });
  const own = createOwn(tables<OwnRow, string>('_meta'));
  async function doOnce(): Promise<T> {
    const done = await commit.once(own, () => work(createTx({ tables, ranges, config, own })));
    own.save();
    return done;
  }
  const result = await committed(trans, doOnce, changes.gather);
  // What a listener throws is none of this transaction's.
  queueMicrotask(changes.tell);
  return result;
}

function read<T>(
  { db, config, schemaOf, ranges }: Open,
  trans: IDBTransaction,
  work: (tx: ReplicaTx) => Promise<T>,
): Promise<T> {
  const changes = createChanges(db.name, schemaOf);
  const tables = createTables({ trans, schemaOf, ranges, changes });
  const own = createOwn(tables<OwnRow, string>('_meta'));
  return looked(trans, () => work(createTx({ tables, ranges, config, own })));
}

/** Its other connections are asked to close; one that does not, blocks it. */
async function remove(name: string, factory: object, withinMs: number): Promise<void> {
  let isBlocked = false;
  const db = new Dexie(name, factory);
  db.on('blocked', () => void (isBlocked = true));
  try {
    await inTime(withinMs, () => db.delete());
  } catch (error) {
    throw asStorageError(isBlocked ? new BlockedError() : error);
  }
}

/** An app's collection cannot begin with an underscore. */
const isOwn = (table: string): boolean => table.startsWith('_');

interface Open {
  readonly db: Dexie;
  /** What it was opened for. */
  readonly config: AppConfig;
  readonly allTables: readonly string[];
  readonly ownTables: readonly string[];
  readonly schemaOf: (table: string) => TableSchema;
  readonly ranges: KeyRanges;
  /** Who comes while it is being opened waits with the others, and begins in the order of coming. */
  readonly ready: Promise<void>;
  readonly opening: Opening;
}

/** A connection of an older version that is not closed (its page is frozen) blocks the opening. */
interface Opening {
  readonly isOver: boolean;
  readonly isBlocked: boolean;
  /** Rejects as soon as that is so. */
  readonly blocked: Promise<never>;
}

/** A session that is read anew has another object of the same config. */
const isFor = (open: Open, config: AppConfig): boolean =>
  open.config === config || JSON.stringify(open.config) === JSON.stringify(config);

/** Dexie has closed it for another version, or the browser has. */
const isGone = ({ db, opening }: Open): boolean => opening.isOver && !db.isOpen();

function openDatabase(config: AppConfig, factory: Factory): Open {
  const db = new Dexie(databaseNameOf(config), withoutNewer(factory));
  db.version(databaseVersionOf(config)).stores(storesOf(config)).upgrade(upgradeRows);
  const opening = watchOpening(db);
  const ready = opened(db);
  ready.catch(() => {}); // told to each who waits for it
  const allTables = db.tables.map(({ name }) => name);
  return {
    db,
    config,
    allTables,
    ownTables: allTables.filter(isOwn),
    schemaOf: schemasOf(db),
    ranges: factory.IDBKeyRange ?? IDBKeyRange,
    ready,
    opening,
  };
}

function watchOpening(db: Dexie): Opening {
  let isBlocked = false;
  let isOver = false;
  const blocked = new Promise<never>((_, reject) => {
    db.on('blocked', () => {
      isBlocked = true;
      reject(new BlockedError());
    });
  });
  blocked.catch(() => {}); // told to each who waits for it
  const over = (): void => {
    isBlocked = false;
    isOver = true;
  };
  db.on('ready', over, true);
  return {
    get isOver() {
      return isOver;
    },
    get isBlocked() {
      return isBlocked;
    },
    blocked,
  };
}

/** The browser's version number is Dexie's, times this. */
const DEXIE_FACTOR = 10;

/** Whether it is of a layout to come. That only its app is newer is no harm. */
const isNewer = (found: IDBDatabase): boolean =>
  found.version >= (LAYOUT_VERSION + 1) * APP_VERSIONS * DEXIE_FACTOR;

/**
 * Dexie opens a database of a higher version all the same, and adds what it misses there. To one that
 * is closed by then it can do nothing.
 */
function withoutNewer({ indexedDB: idb = indexedDB, ...factory }: Factory): object {
  return {
    ...factory,
    indexedDB: {
      open(name: string, version?: number) {
        const opening = idb.open(name, version);
        opening.addEventListener('success', () => {
          const { result } = opening;
          if (isNewer(result)) result.close();
        });
        return opening;
      },
      // Where there is none Dexie keeps a list of its own.
      databases: () => idb.databases(),
    },
  };
}

/** A connection that is lost right after it was opened leaves Dexie open and without its inside. */
async function opened(db: Dexie): Promise<void> {
  await db.open();
  const found = db.backendDB() as IDBDatabase | null;
  if (found && isNewer(found)) {
    // The next to ask looks again.
    db.close();
    throw new StorageError('newer');
  }
  if ((db.core as DBCore | undefined) === undefined) throw new LostError();
}

/**
 * Ends what takes too long: aborted, so that it cannot take effect after it was told to have failed;
 * also where it begins only then, in a database that was opened at last.
 */
async function inTime<T>(
  ms: number,
  run: (begun: (trans: IDBTransaction) => void) => PromiseLike<T>,
): Promise<T> {
  let trans: IDBTransaction | undefined;
  let isOver = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(() => {
      isOver = true;
      if (trans) abort(trans);
      fail(new LateError());
    }, ms);
  });
  const begun = (begins: IDBTransaction): void => {
    if (isOver) throw new LateError();
    trans = begins;
  };
  try {
    return await Promise.race([run(begun), late]);
  } finally {
    clearTimeout(timer);
  }
}
