/**
 * One row of the outbox that went ahead of its records: its ops in the view. The disk has more to do with
 * that than we have, so the next row is read meanwhile, and looked up whether its records are new. Nobody
 * else changes a record before all is unfolded, so that still holds in the next transaction, and the disk
 * need not wait there for what we ask and make of it.
 */
import {
  mutationsOf,
  pendingOp,
  recordKeyOf,
  type OutboxRow,
  type PendingOp,
  type RecordKey,
  type RowId,
  type SpaceId,
} from '../../core/index.ts';
import { applyOps } from './apply-row.ts';
import { Draft } from './draft.ts';
import { endingFormerLife, isComingBack } from './moves.ts';
import type { RecordName, ReplicaTx, StoredRecord } from './ports.ts';

/** A row that is to be unfolded next, and none of whose records is stored. */
export interface ReadAhead {
  /** Of the replica in which it was read: another one counts its rows anew. */
  readonly home: SpaceId;
  readonly row: OutboxRow;
}

interface Unfolding {
  readonly home: SpaceId;
  readonly row: OutboxRow;
  /** It was read ahead: none of its records is stored. */
  readonly isNews: boolean;
  /** The row behind it that is still to be unfolded. */
  readonly next: RowId | undefined;
}

/** In records: the disk is at work on some while the next are made. */
const SOME = 32;
/** In records: the disk has as many to put by the time at which it is asked something more. */
const BEFORE_LOOKING = 4 * SOME;

/** Puts the row's records. Returns what it has read of `next`, if the records of that are new. */
export async function unfoldRow(
  tx: ReplicaTx,
  { home, row, isNews, next }: Unfolding,
): Promise<ReadAhead | undefined> {
  const draft = new Draft(tx);
  const reading = heard(next === undefined ? NO_ROWS : tx.rows([next]));
  const final = isNews ? row : await finalRow(tx, draft, row);
  await putRecords(draft, final, 0, BEFORE_LOOKING);
  const [following] = (await reading).values();
  const names = following ? opsOf(following).flatMap(mutationsOf) : [];
  const looking = heard(following ? tx.records(following.space, names) : NO_RECORDS);
  await putRecords(draft, final, BEFORE_LOOKING);
  const { size: stored } = await looking;
  // Some of them may be records of this row too, put after it was looked.
  const isStored = (name: RecordName) => draft.record(row.space, recordKeyOf(name)) !== undefined;
  if (!following || stored > 0 || names.some(isStored)) return undefined;
  return { home, row: following };
}

const NO_ROWS = Promise.resolve(new Map<RowId, OutboxRow>());
const NO_RECORDS = Promise.resolve(new Map<RecordKey, StoredRecord>());

/** It is awaited later, or never where something else fails before. */
function heard<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}

const opsOf = (row: OutboxRow): PendingOp[] =>
  [...row.payloads.keys()].map((index) => pendingOp(row, index));

/** The row with what its ops have to say, now that it is known what is there: nobody has seen it yet. */
async function finalRow(tx: ReplicaTx, draft: Draft, row: OutboxRow): Promise<OutboxRow> {
  const ops = opsOf(row);
  await draft.loadRecords(row.space, ops.flatMap(mutationsOf));
  const payloads = ops.map((op) => payloadOf(draft, row.space, op));
  if (payloads.every((payload, i) => payload === row.payloads[i])) return row;
  const final = { ...row, payloads };
  await tx.putRows([final]);
  return final;
}

function payloadOf(draft: Draft, space: SpaceId, op: PendingOp): string {
  return isComingBack(draft, { space, mutations: mutationsOf(op) })
    ? endingFormerLife(op.payload)
    : op.payload;
}

/** Of its ops from place `from` up to `to`. */
async function putRecords(draft: Draft, row: OutboxRow, from: number, to = Infinity) {
  const end = Math.min(row.payloads.length, to);
  for (let at = from; at < end; at += SOME) {
    applyOps(draft, { ...row, payloads: row.payloads.slice(at, Math.min(at + SOME, end)) }, at);
    await draft.save();
  }
}
