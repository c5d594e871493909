/**
 * The second half of a write that went ahead (go-ahead.ts): its ops are in the outbox and acknowledged,
 * and are applied to the records now, some at a time. What is left to do stands in the database, so that
 * whoever comes next goes on where a host was killed. No other transaction sees the replica in between:
 * it waits until all is done.
 */
import {
  mutationsOf,
  pendingOp,
  type OutboxRow,
  type PendingOp,
  type RowId,
  type SpaceId,
} from '../../core/index.ts';
import { applyOps } from './apply-row.ts';
import { Draft } from './draft.ts';
import { AHEAD_SIZES, type AheadSizes } from './ahead-sizes.ts';
import { endingFormerLife, isComingBack } from './moves.ts';
import type { Meta, ReplicaStore, ReplicaTx } from './ports.ts';

/** What was accepted ahead: the rows whose ops are still to be applied, those of the first from there on. */
export interface Unfolding {
  readonly rows: readonly RowId[];
  readonly from: number;
}

const DUE = Symbol('due');

/** The store for all but the unfolding itself: a write begins when nothing is left to unfold. */
export const unfolded = (store: ReplicaStore, sizes?: AheadSizes): ReplicaStore => ({
  async write<T>(work: (tx: ReplicaTx) => Promise<T>): Promise<T> {
    for (;;) {
      const result = await store.write(async (tx) =>
        (await tx.meta())?.unfolding ? DUE : { value: await work(tx) },
      );
      if (result !== DUE) return result.value;
      await unfoldAll(store, sizes);
    }
  },
  read: (work) => store.read(work),
  remove: () => store.remove(),
});

/** Applies what is left to apply. Rejects with StorageError, and goes on from there the next time. */
export async function unfoldAll(
  store: ReplicaStore,
  { atOnce }: AheadSizes = AHEAD_SIZES,
): Promise<void> {
  let isOver = false;
  while (!isOver) isOver = await store.write((tx) => unfoldSome(tx, atOnce));
}

/** Returns whether that was all. */
async function unfoldSome(tx: ReplicaTx, atOnce: number): Promise<boolean> {
  const meta = await tx.meta();
  if (!meta?.unfolding) return true;
  const { rows, from } = meta.unfolding;
  const [id, ...later] = rows;
  const row = id === undefined ? undefined : (await tx.rows([id])).get(id);
  const to = from + atOnce;
  if (row) await applyPart(tx, row, from, to);
  const isMore = row !== undefined && to < row.payloads.length;
  const left = isMore ? { rows, from: to } : { rows: later, from: 0 };
  await tx.putMeta(left.rows.length > 0 ? { ...meta, unfolding: left } : settled(meta));
  return left.rows.length === 0;
}

function settled({ unfolding: _, ...meta }: Meta): Meta {
  return meta;
}

async function applyPart(tx: ReplicaTx, row: OutboxRow, from: number, to: number): Promise<void> {
  const draft = new Draft(tx);
  const part = { ...row, payloads: row.payloads.slice(from, to) };
  const ops = [...part.payloads.keys()].map((index) => pendingOp(part, index));
  await draft.loadRecords(row.space, ops.flatMap(mutationsOf));
  const payloads = ops.map((op) => payloadOf(draft, row.space, op));
  if (payloads.some((payload, i) => payload !== part.payloads[i])) {
    // Nobody has seen yet what it says: it is not sealed.
    const after = row.payloads.slice(to);
    await tx.putRows([
      { ...row, payloads: [...row.payloads.slice(0, from), ...payloads, ...after] },
    ]);
  }
  applyOps(draft, { ...part, payloads }, from);
  await draft.save();
}

function payloadOf(draft: Draft, space: SpaceId, op: PendingOp): string {
  return isComingBack(draft, { space, mutations: mutationsOf(op) })
    ? endingFormerLife(op.payload)
    : op.payload;
}
