/**
 * What a transaction has changed, in the words of Dexie: the live queries of every page are told of it
 * as if Dexie had written it (it tells its own transactions so in its observability middleware).
 */
import Dexie, { RangeSet, type IndexableType, type ObservabilitySet } from 'dexie';

/** Where a table's keys lie in its rows. */
export interface TableSchema {
  keyOf(row: object): IDBValidKey;
  readonly indexes: readonly Index[];
}

interface Index {
  readonly name: string;
  /** One for each element, of an index that has an entry for each. */
  keysOf(row: object): readonly unknown[];
}

export interface Changes {
  put(table: string, rows: readonly object[]): void;
  deleted(table: string, keys: readonly IDBValidKey[]): void;
  deletedRange(table: string, range: IDBKeyRange): void;
  /** Puts together what is to be told. */
  gather(): void;
  /** Tells this context's live queries and those of all others. Once it is committed. */
  tell(): void;
}

/** Of so many rows the table is said to have changed anywhere, as Dexie does: but for its own keys, */
const ROWS_TOLD_ONE_BY_ONE = 50;
/** since who follows rows by these need not read all others again. */
const ROWS_NAMED = 1000;
/** Dexie's greatest key. */
const MAX_KEY: IndexableType = [[]];
const MIN_KEY = -Infinity;

type Key = IndexableType;

export function createChanges(database: string, schemaOf: (table: string) => TableSchema): Changes {
  const parts: ObservabilitySet = {};
  /** Noted, and worked out later: the transaction is not to wait for it. */
  const noted: (() => void)[] = [];
  /**
   * By table, all of a transaction together: many that were put bit by bit are many. Of more than are named
   * the rest is not kept: then the whole table is told.
   */
  const putRows = new Map<string, object[]>();

  function part(table: string, index: string): RangeSet {
    const name = `idb://${database}/${table}/${index}`;
    return (parts[name] ??= new RangeSet()) as RangeSet;
  }

  function changedKeys(table: string, keys: readonly IDBValidKey[], index: '' | ':dels'): void {
    if (keys.length > 0) part(table, index).addKeys(keys as Key[]);
  }

  function changedRange(table: string, from: Key, to: Key): void {
    for (const index of ['', ':dels']) part(table, index).add({ from, to });
  }

  function written(table: string, rows: readonly object[]): void {
    if (rows.length === 0) return;
    const { keyOf, indexes } = schemaOf(table);
    if (rows.length >= ROWS_TOLD_ONE_BY_ONE) {
      if (rows.length > ROWS_NAMED) changedRange(table, MIN_KEY, MAX_KEY);
      else changedKeys(table, rows.map(keyOf), '');
      part(table, ':dels').add({ from: MIN_KEY, to: MAX_KEY });
      for (const { name } of indexes) part(table, name).add({ from: MIN_KEY, to: MAX_KEY });
      return;
    }
    changedKeys(table, rows.map(keyOf), '');
    // By which keys a row was found before need not be told: who found it so watches its primary key.
    for (const { name, keysOf } of indexes)
      part(table, name).addKeys(rows.flatMap(keysOf) as Key[]);
  }

  /** Who counts must hear of rows that were in another place before; new ones were nowhere. */
  function put(table: string, rows: readonly object[]): void {
    written(table, rows);
    // Of many it is said already.
    if (rows.length >= ROWS_TOLD_ONE_BY_ONE) return;
    changedKeys(table, rows.map(schemaOf(table).keyOf), ':dels');
  }

  function deleted(table: string, keys: readonly IDBValidKey[]): void {
    changedKeys(table, keys, '');
    changedKeys(table, keys, ':dels');
  }

  function notePut(table: string, rows: readonly object[]): void {
    const before = putRows.get(table) ?? [];
    putRows.set(table, before);
    if (before.length <= ROWS_NAMED) for (const row of rows) before.push(row);
  }

  function gather(): void {
    for (const note of noted.splice(0)) note();
    for (const [table, rows] of putRows) put(table, rows);
    putRows.clear();
  }

  return {
    put: notePut,
    deleted: (table, keys) => void noted.push(() => deleted(table, keys)),
    deletedRange: (table, { lower, upper }: IDBKeyRange) =>
      void noted.push(() =>
        changedRange(table, (lower ?? MIN_KEY) as Key, (upper ?? MAX_KEY) as Key),
      ),
    gather,
    tell() {
      if (Object.keys(parts).length > 0) Dexie.on.storagemutated.fire(parts);
    },
  };
}

/** Where the keys of Dexie's tables lie. */
export function schemasOf(db: Dexie): (table: string) => TableSchema {
  const schemas = new Map(
    db.tables.map(({ name, schema: { primKey, indexes } }) => [
      name,
      {
        keyOf: (row: object) => Dexie.getByKeyPath(row, primKey.keyPath ?? '') as IDBValidKey,
        indexes: indexes.map(({ name: index, keyPath = '', multi }) => ({
          name: index,
          keysOf(row: object): readonly unknown[] {
            const key: unknown = Dexie.getByKeyPath(row, keyPath);
            const keys: readonly unknown[] = multi && Array.isArray(key) ? key : [key];
            // A row that lacks a part of its key is not in the index.
            return keys.filter((each) => !(Array.isArray(each) && each.includes(undefined)));
          },
        })),
      },
    ]),
  );
  return (table) => {
    const schema = schemas.get(table);
    if (!schema) throw new Error(`no table ${table}`);
    return schema;
  };
}
