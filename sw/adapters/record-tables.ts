/**
 * The records of one transaction: each in its collection's table while it is visible, and among the
 * hidden ones otherwise.
 */
import {
  BY_GRAVE,
  recordKeyOf,
  type AppConfig,
  type RecordKey,
  type Seq,
  type SpaceId,
} from '../../core/index.ts';
import type { RecordName, ReplicaTx, StoredRecord } from '../engine/ports.ts';
import { keysUnder, type IdbTable, type KeyRanges, type Tables } from './idb-tables.ts';
import {
  fromRow,
  hiddenRow,
  isKnown,
  isVisible,
  visibleRow,
  type HiddenRow,
  type RecordRow,
} from './record-row.ts';

export interface RecordTables extends Pick<
  ReplicaTx,
  'records' | 'mayStore' | 'allRecords' | 'spacesOf' | 'putRecords' | 'redraw'
> {
  /** The records whose tombstone lies at or below this seq. */
  buriedThrough(space: SpaceId, through: Seq): Promise<StoredRecord[]>;
  moveRecords(from: SpaceId, to: SpaceId): Promise<void>;
  clearRecords(space: SpaceId): void;
}

export interface RecordTablesOptions {
  readonly tables: Tables;
  readonly ranges: KeyRanges;
  readonly config: AppConfig;
}

/** More than these are not looked up one by one. */
const FEW = 16;

