/**
 * The replica in IndexedDB, by Dexie. Owns every transaction; nobody else writes these tables.
 *
 * One row for each record: the app's own fields as a plain object, so that the app may read its
 * tables with everything Dexie offers, and what the layer knows of the record in the member `$`.
 */
import Dexie, { type Table, type Transaction } from 'dexie';
import { databaseNameOf, databaseVersionOf, storesOf, type AppConfig } from '../../core/index.ts';
import { StorageError, type ReplicaStore, type SessionStore } from '../engine/ports.ts';
import { createTx } from './dexie-tx.ts';

export interface DexieStoreOptions {
  readonly session: SessionStore;
  /** IndexedDB other than the global one, for tests. */
  readonly indexedDB?: IDBFactory;
  readonly IDBKeyRange?: typeof IDBKeyRange;
}

/** Opens the database of the app's config at its first use, and again after it was closed. */
export function createDexieStore({
  session,
  ...factory
}: DexieStoreOptions): ReplicaStore & { close(): void } {
  let open: { readonly db: Dexie; readonly config: string } | undefined;

  const close = () => {
    open?.db.close();
    open = undefined;
  };

  async function database(): Promise<{ db: Dexie; config: AppConfig }> {
    const { config } = await session.load();
    if (!config)
      throw new StorageError('storage_failed', { cause: new Error('no app config yet') });
    const text = JSON.stringify(config);
    if (open && open.config !== text) close();
    open ??= { db: openDatabase(config, factory), config: text };
    return { db: open.db, config };
  }

  /** A database that was closed under us (the browser, another version) is opened anew, once. */
  async function run<T>(
    mode: 'rw' | 'r',
    work: (trans: Transaction, config: AppConfig) => Promise<T>,
  ): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      const { db, config } = await database();
      try {
        const tables = mode === 'rw' ? db.tables : db.tables.filter(isOwn);
        return await db.transaction(mode, tables, (trans) => work(trans, config));
      } catch (error) {
        if (attempt > 0 || !isClosed(error)) throw translate(error);
        close();
      }
    }
  }

  return {
    write: (work) => run('rw', (trans, config) => work(createTx(trans, config))),
    read: (work) => run('r', (trans, config) => work(createTx(trans, config))),
    close,
  };
}

/** An app's collection cannot begin with an underscore. */
const isOwn = ({ name }: Table): boolean => name.startsWith('_');

function openDatabase(config: AppConfig, factory: Omit<DexieStoreOptions, 'session'>): Dexie {
  const db = new Dexie(databaseNameOf(config), {
    // An accepted write survives a power cut: the promise resolves after the data is on the disk.
    chromeTransactionDurability: 'strict',
    ...factory,
  });
  db.version(databaseVersionOf(config)).stores(storesOf(config));
  return db;
}

const isClosed = (error: unknown): boolean =>
  error instanceof Dexie.DexieError &&
  (error.name === 'DatabaseClosedError' || error.name === 'InvalidStateError');

/** Dexie's errors as the engine's; a fault of our own code inside a transaction stays what it is. */
function translate(error: unknown): unknown {
  if (!(error instanceof Dexie.DexieError)) return error;
  const inner: unknown = error.inner ?? error;
  const names = [error.name, inner instanceof Error ? inner.name : ''];
  return new StorageError(
    names.includes('QuotaExceededError') ? 'storage_full' : 'storage_failed',
    { cause: error },
  );
}
