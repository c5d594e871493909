/**
 * The replica in IndexedDB, by Dexie. Owns every transaction; nobody else writes these tables.
 *
 * One row for each record: the app's own fields as a plain object, so that the app may read its
 * tables with everything Dexie offers, and what the layer knows of the record in the member `$`.
 */
import Dexie, { type DBCore, type Table, type Transaction } from 'dexie';
import {
  databaseNameOf,
  databaseVersionOf,
  ROW_UPGRADES,
  storesOf,
  type AppConfig,
} from '../../core/index.ts';
import {
  StorageError,
  type ReplicaStore,
  type ReplicaTx,
  type SessionStore,
} from '../engine/ports.ts';
import { createCommits } from './commits.ts';
import { createTx } from './dexie-tx.ts';
import {
  AbortedError,
  asStorageError,
  BlockedError,
  isLost,
  LateError,
  LostError,
} from './storage-fault.ts';

/** A transaction that takes longer hangs: browsers have been seen to lose their database process. */
const TRANSACTION_WITHIN_MS = 60_000;

export interface DexieStoreOptions {
  readonly session: SessionStore;
  readonly transactionWithinMs?: number;
  /** IndexedDB other than the global one, for tests. */
  readonly indexedDB?: IDBFactory;
  readonly IDBKeyRange?: typeof IDBKeyRange;
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

  async function database(): Promise<Open & { config: AppConfig }> {
    const { config } = await session.load();
    if (!config) throw new StorageError('failed', { cause: new Error('no app config yet') });
    const text = JSON.stringify(config);
    if (open && open.text !== text) close();
    open ??= openDatabase(config, text, factory);
    return { ...open, config };
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
      const { db, ready, config, opening } = await database();
      let begunAs: Transaction | undefined;
      try {
        const tables = mode === 'rw' ? db.tables : db.tables.filter(isOwn);
        return await inTime(transactionWithinMs, async (begun) => {
          // A write waits for the other to let go; who only looks is told that it waits.
          await (mode === 'rw' ? ready : Promise.race([ready, opening.blocked]));
          return db.transaction(mode, tables, (trans) => {
            begunAs = trans;
            begun(trans);
            const tx = (added?: () => void) => work(createTx(trans, config, added));
            return commit ? commit.once(trans, tx) : tx();
          });
        });
      } catch (thrown) {
        const error = whyOf(thrown, begunAs);
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

/**
 * Of a transaction that the browser aborted its requests know no more than that; why, it says itself
 * (no room, its connection lost).
 */
function whyOf(thrown: unknown, trans: Transaction | undefined): unknown {
  const why = trans?.idbtrans?.error;
  return why ? new AbortedError('aborted', { cause: why }) : thrown;
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
const isOwn = ({ name }: Table): boolean => name.startsWith('_');

interface Open {
  readonly db: Dexie;
  /** The config that it was opened for. */
  readonly text: string;
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

function openDatabase(config: AppConfig, text: string, factory: object): Open {
  const db = new Dexie(databaseNameOf(config), {
    // An accepted write survives a power cut: the promise resolves after the data is on the disk.
    chromeTransactionDurability: 'strict',
    ...factory,
  });
  db.version(databaseVersionOf(config)).stores(storesOf(config)).upgrade(upgradeRows);
  const opening = watchOpening(db);
  const ready = opened(db);
  ready.catch(() => {}); // told to each who waits for it
  return { db, text, ready, opening };
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

/** Of a database of an earlier layout. */
async function upgradeRows(trans: Transaction): Promise<void> {
  for (const [name, change] of Object.entries(ROW_UPGRADES))
    await trans.table(name).toCollection().modify(change);
}

/** A connection that is lost right after it was opened leaves Dexie open and without its inside. */
async function opened(db: Dexie): Promise<void> {
  await db.open();
  if ((db.core as DBCore | undefined) === undefined) throw new LostError();
}

/**
 * Ends what takes too long: aborted, so that it cannot take effect after it was told to have failed;
 * also where it begins only then, in a database that was opened at last.
 */
async function inTime<T>(
  ms: number,
  run: (begun: (trans: Transaction) => void) => PromiseLike<T>,
): Promise<T> {
  let trans: Transaction | undefined;
  let isOver = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(() => {
      isOver = true;
      if (trans?.active) trans.abort();
      fail(new LateError());
    }, ms);
  });
  const begun = (begins: Transaction): void => {
    if (isOver) throw new LateError();
    trans = begins;
  };
  try {
    return await Promise.race([run(begun), late]);
  } finally {
    clearTimeout(timer);
  }
}
