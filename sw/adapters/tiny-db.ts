/**
 * A tiny database: one store of values, each under a key that is not in it. IndexedDB itself, which
 * for this much needs no library.
 */

export interface TinyDb<Value> {
  get(key: string): Promise<Value | undefined>;
  /**
   * Reads, and in the same transaction writes what `by` makes of it; undefined is taken away, and what
   * is given back as it came is not written again. Resolves with what is there now, committed.
   */
  change(
    key: string,
    by: (before: Value | undefined) => Value | undefined,
  ): Promise<Value | undefined>;
  close(): void;
}

/** What a connection tells of itself. */
export interface Handlers {
  /** Another context wants to change or to delete the database, and waits for this one. */
  readonly blocking: () => void;
  /** The browser has closed it. */
  readonly terminated: () => void;
}

export interface TinyDbOptions {
  readonly name: string;
  readonly store: string;
  /** What is written is on the disk when its change resolves; otherwise the browser has it. */
  readonly strict?: boolean;
}

const VERSION = 1;

/** Rejects with the browser's own error, as everything here does. */
export function openTinyDb<Value>(
  { name, store, strict = false }: TinyDbOptions,
  { blocking, terminated }: Handlers,
): Promise<TinyDb<Value>> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(name, VERSION);
    opening.addEventListener('upgradeneeded', () => void opening.result.createObjectStore(store));
    opening.addEventListener('error', () => reject(faultOf(opening)));
    opening.addEventListener('success', () => {
      const db = opening.result;
      db.addEventListener('versionchange', blocking);
      db.addEventListener('close', terminated);
      resolve(tinyDb(db, store, strict ? 'strict' : 'default'));
    });
  });
}

function tinyDb<Value>(
  db: IDBDatabase,
  store: string,
  durability: IDBTransactionDurability,
): TinyDb<Value> {
  const found = (values: IDBObjectStore, key: string): Promise<Value | undefined> =>
    new Promise((resolve, reject) => {
      const asked = values.get(key);
      asked.addEventListener('success', () => resolve(asked.result as Value | undefined));
      asked.addEventListener('error', () => reject(faultOf(asked)));
    });
  return {
    get: async (key) => found(db.transaction(store).objectStore(store), key),
    async change(key, by) {
      const tx = db.transaction(store, 'readwrite', { durability });
      const committed = endOf(tx);
      committed.catch(() => {}); // told by what fails in it
      const values = tx.objectStore(store);
      const before = await found(values, key);
      const after = by(before);
      if (after === undefined) values.delete(key);
      else if (after !== before) values.put(after, key);
      await committed;
      return after;
    },
    close: () => db.close(),
  };
}

const endOf = (tx: IDBTransaction): Promise<void> =>
  new Promise((resolve, reject) => {
    tx.addEventListener('complete', () => resolve());
    tx.addEventListener('abort', () => reject(faultOf(tx)));
  });

/** A transaction that was ended from without has no error of its own. */
const faultOf = ({ error }: { readonly error: DOMException | null }): DOMException =>
  error ?? new DOMException('The transaction was ended.', 'AbortError');
