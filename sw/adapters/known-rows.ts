/**
 * A small table that every step of a transaction asks for again: what was read or written of it is
 * known until the transaction ends, since nobody else changes it meanwhile. Each question that is not
 * asked saves a trip to the disk, and of those a live edit makes a dozen in a row.
 */
import type { IdbTable } from './idb-tables.ts';

export type KnownTable<Row extends object, Key extends IDBValidKey> = Pick<
  IdbTable<Row, Key>,
  'get' | 'put' | 'delete'
> & {
  /** In the order of the keys, which are texts. */
  all(): Promise<readonly Row[]>;
};

export function knownRows<Row extends object, Key extends string>(
  table: IdbTable<Row, Key>,
  keyOf: (row: Row) => Key,
): KnownTable<Row, Key> {
  /** As they were put, deleted, or asked for one by one. */
  const known = new Map<Key, Promise<Row | undefined>>();
  /** As all of them were found at once. */
  let found: Promise<ReadonlyMap<Key, Row>> | undefined;

  const readAll = async () => new Map((await table.all()).map((row) => [keyOf(row), row]));

  return {
    get(key) {
      const at = known.get(key) ?? found?.then((rows) => rows.get(key)) ?? table.get(key);
      known.set(key, at);
      return at;
    },
    async all() {
      const rows = await (found ??= readAll());
      const keys = [...new Set([...rows.keys(), ...known.keys()])].toSorted(byCode);
      const now = await Promise.all(
        keys.map((key) => known.get(key) ?? Promise.resolve(rows.get(key))),
      );
      return now.filter((row) => row !== undefined);
    },
    put(rows) {
      for (const row of rows) known.set(keyOf(row), Promise.resolve(row));
      table.put(rows);
    },
    delete(keys) {
      for (const key of keys) known.set(key, Promise.resolve(undefined));
      table.delete(keys);
    },
  };
}

/** As IndexedDB orders texts: by code units. */
const byCode = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
