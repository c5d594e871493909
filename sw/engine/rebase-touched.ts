/** After a fold: the records it touched get their confirmed state, and their views anew on top of it. */
import {
  applyPending,
  isPending,
  pendingOp,
  recordKeyOf,
  stateAfter,
  type ConflictOf,
  type Folded,
  type OpRef,
  type OutboxRow,
  type PendingOp,
  type RecordKey,
  type RecordState,
  type RowId,
} from '../../core/index.ts';
import type { Draft } from './draft.ts';
import type { RecordName, ReplicaTx, SpaceRow, StoredRecord } from './ports.ts';

interface Touch {
  readonly tx: ReplicaTx;
  readonly draft: Draft;
  /** As it is after the fold. */
  readonly space: SpaceRow;
  readonly folded: Pick<Folded, 'records' | 'conflicts'> & Partial<Pick<Folded, 'dropped'>>;
  /** What names them: the mutations of ops that were folded, or are pending no more. */
  readonly touching: readonly RecordName[];
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
  touching,
  ownRows,
  gone,
}: Touch): Promise<void> {
  const settled = new Set(gone.map(nameOf));
  const touched = new Map<RecordKey, StoredRecord>();
  for (const { collection, id } of touching) {
    const key = recordKeyOf({ collection, id });
    touched.set(key, draft.record(space.space, key) ?? { key, collection, id, pending: [] });
  }
  const waiting = [...touched.values()].flatMap((record) =>
    record.pending.filter((ref) => !settled.has(nameOf(ref))),
  );
  const rows = await rowsFor(tx, waiting, ownRows);
  await draft.loadConflicts(space.space, opsOf(waiting, rows));
  const known = draft.conflictsOf(space.space);
  const conflictOf: ConflictOf = (key) =>
    folded.dropped?.conflicts.has(key) ? undefined : (folded.conflicts.get(key) ?? known(key));
  for (const record of touched.values()) {
    const pending = record.pending.filter((ref) => {
      const row = rows.get(ref.row);
      return (
        !settled.has(nameOf(ref)) && row !== undefined && isPending(row, ref.index, space.progress)
      );
    });
    const confirmed = stateAfter(folded, record.key, record.confirmed);
    draft.putRecord(space.space, rebasedOn(record, confirmed, pending, { rows, conflictOf }));
  }
}

/** What a view is derived from beside its record: rows and conflicts that the pending ops name. */
export interface Beside {
  readonly rows: ReadonlyMap<RowId, OutboxRow>;
  readonly conflictOf: ConflictOf;
}

/** The record with this confirmed state, and its view anew on top of it. */
export function rebasedOn(
  { key, collection, id, moving }: StoredRecord,
  confirmed: RecordState | undefined,
  pending: readonly OpRef[],
  { rows, conflictOf }: Beside,
): StoredRecord {
  const ops = opsOf(pending, rows);
  const state = ops.length > 0 ? applyPending(key, confirmed, ops, conflictOf) : undefined;
  return {
    key,
    collection,
    id,
    pending,
    ...(confirmed && { confirmed }),
    ...(state && { rebased: state }),
    ...(moving && { moving }),
  };
}

/** The ops of these names, as far as their rows are there. */
export const opsOf = (refs: readonly OpRef[], rows: ReadonlyMap<RowId, OutboxRow>): PendingOp[] =>
  refs.flatMap(({ row, index }) => {
    const found = rows.get(row);
    return found ? [pendingOp(found, index)] : [];
  });

/** The rows that `refs` name: those at hand, and the others from disk. */
async function rowsFor(tx: ReplicaTx, refs: readonly OpRef[], atHand: readonly OutboxRow[]) {
  const rows = new Map(atHand.map((row) => [row.row, row]));
  const missing = new Set(refs.map(({ row }) => row).filter((row) => !rows.has(row)));
  if (missing.size === 0) return rows;
  return new Map([...rows, ...(await tx.rows([...missing]))]);
}

const nameOf = ({ row, index }: OpRef): string => `${row}:${index}`;
