/**
 * Moves between spaces, which have no order between them: a record is put into the one, and deleted
 * in the other only when that put is in its log. Until then it is not shown where it was; if the put
 * is set aside it is shown there again, so a move can neither lose nor double what it moves.
 *
 *   accept ─► put in Y, hidden in X ─┬─ put folded ─► delete in X
 *                                    └─ put set aside ─► shown in X again
 */
import {
  asSeq,
  encodePayload,
  payloadVersionOf,
  recordKeyOf,
  type Mutation,
  type OpRef,
  type OutboxRow,
  type RecordKey,
  type RowId,
  type Seq,
  type Following,
} from '../../core/index.ts';
import { applyRow } from './apply-row.ts';
import type { Draft } from './draft.ts';
import type { CheckedOp } from './check-write.ts';
import type { PlacedOp } from './plan-write.ts';
import type { Ports, RecordName, ReplicaTx, SpaceRow } from './ports.ts';
import { wallTime } from './wall-time.ts';

/**
 * The deletions of a write that are second halves of moves, by their place in it: each with the place
 * of the op that puts the same record into another space.
 */
export function movesIn(ops: readonly PlacedOp[]): Map<number, number> {
  const put = new Map<RecordKey, PlacedOp>();
  const moves = new Map<number, number>();
  for (const op of ops) {
    const [mutation] = op.mutations;
    if (!mutation) continue;
    const key = recordKeyOf(mutation);
    if (isArrival(op, key)) put.set(key, op);
    const there = put.get(key);
    if (mutation.kind !== 'delete' || op.mutations.length > 1) continue;
    if (!there || there.space === op.space) continue;
    moves.set(op.place, there.place);
    put.delete(key);
  }
  return moves;
}

/** A `put` with `new`, with what comes along of the record's sets, counters and journals. */
function isArrival({ mutations: [put, ...others] }: CheckedOp, key: RecordKey): boolean {
  const isCarried = (one: Mutation) =>
    recordKeyOf(one) === key && ['add', 'increment', 'append'].includes(one.kind);
  return put?.kind === 'put' && put.isNew && others.every(isCarried);
}

/**
 * Whether the op makes a record where it is still on its way from, and is more there than registers:
 * those are put anew, but a counter would be added to itself, and a journal to its own entries.
 */
export function isComingBack(
  draft: Draft,
  { space, mutations: [put] }: Pick<PlacedOp, 'space' | 'mutations'>,
): boolean {
  if (put?.kind !== 'put' || !put.isNew) return false;
  const record = draft.record(space, recordKeyOf(put));
  const { sets, counters, journals } = record?.rebased ?? record?.confirmed ?? {};
  return record?.moving !== undefined && (sets ?? counters ?? journals) !== undefined;
}

/**
 * The payload of what is coming back, with the former life of its record ended first: it brings all that
 * it has along, and counted on top of what was left behind it would be there twice.
 */
export function endingFormerLife(payload: string): string {
  const { do: mutations, ...rest } = JSON.parse(payload) as { do: readonly [RecordName] };
  const [{ collection, id }] = mutations;
  return JSON.stringify({ do: [{ kind: 'delete', collection, id }, ...mutations], ...rest });
}

/** Hides what the row moves away from other spaces. Their records have been read before. */
export function hideMoving(draft: Draft, row: OutboxRow): void {
  for (const { index, space, collection, id } of row.follows ?? []) {
    const key = recordKeyOf({ collection, id });
    const record = draft.record(space, key);
    if (record) draft.putRecord(space, { ...record, moving: { row: row.row, index } });
  }
}

export interface Finishing {
  readonly ports: Pick<Ports, 'clock'>;
  readonly tx: ReplicaTx;
  readonly draft: Draft;
}

/** By row, the places of the ops on which nothing is to follow any more. */
export type Finished = ReadonlyMap<RowId, readonly number[]>;

/**
 * Does what was to follow on ops of `rows`, as they are now, that wait no more: those that are not
 * `gone` from their row are in the log.
 */
export async function finishMoves(
  finishing: Finishing,
  rows: readonly OutboxRow[],
  ended: readonly OpRef[],
): Promise<Finished> {
  const moving = new Map(rows.filter((row) => row.follows).map((row) => [row.row, row]));
  const finished = new Map<RowId, number[]>();
  if (moving.size === 0) return finished;
  for (const { row, index } of ended) {
    const of = moving.get(row);
    const following = of?.follows?.find((one) => one.index === index);
    if (!of || !following) continue;
    finished.set(row, [...(finished.get(row) ?? []), index]);
    await follow(finishing, { row, index, following, isInLog: !of.gone?.includes(index) });
  }
  return finished;
}

/** The row without what was to follow on it and did. */
export function withoutFinished<Row extends OutboxRow>(row: Row, finished: Finished): Row {
  const indexes = finished.get(row.row);
  if (!indexes) return row;
  const { follows = [], ...rest } = row;
  const left = follows.filter(({ index }) => !indexes.includes(index));
  return (left.length > 0 ? { ...rest, follows: left } : rest) as Row;
}

async function follow(
  { ports, tx, draft }: Finishing,
  { row, index, following, isInLog }: OpRef & { following: Following; isInLog: boolean },
): Promise<void> {
  const { space, collection, id } = following;
  await draft.loadSpaces([space]);
  await draft.loadRecords(space, [following]);
  const spaceRow = draft.space(space);
  const record = draft.record(space, recordKeyOf(following));
  // It was written again here meanwhile, or it is known no more: nothing is to be deleted.
  if (!spaceRow || record?.moving?.row !== row || record.moving.index !== index) return;
  const { moving: _, ...shown } = record;
  draft.putRecord(space, shown);
  if (!isInLog) return;
  const mutations = [{ kind: 'delete', collection, id }] as const;
  const deletion: Omit<OutboxRow, 'row'> = {
    space,
    actor: spaceRow.actor,
    base: baseIn(spaceRow, following),
    at: wallTime(ports),
    v: payloadVersionOf(mutations),
    payloads: [encodePayload(mutations)],
  };
  const [added] = await tx.addRows([deletion]);
  if (added !== undefined) applyRow(draft, { ...deletion, row: added });
}

/** Of another history than the one that its author saw, they had seen what both have in common. */
function baseIn({ rebuilt }: SpaceRow, { base, rebuilt: times = 0 }: Following): Seq {
  return !rebuilt || rebuilt.times === times ? base : asSeq(Math.min(base, rebuilt.from));
}
