/**
 * The tables of one transaction, by the browser's own requests: a write asks for a dozen things, and
 * a layer that keeps a zone and a promise of its own for each costs more than the disk does.
 *
 * Requests of a transaction are carried out in the order in which they are made, and one that fails
 * ends it. So what is put or deleted is not waited for: a transaction that is committed has done it.
 */
import type { Changes, TableSchema } from './changes.ts';

export interface TablesOptions {
  readonly trans: IDBTransaction;
  readonly schemaOf: (table: string) => TableSchema;
  readonly ranges: KeyRanges;
  readonly changes: Changes;
}

/** The browser's way to make a range of keys. */
export type KeyRanges = typeof IDBKeyRange;

/** Every key that begins with these. */
export const keysUnder = (ranges: KeyRanges, ...prefix: string[]): IDBKeyRange =>
  ranges.bound(prefix, [...prefix, []], false, true);

/** Which rows: of the primary key or of an index, in its order. */
export interface Query {
  readonly index?: string;
  readonly range?: IDBKeyRange;
  readonly limit?: number;
}

/** A table whose rows hold their keys. */
export interface IdbTable<Row extends object, Key extends IDBValidKey> {
  get(key: Key): Promise<Row | undefined>;
  /** In the order of the keys. */
  getMany(keys: readonly Key[]): Promise<(Row | undefined)[]>;
  all(query?: Query): Promise<Row[]>;
  keys(query?: Query): Promise<Key[]>;
  last(query: Query): Promise<Row | undefined>;
  count(query?: Omit<Query, 'limit'>): Promise<number>;
  put(rows: readonly Row[]): void;
  delete(keys: readonly Key[]): void;
  /** Keys of the range alone: who knows them all should name them. */
  deleteRange(range: IDBKeyRange): void;
  /** Visits every row, some at a time: a table may be larger than the memory. */
  eachSome(visit: (rows: Row[]) => void): Promise<void>;
}

const ROWS_AT_ONCE = 500;

export type Tables = ReturnType<typeof createTables>;

export function createTables({ trans, schemaOf, ranges, changes }: TablesOptions) {
  return function table<Row extends object, Key extends IDBValidKey>(
    name: string,
  ): IdbTable<Row, Key> {
    // A transaction opens its stores when it is asked for them: most are not.
    let opened: IDBObjectStore | undefined;
    const store = (): IDBObjectStore => (opened ??= trans.objectStore(name));
    const source = (index?: string) => (index === undefined ? store() : store().index(index));
    const { keyOf } = schemaOf(name);

    return {
      get: (key) => result<Row | undefined>(store().get(key)),
      getMany: (keys) =>
        results(keys.map((key) => store().get(key) as IDBRequest<Row | undefined>)),
      all: ({ index, range, limit } = {}) => result<Row[]>(source(index).getAll(range, limit)),
      keys: ({ index, range, limit } = {}) =>
        result(source(index).getAllKeys(range, limit) as IDBRequest as IDBRequest<Key[]>),
      async last({ index, range }) {
        const cursor = await result(source(index).openCursor(range, 'prev'));
        return cursor?.value as Row | undefined;
      },
      count: ({ index, range } = {}) => result(source(index).count(range)),
      put(rows) {
        for (const row of rows) store().put(row);
        changes.put(name, rows);
      },
      delete(keys) {
        for (const key of keys) store().delete(key);
        changes.deleted(name, keys);
      },
      deleteRange(range) {
        store().delete(range);
        changes.deletedRange(name, range);
      },
      async eachSome(visit) {
        let range: IDBKeyRange | null = null;
        for (;;) {
          const rows: Row[] = await result(store().getAll(range, ROWS_AT_ONCE));
          visit(rows);
          const last = rows.at(-1);
          if (last === undefined || rows.length < ROWS_AT_ONCE) return;
          range = ranges.lowerBound(keyOf(last), true);
        }
      },
    };
  };
}

const result = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error as DOMException));
  });

/** Of requests made together: when the last has succeeded, all have. */
async function results<T>(requests: readonly IDBRequest<T>[]): Promise<T[]> {
  const last = requests.at(-1);
  if (last) await result(last);
  return requests.map((request) => request.result);
}
