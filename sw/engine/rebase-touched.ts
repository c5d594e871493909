/** After a fold: the records it touched get their confirmed state, and their views anew on top of it. */
import {
  applyPending,
  isPending,
  mutationsOf,
  pendingOp,
  recordKeyOf,
  type Folded,
  type OpRef,
  type OutboxRow,
  type RecordKey,
  type RowId,
  type SequencedOp,
} from '../../core/index.ts';
import type { Draft } from './draft.ts';
import type { ReplicaTx, SpaceRow, StoredRecord } from './ports.ts';

interface Touch {
  readonly tx: ReplicaTx;
  readonly draft: Draft;
  /** As it is after the fold. */
  readonly space: SpaceRow;
  readonly folded: Folded;
  readonly ops: readonly SequencedOp[];
  /** Own rows at hand, as they are after the fold. */
  readonly ownRows: readonly OutboxRow[];
  /** Ops that are pending no more: folded or set aside. */
  readonly gone: readonly OpRef[];
}

/**
 * Cost follows the records touched and what is pending on them, never the outbox. A pending op
 * leaves the pending ones in the same step in which it enters the confirmed state, so nobody sees
 * their edit vanish and come back.
 */
export async function rebaseTouched({
  tx,
  draft,
  space,
  folded,
  ops,
  ownRows,
  gone,
}: Touch): Promise<void> {
  const settled = new Set(gone.map(nameOf));
  const touched = new Map<RecordKey, StoredRecord>();
  const byRow = new Map(ownRows.map((row) => [row.row, row]));
  const goneOps = gone.flatMap(({ row, index }) => {
    const found = byRow.get(row);
    return found ? [pendingOp(found, index)] : [];
  });
  for (const mutation of [...ops, ...goneOps].flatMap(mutationsOf)) {
    const key = recordKeyOf(mutation);
    const { collection, id } = mutation;
    touched.set(key, draft.record(space.space, key) ?? { key, collection, id, pending: [] });
  }
  const waiting = [...touched.values()].flatMap((record) =>
    record.pending.filter((ref) => !settled.has(nameOf(ref))),
  );
  const rows = await rowsFor(tx, waiting, ownRows);
  for (const record of touched.values()) {
    const pending = record.pending.filter((ref) => {
      const row = rows.get(ref.row);
      return (
        !settled.has(nameOf(ref)) && row !== undefined && isPending(row, ref.index, space.progress)
      );
    });
    draft.putRecord(space.space, rebased(record, folded, pending, rows));
  }
}

function rebased(
  record: StoredRecord,
  folded: Folded,
  pending: readonly OpRef[],
  rows: ReadonlyMap<RowId, OutboxRow>,
): StoredRecord {
  const { key, collection, id } = record;
  const confirmed = folded.records.get(key) ?? record.confirmed;
  const ops = pending.map(({ row, index }) => pendingOp(rows.get(row) as OutboxRow, index));
  const state = ops.length > 0 ? applyPending(key, confirmed, ops) : undefined;
  return {
    key,
    collection,
    id,
    pending,
    ...(confirmed && { confirmed }),
    ...(state && { rebased: state }),
  };
}

/** The rows that `refs` name: those at hand, and the others from disk. */
async function rowsFor(tx: ReplicaTx, refs: readonly OpRef[], atHand: readonly OutboxRow[]) {
  const rows = new Map(atHand.map((row) => [row.row, row]));
  const missing = new Set(refs.map(({ row }) => row).filter((row) => !rows.has(row)));
  if (missing.size === 0) return rows;
  return new Map([...rows, ...(await tx.rows([...missing]))]);
}

const nameOf = ({ row, index }: OpRef): string => `${row}:${index}`;
