/**
 * A device's disk: an IndexedDB in memory whose transactions can fail, be cut off, or be lost with
 * the power, and whose content can be copied and looked at without a transaction. Knows the inside of
 * fake-indexeddb, and is the one file that does.
 */
import { IDBFactory } from 'fake-indexeddb';
import type { SpaceRow } from '../../sw/engine/ports.ts';
import { spaceRowsOf } from '../support/space-rows.ts';

/** What becomes of the next writing transactions. */
export type DiskState = 'good' | 'full' | 'faulty' | 'hung';

interface RawStore {
  readonly name: string;
  readonly keyPath: unknown;
  readonly autoIncrement: boolean;
  readonly keyGenerator: { num: number } | null;
  readonly records: RawRecords;
  readonly rawIndexes: Map<string, RawIndex>;
}
interface RawRecords {
  values(): Iterable<{ readonly key: unknown; readonly value: unknown }>;
  put(record: { readonly key: unknown; readonly value: unknown }): void;
}
interface RawIndex {
  readonly name: string;
  readonly keyPath: unknown;
  readonly multiEntry: boolean;
  readonly unique: boolean;
  readonly records: RawRecords;
  initialized: boolean;
}
interface RawDatabase {
  readonly name: string;
  readonly version: number;
  readonly rawObjectStores: Map<string, RawStore>;
  transactions: RawTransaction[];
}
interface RawTransaction {
  readonly mode: IDBTransactionMode;
  readonly durability: IDBTransactionDurability;
  readonly db: unknown;
  readonly error: unknown;
  readonly _state: 'active' | 'inactive' | 'committing' | 'finished';
  readonly _rollbackLog: (() => void)[];
  readonly _requests: { readonly request: { readonly readyState: string } }[];
  _start(): void;
  _abort(name: string | null): void;
}
type RawConnection = IDBDatabase & { readonly _rawDatabase: RawDatabase };
type RawFactory = IDBFactory & { readonly _databases: Map<string, RawDatabase> };

/** A database as it was at one moment. */
export interface DiskCopy {
  readonly database: RawDatabase | undefined;
}

/** A context's way to the disk: what it began dies with it. */
export interface Access {
  readonly indexedDB: IDBFactory;
  /** Ends the context's transactions without an effect, and its connections. */
  cut(): void;
}

export class Disk {
  state: DiskState = 'good';
  /** Whether the database cannot be opened. */
  isShut = false;
  /** How many transactions it has refused. */
  failures = 0;
  /** Called in the instant in which something was committed. */
  onCommit: () => void = () => {};
  /** Called when a transaction failed for the disk's state. */
  readonly #failed: () => void;
  readonly #name: string;
  readonly #factory = new IDBFactory() as RawFactory;
  /** How to undo what is committed and not yet certain to outlive the power: the newest last. */
  #volatile: (() => void)[][] = [];

  constructor(name: string, failed: () => void) {
    this.#name = name;
    this.#failed = failed;
  }