export function createRecordTables({ tables, ranges, config }: RecordTablesOptions): RecordTables {
  const hidden = tables<HiddenRow, [SpaceId, string, string]>('_hidden');
  const names = Object.keys(config.collections);
  const collection = (name: string): IdbTable<RecordRow, [SpaceId, string]> | undefined =>
    Object.hasOwn(config.collections, name) ? tables(name) : undefined;
  const under = (...prefix: string[]) => keysUnder(ranges, ...prefix);

  // The hidden records among those that this transaction has read or written: only those are looked
  // for when it writes.
  const wereHidden = new Set<string>();
  // With the space: a record that moves between spaces has the same key in both.
  const placeOf = (space: SpaceId, key: RecordKey) => `${space} ${key}`;

  /** What lies between the first and the last of these. */
  async function between<Row extends object, Key extends string[]>(
    rows: IdbTable<Row, Key>,
    ids: readonly string[],
    keyOf: (id: string) => Key,
  ) {
    const sorted = ids.toSorted();
    const range = ranges.bound(keyOf(sorted[0] ?? ''), keyOf(sorted.at(-1) ?? ''));
    const limit = 2 * ids.length;
    const keys = await rows.keys({ range, limit });
    const wanted = new Set(ids);
    const isSome = keys.some((key) => wanted.has(key.at(-1) ?? ''));
    return { range, wanted, isSome, isAll: keys.length < limit };
  }

  /**
   * Those of these rows that are there. Of many it is looked first what lies between them: new ones
   * mostly lie behind all others, or among their like, and need not be asked for one by one.
   */
  async function among<Row extends { readonly id: string }, Key extends string[]>(
    rows: IdbTable<Row, Key>,
    ids: readonly string[],
    keyOf: (id: string) => Key,
  ): Promise<Row[]> {
    if (ids.length > FEW) {
      const { range, wanted, isSome, isAll } = await between(rows, ids, keyOf);
      if (isAll && !isSome) return [];
      if (isAll) return (await rows.all({ range })).filter(({ id }) => wanted.has(id));
    }
    return (await rows.getMany(ids.map(keyOf))).filter((row) => row !== undefined);
  }

  const shownKey =
    (space: SpaceId) =>
    (id: string): [SpaceId, string] => [space, id];
  const hiddenKey =
    (space: SpaceId, name: string) =>
    (id: string): [SpaceId, string, string] => [space, name, id];

  async function recordsOf(space: SpaceId, name: string, ids: string[]): Promise<StoredRecord[]> {
    const rows = collection(name);
    // Both places at once: two trips would cost more.
    const [shown, buried] = await Promise.all([
      rows ? among(rows, ids, shownKey(space)) : [],
      among(hidden, ids, hiddenKey(space, name)),
    ]);
    for (const row of buried) wereHidden.add(placeOf(space, row.$.key));
    return [...buried.map((row) => row.$), ...shown.map((row) => fromRow(name, row))];
  }

  function putGroup(space: SpaceId, name: string, group: readonly StoredRecord[]): void {
    const rows = collection(name);
    const shown = rows ? group.filter(isVisible) : [];
    const rest = rows ? group.filter((record) => !isVisible(record)) : group;
    const buried = rest.filter(isKnown);
    const wasHidden = ({ key }: StoredRecord) => wereHidden.has(placeOf(space, key));
    const risen = [...shown, ...rest.filter((record) => !isKnown(record))].filter(wasHidden);
    const sunk = rest.filter((record) => !wasHidden(record));
    const kinds = config.collections[name]?.kinds;
    // One by one: the disk is at work on it while the next is made.
    for (const record of shown) rows?.put([visibleRow(space, record, kinds)]);
    hidden.delete(risen.map(({ id }) => [space, name, id]));
    hidden.put(buried.map((record) => hiddenRow(space, record)));
    rows?.delete(sunk.map(({ id }) => [space, id]));
    // The same transaction may put them again: two of an answer's spaces can be about one record.
    for (const record of group) wereHidden.delete(placeOf(space, record.key));
    for (const record of buried) wereHidden.add(placeOf(space, record.key));
  }

  return {
    async records(space, wanted) {
      const groups = [...idsByCollection(wanted)].map(([name, ids]) => recordsOf(space, name, ids));
      const found = (await Promise.all(groups)).flat();
      return new Map(found.map((record) => [record.key, record]));
    },

    async mayStore(space, wanted) {
      const looks = [...idsByCollection(wanted)].flatMap(([name, ids]) => {
        const rows = collection(name);
        const buried = between(hidden, ids, hiddenKey(space, name));
        return rows ? [between(rows, ids, shownKey(space)), buried] : [buried];
      });
      return (await Promise.all(looks)).some(({ isSome, isAll }) => isSome || !isAll);
    },

    async allRecords(space) {
      const found: StoredRecord[] = [];
      for (const name of names) {
        const rows = (await collection(name)?.all({ range: under(space) })) ?? [];
        for (const row of rows) found.push(fromRow(name, row));
      }
      for (const row of await hidden.all({ range: under(space) })) {
        wereHidden.add(placeOf(space, row.$.key));
        found.push(row.$);
      }
      return found;
    },

    async spacesOf({ collection: name, id }) {
      const visible = await collection(name)?.all({ index: 'id', range: ranges.only(id) });
      if (visible && visible.length > 0) return visible.map((row) => row.space);
      const buried = await hidden.all({ index: '[collection+id]', range: ranges.only([name, id]) });
      return buried.map((row) => row.space);
    },

    async putRecords(space, records) {
      for (const [name, group] of groupBy(records, (record) => record.collection))
        putGroup(space, name, group);
    },

    async redraw(collections) {
      for (const name of collections) {
        const rows = collection(name);
        if (!rows) continue;
        const kinds = config.collections[name]?.kinds;
        await rows.eachSome((some) =>
          rows.put(some.map((row) => visibleRow(row.space, fromRow(name, row), kinds))),
        );
        const buried = await hidden.all({ index: '[collection+id]', range: under(name) });
        const kept = buried.filter((row) => isVisible(row.$));
        rows.put(kept.map(({ space, $ }) => visibleRow(space, $, kinds)));
        hidden.delete(kept.map(({ space, id }) => [space, name, id]));
      }
    },

    async buriedThrough(space, through) {
      const below = { index: BY_GRAVE, range: ranges.bound([space, 0], [space, through]) };
      const found: StoredRecord[] = [];
      for (const name of names) {
        const rows = (await collection(name)?.all(below)) ?? [];
        for (const row of rows) found.push(fromRow(name, row));
      }
      for (const row of await hidden.all(below)) {
        wereHidden.add(placeOf(space, row.$.key));
        found.push(row.$);
      }
      return found;
    },

    async moveRecords(from, to) {
      for (const name of names) {
        const rows = (await collection(name)?.all({ range: under(from) })) ?? [];
        collection(name)?.put(rows.map((row) => ({ ...row, space: to })));
        collection(name)?.delete(rows.map(({ id }) => [from, id]));
      }
      const buried = await hidden.all({ range: under(from) });
      hidden.put(buried.map((row) => ({ ...row, space: to })));
      hidden.delete(buried.map((row) => [from, row.collection, row.id]));
    },

    clearRecords(space) {
      for (const name of names) collection(name)?.deleteRange(under(space));
      hidden.deleteRange(under(space));
    },
  };
}

/** Ids by collection, each record once. */
export function idsByCollection(names: readonly RecordName[]): Map<string, string[]> {
  const unique = new Map(names.map((name) => [recordKeyOf(name), name]));
  const groups = groupBy([...unique.values()], (name) => name.collection);
  return new Map([...groups].map(([name, group]) => [name, group.map(({ id }) => id)]));
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}
