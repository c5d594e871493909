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
  type RowId,
  type SpaceId,
} from '../../core/index.ts';
import { applyOps } from './apply-row.ts';
import { Draft } from './draft.ts';
import { endingFormerLife, isComingBack } from './moves.ts';
import type { RecordName, ReplicaTx } from './ports.ts';

/** A row that was read before its turn, and none of whose records is stored. */
export interface NextRow {
  /** Of the replica in which it was read. */
  readonly home: SpaceId;
  readonly row: OutboxRow;
}

interface ToUnfold {
  readonly home: SpaceId;
  readonly row: OutboxRow;
  /** It was read before its turn: none of its records is stored. */
  readonly areNew: boolean;
  /** The row behind it that is still to be unfolded. */
  readonly next: RowId | undefined;
}

/** In ops: the disk is at work on the records of some while those of the next are made. */
const SOME = 32;
/** In ops: the disk has as many to put by the time at which it is asked something more. */
const BEFORE_LOOKING = 4 * SOME;

/** Puts the row's records. Returns the next row, if the records of that are new. */
export async function unfoldRow(
  tx: ReplicaTx,
  { home, row, areNew, next }: ToUnfold,
): Promise<NextRow | undefined> {
  const draft = new Draft(tx);
  const reading = mayGoUnheard(next === undefined ? NO_ROWS : tx.rows([next]));
  const final = areNew ? row : await finalRow(tx, draft, row);
  await putRecords(draft, final, 0, BEFORE_LOOKING);
  const [following] = (await reading).values();
  const names = following ? opsIn(following).flatMap(mutationsOf) : [];
  const looking = mayGoUnheard(following ? tx.mayStore(following.space, names) : NOTHING);
  await putRecords(draft, final, BEFORE_LOOKING);
  // Some of them may be records of this row too, put after it was looked.
  const isStored = (name: RecordName) => draft.record(row.space, recordKeyOf(name)) !== undefined;
  if (!following || (await looking) || names.some(isStored)) return undefined;
  return { home, row: following };
}

const NO_ROWS = Promise.resolve(new Map<RowId, OutboxRow>());
const NOTHING = Promise.resolve(false);

/** It is awaited later, or never where something else fails before. */
function mayGoUnheard<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}

const opsIn = (row: OutboxRow): PendingOp[] =>
  [...row.payloads.keys()].map((index) => pendingOp(row, index));

/** The row with what its ops have to say, now that it is known what is there: nobody has seen it yet. */
async function finalRow(tx: ReplicaTx, draft: Draft, row: OutboxRow): Promise<OutboxRow> {
  const ops = opsIn(row);
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
