/** One transaction's methods over Dexie's tables. */
import type { Table, Transaction } from 'dexie';
import {
  conflictRowOf,
  recordKeyOf,
  resolvedBy,
  type AppConfig,
  type ConflictKey,
  type ConflictRow,
  type FormerRef,
  type OpRef,
  type OutboxRow,
  type RecordKey,
  type RowId,
  type SpaceId,
  type Following,
} from '../../core/index.ts';
import type {
  FormerRecord,
  Meta,
  RecordName,
  ReplicaTx,
  SetAside,
  SettledRow,
  SpaceRow,
  StoredRecord,
} from '../engine/ports.ts';
import {
  fromRow,
  hiddenRow,
  isKnown,
  isVisible,
  visibleRow,
  type HiddenRow,
  type RecordRow,
} from './record-row.ts';

const META_KEY = 'meta';

/** `added` is called when it adds to the outbox. */
export function createTx(
  trans: Transaction,
  config: AppConfig,
  added: () => void = () => {},
): ReplicaTx {
  const meta = table<Meta & { key: string }, string>(trans, '_meta');
  const spaces = table<SpaceRow, SpaceId>(trans, '_spaces');
  const outbox = table<OutboxRow, RowId>(trans, '_outbox');
  const hidden = table<HiddenRow, [SpaceId, string, string]>(trans, '_hidden');
  const settled = table<SettledRow, RowId>(trans, '_settled');
  const aside = table<SetAside, [RowId, number]>(trans, '_aside');
  const missing = table<FormerRecord, FormerKey>(trans, '_missing');
  const conflicts = table<ConflictRow, [SpaceId, ConflictKey]>(trans, '_conflicts');
  const collection = (name: string): Table<RecordRow, [SpaceId, string]> | undefined =>
    Object.hasOwn(config.collections, name) ? table(trans, name) : undefined;

  // The hidden records among those that this transaction has read or written: only those are looked
  // for when it writes.
  const wereHidden = new Set<string>();
  // With the space: a record that moves between spaces has the same key in both.
  const placeOf = (space: SpaceId, key: RecordKey) => `${space} ${key}`;

  async function recordsOf(space: SpaceId, name: string, ids: string[]): Promise<StoredRecord[]> {
    const rows = await (collection(name)?.bulkGet(ids.map((id) => [space, id])) ?? []);
    const found = rows.flatMap((row) => (row ? [fromRow(name, row)] : []));
    const known = new Set(found.map(({ id }) => id));
    const missing = ids.filter((id) => !known.has(id));
    if (missing.length === 0) return found;
    const buried = await hidden.bulkGet(missing.map((id) => [space, name, id]));
    for (const row of buried) {
      if (!row) continue;
      wereHidden.add(placeOf(space, row.$.key));
      found.push(row.$);
    }
    return found;
  }

  const resolvedHere = async () => resolvedBy(await outbox.where('resolves').above('').toArray());

  return {
    async meta() {
      const row = await meta.get(META_KEY);
      if (!row) return undefined;
      const { key: _, ...value } = row;
      return value;
    },
    space: (space) => spaces.get(space),
    spaces: () => spaces.toArray(),
    rowsOf: (space, limit = Infinity, after = -Infinity) =>
      outbox
        .where('[space+row]')
        .between([space, after], [space, Infinity], false)
        .limit(limit)
        .toArray(),
    lastRow: (space) =>
      outbox.where('[space+row]').between([space, -Infinity], [space, Infinity]).last(),
    async rows(rows) {
      const found = await outbox.bulkGet([...rows]);
      return new Map(found.filter((row) => row !== undefined).map((row) => [row.row, row]));
    },
    firstRow: () => outbox.orderBy(':id').first(),

    async records(space, names) {
      const found = new Map<RecordKey, StoredRecord>();
      for (const [name, ids] of byCollection(names)) {
        for (const record of await recordsOf(space, name, ids)) found.set(record.key, record);
      }
      return found;
    },

    async conflicts(space, keys) {
      const found = await conflicts.bulkGet(keys.map((key) => [space, key]));
      return new Map(
        found.flatMap((row) => {
          if (!row) return [];
          const { space: _, key, waits: __, ...conflict } = row;
          return [[key, conflict] as const];
        }),
      );
    },

    async allRecords(space) {
      const found: StoredRecord[] = [];
      for (const name of Object.keys(config.collections)) {
        const rows = await collection(name)
          ?.where('[space+id]')
          .between([space], [space, []])
          .toArray();
        found.push(...(rows ?? []).map((row) => fromRow(name, row)));
      }
      const buried = await hidden
        .where('[space+collection+id]')
        .between([space], [space, []])
        .toArray();
      for (const row of buried) wereHidden.add(placeOf(space, row.$.key));
      return [...found, ...buried.map((row) => row.$)];
    },

    async spacesOf({ collection: name, id }) {
      const visible = (await collection(name)?.where('id').equals(id).toArray()) ?? [];
      if (visible.length > 0) return visible.map((row) => row.space);
      const buried = await hidden.where('[collection+id]').equals([name, id]).toArray();
      return buried.map((row) => row.space);
    },

    settled: (row) => settled.get(row),
    settledOf: (space) => settled.where('space').equals(space).sortBy('row'),
    aside: (row) => aside.where('[row+index]').between([row, -Infinity], [row, Infinity]).first(),
    asideCount: () => aside.count(),
    allAside: () => aside.toArray(),
    resolvedHere,
    async openConflicts(wanted) {
      const open = await conflicts.where('waits').equals(1).primaryKeys();
      if (open.length === 0) return 0;
      const resolved = await resolvedHere();
      return open.filter(([space, key]) => wanted.includes(space) && !resolved.has(key)).length;
    },
    formerCount: () => missing.count(),
    asideOf: (ops) => aside.where('[row+index]').anyOf(ops.map(asideKey)).count(),

    async putMeta(value) {
      await meta.put({ ...value, key: META_KEY });
    },
    async putSpaces(rows) {
      await spaces.bulkPut([...rows]);
    },
    async deleteSpace(space) {
      await spaces.delete(space);
    },
    async addRows(rows) {
      added();
      // The key is the database's to give: it grows for ever, also after rows are gone.
      return outbox.bulkAdd(rows as OutboxRow[], { allKeys: true });
    },
    async putRows(rows) {
      await outbox.bulkPut([...rows]);
    },
    async beginRowsAt(row) {
      // The database counts on from the greatest key that it was ever given.
      await outbox.put({ row: row - 1 } as OutboxRow);
      await outbox.delete(row - 1);
    },
    async deleteRows(rows) {
      // One deletion for each stretch of ids: the rows of a drain mostly are one.
      for (const [from, to] of stretchesOf(rows))
        await outbox.where(':id').between(from, to, true, true).delete();
    },

    async putRecords(space, records) {
      for (const [name, group] of groupBy(records, (record) => record.collection)) {
        await putGroup(space, name, group);
      }
    },

    async redraw(names) {
      for (const name of names) {
        const kinds = config.collections[name]?.kinds;
        await collection(name)
          ?.toCollection()
          .modify((row, place: { value: RecordRow }) => {
            place.value = visibleRow(row.space, fromRow(name, row), kinds);
          });
        const kept = await hidden
          .where('[collection+id]')
          .between([name], [name, []])
          .filter((row) => isVisible(row.$))
          .toArray();
        await collection(name)?.bulkPut(kept.map(({ space, $ }) => visibleRow(space, $, kinds)));
        await hidden.bulkDelete(kept.map(({ space, id }) => [space, name, id]));
      }
    },

    async moveSpace(from, to) {
      for (const name of Object.keys(config.collections)) {
        const rows = (await collection(name)?.where('space').equals(from).toArray()) ?? [];
        if (rows.length === 0) continue;
        await collection(name)?.bulkPut(rows.map((row) => ({ ...row, space: to })));
        await collection(name)?.bulkDelete(rows.map(({ id }) => [from, id]));
      }
      const buried = await hidden
        .where('[space+collection+id]')
        .between([from], [from, []])
        .toArray();
      await hidden.bulkPut(buried.map((row) => ({ ...row, space: to })));
      await hidden.bulkDelete(buried.map((row) => [from, row.collection, row.id]));
      await outbox
        .where('[space+row]')
        .between([from, -Infinity], [from, Infinity])
        .modify({ space: to });
      const movedTo = (one: Following): Following =>
        one.space === from ? { ...one, space: to } : one;
      await outbox
        .filter((row) => row.follows !== undefined)
        .modify(
          (row: { follows?: readonly Following[] }) =>
            void (row.follows = row.follows?.map(movedTo) ?? []),
        );
    },

    async putConflicts(space, found) {
      await conflicts.bulkPut([...found].map(([key, one]) => conflictRowOf(space, key, one)));
    },
    async putMalformed(space, malformed) {
      await trans.table('_malformed').bulkPut(malformed.map((op) => ({ ...op, space })));
    },
    async clearSpace(space) {
      for (const name of Object.keys(config.collections))
        await collection(name)?.where('[space+id]').between([space], [space, []]).delete();
      const derived = [
        hidden.where('[space+collection+id]'),
        conflicts.where('[space+key]'),
        trans.table('_malformed').where('[space+seq]'),
      ];
      for (const rows of derived) await rows.between([space], [space, []]).delete();
    },
    async putFormer(records) {
      await missing.bulkPut([...records]);
    },
    async former(refs) {
      const found = await missing.bulkGet(refs.map(formerKey));
      return found.filter((record) => record !== undefined);
    },
    formerOf: (space, names) =>
      missing
        .where('[space+collection+id]')
        .anyOf(names.map(({ collection, id }) => [space, collection, id]))
        .toArray(),
    allFormer: (space) =>
      missing.where('[space+collection+id]').between([space], [space, []]).toArray(),
    async removeFormer(refs) {
      await missing.bulkDelete(refs.map(formerKey));
    },
    async putAside(ops) {
      await aside.bulkPut([...ops]);
    },
    async removeAside(ops) {
      await aside.bulkDelete(ops.map(asideKey));
    },
    async deleteAside(space, ops) {
      const names = ops.map(({ actor, clock }) => [space, actor, clock]);
      const isTaken = (one: SetAside) =>
        ops.some((op) => op.clock === one.clock && op.payload === one.payload);
      await aside.where('[space+actor+clock]').anyOf(names).filter(isTaken).delete();
    },
    async putSettled(rows) {
      await settled.bulkPut([...rows]);
    },
    async deleteSettled(rows) {
      await settled.bulkDelete([...rows]);
    },
    async dropSettledBefore(time, now) {
      await settled.where('settledAt').above(now).modify({ settledAt: now });
      return settled.where('settledAt').below(time).delete();
    },
  };

  /** A record is in its collection's table while it is visible, and among the hidden ones otherwise. */
  async function putGroup(
    space: SpaceId,
    name: string,
    group: readonly StoredRecord[],
  ): Promise<void> {
    const rows = collection(name);
    const shown = rows ? group.filter(isVisible) : [];
    const rest = rows ? group.filter((record) => !isVisible(record)) : group;
    const buried = rest.filter(isKnown);
    const wasHidden = ({ key }: StoredRecord) => wereHidden.has(placeOf(space, key));
    const risen = [...shown, ...rest.filter((record) => !isKnown(record))].filter(wasHidden);
    const sunk = rest.filter((record) => !wasHidden(record));
    const kinds = config.collections[name]?.kinds;
    const visible = shown.map((record) => visibleRow(space, record, kinds));
    if (visible.length > 0) await rows?.bulkPut(visible);
    if (risen.length > 0) await hidden.bulkDelete(risen.map(({ id }) => [space, name, id]));
    if (buried.length > 0) await hidden.bulkPut(buried.map((record) => hiddenRow(space, record)));
    if (sunk.length > 0) await rows?.bulkDelete(sunk.map(({ id }) => [space, id]));
    // The same transaction may put them again: two of an answer's spaces can be about one record.
    for (const record of group) wereHidden.delete(placeOf(space, record.key));
    for (const record of buried) wereHidden.add(placeOf(space, record.key));
  }
}

type FormerKey = [SpaceId, history: number, collection: string, id: string];

const formerKey = ({ space, history, collection, id }: FormerRef): FormerKey => [
  space,
  history,
  collection,
  id,
];

const asideKey = ({ row, index }: OpRef): [RowId, number] => [row, index];

/** Ascending ids as stretches without a gap, [first, last]. */
function stretchesOf(ids: readonly RowId[]): [first: RowId, last: RowId][] {
  const stretches: [RowId, RowId][] = [];
  for (const id of ids) {
    const last = stretches.at(-1);
    if (last && last[1] + 1 === id) last[1] = id;
    else stretches.push([id, id]);
  }
  return stretches;
}

const table = <Row, Key>(trans: Transaction, name: string): Table<Row, Key> =>
  trans.table(name) as Table<Row, Key>;

/** Ids by collection, each record once. */
function byCollection(names: readonly RecordName[]): Map<string, string[]> {
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
