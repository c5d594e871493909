/** Databases of a device as plain JSON, and back: every store, its keys and indexes, and its rows. */

/** What a `Map` is among plain values; nothing else of a row is any other than JSON has it. */
const MAP = '$map';

export interface DatabaseDump {
  readonly name: string;
  readonly version: number;
  readonly stores: Readonly<Record<string, StoreDump>>;
}

export interface StoreDump {
  readonly keyPath: string | string[] | null;
  /** The next key that the database gives by itself, where it gives any. */
  readonly next?: number;
  readonly indexes: Readonly<Record<string, IndexDump>>;
  /** Each row with its key, where that is not in it. */
  readonly rows: readonly { readonly key?: IDBValidKey; readonly value: unknown }[];
}

interface IndexDump {
  readonly keyPath: string | string[];
  readonly unique: boolean;
  readonly multiEntry: boolean;
}

export async function dump(factory: IDBFactory, name: string): Promise<DatabaseDump> {
  const db = await done(factory.open(name));
  // Takes back at the end what it has to write to learn the next key.
  const names = Array.from(db.objectStoreNames);
  const trans = db.transaction(names, 'readwrite');
  const stores: Record<string, StoreDump> = {};
  for (const store of names) stores[store] = await dumpStore(trans.objectStore(store));
  trans.abort();
  const { version } = db;
  db.close();
  return { name, version, stores };
}

async function dumpStore(store: IDBObjectStore): Promise<StoreDump> {
  const keyPath = plain(store.keyPath);
  const [keys, values] = [await done(store.getAllKeys()), await done(store.getAll())];
  const rows = values.map((value: unknown, i) => ({
    ...(keyPath === null && { key: keys[i] as IDBValidKey }),
    value: toJson(value),
  }));
  const indexes = Array.from(store.indexNames, (name) => {
    const { keyPath: path, unique, multiEntry } = store.index(name);
    return [name, { keyPath: plain(path), unique, multiEntry }] as const;
  });
  const next = store.autoIncrement && ((await done(store.add({}))) as number);
  return { keyPath, ...(next && { next }), indexes: Object.fromEntries(indexes), rows };
}

/** Makes the database in a browser that has none of this name. */
export async function restore(
  factory: IDBFactory,
  { name, version, stores }: DatabaseDump,
): Promise<void> {
  const opening = factory.open(name, version);
  opening.addEventListener('upgradeneeded', () => {
    for (const [store, one] of Object.entries(stores)) make(opening.result, store, one);
  });
  (await done(opening)).close();
}

function make(db: IDBDatabase, name: string, { keyPath, next, indexes, rows }: StoreDump): void {
  const store = db.createObjectStore(name, { keyPath, autoIncrement: next !== undefined });
  for (const [index, { keyPath: path, ...how }] of Object.entries(indexes))
    store.createIndex(index, path, how);
  for (const { key, value } of rows) store.add(fromJson(value), key);
  if (next === undefined || typeof keyPath !== 'string') return;
  // The database counts on from the greatest key that it was ever given, also where that row is gone.
  const last = next - 1;
  const isThere = rows.some(({ value }) => (value as Record<string, unknown>)[keyPath] === last);
  if (last === 0 || isThere) return;
  store.put({ [keyPath]: last });
  store.delete(last);
}

/** A list of names of IndexedDB's own as one of ours. */
const plain = <Path extends string | string[] | null>(path: Path): Path =>
  (Array.isArray(path) ? Array.from(path) : path) as Path;

function toJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toJson);
  if (value instanceof Map) return { [MAP]: Array.from(value, toJson) };
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, toJson(one)]));
}

function fromJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fromJson);
  if (typeof value !== 'object' || value === null) return value;
  if (MAP in value) return new Map((value[MAP] as unknown[]).map(fromJson) as [unknown, unknown][]);
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, fromJson(one)]));
}

const done = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error as DOMException));
  });