  /** The disk as one context of the device sees it. */
  access(): Access {
    const connections: RawConnection[] = [];
    let isCut = false;
    const open = (name: string, version?: number): IDBOpenDBRequest => {
      if (this.isShut) {
        this.failures += 1;
        return refusedOpen();
      }
      const request = this.#factory.open(name, version);
      const watch = () => {
        const db = request.result as RawConnection;
        if (connections.includes(db)) return;
        connections.push(db);
        this.#watch(db);
        // Opened for a context that is gone by now.
        if (isCut) db.close();
      };
      request.addEventListener('upgradeneeded', watch);
      request.addEventListener('success', watch);
      return request;
    };
    const indexedDB = new Proxy(this.#factory, {
      get: (target, member) => {
        if (member === 'open') return isCut ? () => new EventTarget() : open;
        const value: unknown = Reflect.get(target, member, target);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
    const cut = () => {
      isCut = true;
      for (const db of connections) {
        for (const trans of runningIn(db._rawDatabase))
          if (trans.db === db) trans._abort('AbortError');
        db.close();
      }
    };
    return { indexedDB, cut };
  }

  /** Whether nobody is writing at the moment, so that what is to be seen is committed. */
  get isAtRest(): boolean {
    const database = this.#factory._databases.get(this.#name);
    return !database || runningIn(database).every(({ mode }) => mode === 'readonly');
  }

  /** The power fails: what was not asked for with strict durability is as if it had never been. */
  losePower(): void {
    for (const undo of this.#volatile.toReversed()) for (const step of undo.toReversed()) step();
    this.#volatile = [];
  }

  /** All rows of a table, read past every transaction. They are the disk's own: not to be changed. */
  rows<Row>(table: string): Row[] {
    const store = this.#factory._databases.get(this.#name)?.rawObjectStores.get(table);
    return store ? Array.from(store.records.values(), ({ value }) => value as Row) : [];
  }

  /** What is known of each space. */
  spaces(): SpaceRow[] {
    return spaceRowsOf(this.rows('_spaces'), this.rows('_meta'));
  }

  copy(): DiskCopy {
    const database = this.#factory._databases.get(this.#name);
    return { database: database && cloned(database) };
  }

  /** Puts a copy in the place of what is here; no context may be using it. */
  install({ database }: DiskCopy): void {
    this.#volatile = [];
    if (database) this.#factory._databases.set(this.#name, cloned(database));
    else this.#factory._databases.delete(this.#name);
  }

  #watch(db: RawConnection): void {
    const begin = db.transaction.bind(db);
    db.transaction = (...args: Parameters<IDBDatabase['transaction']>) => {
      const trans = begin(...args);
      this.#watchOne(trans as unknown as RawTransaction);
      return trans;
    };
  }

  #watchOne(trans: RawTransaction): void {
    const start = trans._start.bind(trans);
    trans._start = () => {
      if (
        (this.state === 'full' || this.state === 'faulty') &&
        trans.mode === 'readwrite' &&
        isEnding(trans)
      ) {
        const why = this.state === 'full' ? 'QuotaExceededError' : 'UnknownError';
        this.failures += 1;
        this.#failed();
        trans._abort(why);
        return;
      }
      start();
      if (trans._state !== 'finished' || trans.error !== null || trans.mode === 'readonly') return;
      if (trans.durability === 'strict') this.#volatile = [];
      else this.#volatile.push(trans._rollbackLog);
      this.onCommit();
    };
  }
}

/** A request to open a database that the browser cannot read. */
function refusedOpen(): IDBOpenDBRequest {
  const request = Object.assign(new EventTarget(), {
    onerror: null as ((event: Event) => void) | null,
    // Chromium calls it an UnknownError, which Dexie tries again and complains about.
    error: new DOMException('the database cannot be read', 'InvalidStateError'),
  });
  request.addEventListener('error', (event) => request.onerror?.(event));
  setImmediate(() => request.dispatchEvent(new Event('error', { cancelable: true })));
  return request as unknown as IDBOpenDBRequest;
}

/** Whether nothing is left of it but its commit. */
const isEnding = ({ _requests, _state }: RawTransaction): boolean =>
  _state !== 'finished' && _requests.every(({ request }) => request.readyState === 'done');

const runningIn = ({ transactions }: RawDatabase): RawTransaction[] =>
  transactions.filter(({ _state }) => _state !== 'finished');

/** Values are shared: IndexedDB gives and takes copies of them, so none is ever changed. */
function cloned(database: RawDatabase): RawDatabase {
  const copy = made(database, [database.name, database.version]);
  for (const [name, store] of database.rawObjectStores) {
    const { keyPath, autoIncrement, keyGenerator } = store;
    const other = made(store, [copy, name, keyPath, autoIncrement]);
    if (keyGenerator && other.keyGenerator) other.keyGenerator.num = keyGenerator.num;
    for (const record of store.records.values()) other.records.put({ ...record });
    for (const [indexName, index] of store.rawIndexes) {
      const { keyPath: path, multiEntry, unique } = index;
      const twin = made(index, [other, indexName, path, multiEntry, unique]);
      twin.initialized = true;
      for (const record of index.records.values()) twin.records.put({ ...record });
      other.rawIndexes.set(indexName, twin);
    }
    copy.rawObjectStores.set(name, other);
  }
  return copy;
}

/** Another of its class. */
function made<T extends object>(one: T, args: readonly unknown[]): T {
  const { constructor } = one as { constructor: new (...args: readonly unknown[]) => T };
  return new constructor(...args);
}
