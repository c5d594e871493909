/** One transaction's methods over the device's tables. */
import {
  conflictOfRow,
  conflictRowOf,
  resolvedBy,
  type AppConfig,
  type ConflictKey,
  type ConflictRow,
  type FormerRef,
  type OpRef,
  type OutboxRow,
  type RowId,
  type SpaceId,
  type Following,
  type Malformed,
  type Seq,
  type TextPiece,
} from '../../core/index.ts';
import type { FormerRecord, ReplicaTx, SetAside, SettledRow } from '../engine/ports.ts';
import { keysUnder, type KeyRanges, type Query, type Tables } from './idb-tables.ts';
import type { Own } from './own-row.ts';
import { createRecordTables, idsByCollection } from './record-tables.ts';
import { createSpaceRows, type StoredSpace } from './space-rows.ts';

export interface TxOptions {
  readonly tables: Tables;
  readonly ranges: KeyRanges;
  readonly config: AppConfig;
  readonly own: Own;
}

export function createTx({ tables, ranges, config, own }: TxOptions): ReplicaTx {
  const spaces = createSpaceRows(tables<StoredSpace, SpaceId>('_spaces'), own);
  const outbox = tables<OutboxRow, RowId>('_outbox');
  const settled = tables<SettledRow, RowId>('_settled');
  const aside = tables<SetAside, [RowId, number]>('_aside');
  const missing = tables<FormerRecord, FormerKey>('_missing');
  const conflicts = tables<ConflictRow, [SpaceId, ConflictKey]>('_conflicts');
  const malformed = tables<Malformed & { space: SpaceId }, [SpaceId, Seq]>('_malformed');
  const fetched = tables<TextPiece, [SpaceId, number]>('_fetched');
  const { moveRecords, clearRecords, buriedThrough, ...ofRecords } = createRecordTables({
    tables,
    ranges,
    config,
  });

  const under = (space: SpaceId) => keysUnder(ranges, space);
  const rowsIn = (space: SpaceId, after = -Infinity): Query => ({
    index: '[space+row]',
    range: ranges.bound([space, after], [space, Infinity], true),
  });

  const clearFindings = (space: SpaceId): void => {
    for (const found of [conflicts, malformed]) found.deleteRange(under(space));
  };

  const resolvedHere = async () =>
    resolvedBy(await outbox.all({ index: 'resolves', range: ranges.lowerBound('', true) }));

  return {
    ...ofRecords,

    meta: own.meta,
    space: (space) => spaces.get(space),
    spaces: () => spaces.all(),
    rowsOf: (space, limit = Infinity, after) =>
      outbox.all({ ...rowsIn(space, after), ...(limit < Infinity && { limit }) }),
    lastRow: (space) => outbox.last(rowsIn(space)),
    async rows(rows) {
      const found = await outbox.getMany(rows);
      return new Map(found.filter((row) => row !== undefined).map((row) => [row.row, row]));
    },
    async firstRow() {
      const [first] = await outbox.all({ limit: 1 });
      return first;
    },

    async conflicts(space, keys) {
      const found = await conflicts.getMany(keys.map((key) => [space, key]));
      return new Map(
        found.flatMap((row) => {
          if (!row) return [];
          return [[row.key, conflictOfRow(row)] as const];
        }),
      );
    },

    async droppable(space, through) {
      const ended = { index: '[space+ended]', range: ranges.bound([space, 0], [space, through]) };
      const [records, closed, open] = await Promise.all([
        buriedThrough(space, through),
        conflicts.all(ended),
        conflicts.keys({ index: 'waits', range: ranges.only(1) }),
      ]);
      return {
        records,
        closed: closed.map(conflictOfRow),
        open: open.flatMap(([of, key]) => (of === space ? [key] : [])),
      };
    },

    settled: (row) => settled.get(row),
    settledOf: (space) => settled.all({ index: 'space', range: ranges.only(space) }),
    asideOfRow: (row) => aside.all({ range: ranges.bound([row, -Infinity], [row, Infinity]) }),
    asideCount: () => aside.count(),
    allAside: () => aside.all(),
    resolvedHere,
    async openConflicts() {
      const open = await conflicts.keys({ index: 'waits', range: ranges.only(1) });
      const counts = new Map<SpaceId, number>();
      const resolved = open.length > 0 ? await resolvedHere() : new Set();
      for (const [space, key] of open)
        if (!resolved.has(key)) counts.set(space, (counts.get(space) ?? 0) + 1);
      return counts;
    },
    formerCount: () => missing.count(),
    fetchedOf: (space) => fetched.all({ range: under(space) }),
    async asideOf(ops) {
      const each = new Map(ops.map((op) => [asideKey(op).join(), asideKey(op)]));
      const found = await aside.getMany([...each.values()]);
      return found.filter((op) => op !== undefined).length;
    },

    putMeta: own.putMeta,
    putSpaces: spaces.put,
    deleteSpace: spaces.delete,
    async addRows(rows) {
      if (rows.length === 0) return [];
      const first = await own.takeIds(rows.length);
      const added = rows.map((row, i) => ({ ...row, row: first + i }));
      outbox.put(added);
      return added.map(({ row }) => row);
    },
    async putRows(rows) {
      outbox.put(rows);
    },
    beginRowsAt: own.beginIdsAt,
    async deleteRows(rows) {
      // One deletion for each stretch of ids: the rows of a drain mostly are one.
      for (const [from, to] of stretchesOf(rows)) outbox.deleteRange(ranges.bound(from, to));
    },

    async moveSpace(from, to) {
      await moveRecords(from, to);
      const movedTo = (one: Following): Following =>
        one.space === from ? { ...one, space: to } : one;
      await outbox.eachSome((some) => {
        const moved = some.filter((row) => row.space === from || row.follows !== undefined);
        outbox.put(
          moved.map((row) => ({
            ...row,
            ...(row.space === from && { space: to }),
            ...(row.follows && { follows: row.follows.map(movedTo) }),
          })),
        );
      });
      const left = (await aside.all()).filter((op) => op.space === from);
      aside.put(left.map((op) => ({ ...op, space: to })));
    },

    async putConflicts(space, found) {
      conflicts.put([...found].map(([key, one]) => conflictRowOf(space, key, one)));
    },
    async dropConflicts(space, keys) {
      conflicts.delete(keys.map((key) => [space, key]));
    },
    async putMalformed(space, ops) {
      malformed.put(ops.map((op) => ({ ...op, space })));
    },
    async clearSpace(space) {
      clearRecords(space);
      clearFindings(space);
    },
    async clearFindings(space) {
      clearFindings(space);
    },
    async putFormer(records) {
      missing.put(records);
    },
    async former(refs) {
      const found = await missing.getMany(refs.map(formerKey));
      return found.filter((record) => record !== undefined);
    },
    async formerOf(space, names) {
      const index = '[space+collection+id]';
      // Mostly there is none.
      if ((await missing.count({ index, range: under(space) })) === 0) return [];
      const found = [...idsByCollection(names)].flatMap(([name, ids]) =>
        ids.map((id) => missing.all({ index, range: ranges.only([space, name, id]) })),
      );
      return (await Promise.all(found)).flat();
    },
    allFormer: (space) => missing.all({ index: '[space+collection+id]', range: under(space) }),
    async removeFormer(refs) {
      missing.delete(refs.map(formerKey));
    },
    async putAside(ops) {
      aside.put(ops);
    },
    async removeAside(ops) {
      aside.delete(ops.map(asideKey));
    },
    async deleteAside(space, ops) {
      // Of all that have a clock: mostly there is none.
      const found = await aside.all({ index: '[space+actor+clock]', range: under(space) });
      const payloads = new Map(ops.map((op) => [takenKey(op), op.payload]));
      const taken = found.filter((one) => payloads.get(takenKey(one)) === one.payload);
      aside.delete(taken.map(asideKey));
    },
    async putFetched(piece) {
      fetched.put([piece]);
    },
    async clearFetched(space) {
      fetched.deleteRange(under(space));
    },
    async putSettled(rows) {
      settled.put(rows);
    },
    async deleteSettled(rows) {
      settled.delete(rows);
    },
    async dropSettledBefore(time, now) {
      const index = 'settledAt';
      const [toCome, old] = await Promise.all([
        settled.all({ index, range: ranges.lowerBound(now, true) }),
        settled.keys({ index, range: ranges.upperBound(time, true) }),
      ]);
      settled.put(toCome.map((row) => ({ ...row, settledAt: now })));
      settled.delete(old);
      return old.length;
    },
  };
}

type FormerKey = [SpaceId, history: number, collection: string, id: string];

const formerKey = ({ space, history, collection, id }: FormerRef): FormerKey => [
  space,
  history,
  collection,
  id,
];

/** An op's name within its space. */
const takenKey = ({ actor, clock }: Pick<SetAside, 'actor' | 'clock'>) => `${actor} ${clock}`;

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
