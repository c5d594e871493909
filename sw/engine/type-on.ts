/** A write that types on where the last one stopped takes its place in the outbox: the two are one op. */
import { mutationsOf, pendingOp, recordKeyOf, typedOn, type OutboxRow } from '../../core/index.ts';
import type { Draft } from './draft.ts';
import type { ReplicaTx } from './ports.ts';
import { opsOf, rebasedOn } from './rebase-touched.ts';

/** The row that it became part of, already stored and in the view; undefined where it is an op of its own. */
export async function typeOn(
  tx: ReplicaTx,
  draft: Draft,
  next: Omit<OutboxRow, 'row'>,
): Promise<OutboxRow | undefined> {
  const row = next.typing && typedOn(await tx.lastRow(next.space), next);
  if (!row || isLeaving(draft, row)) return undefined;
  await tx.putRows([row]);
  for (const name of mutationsOf(pendingOp(row, 0))) {
    const record = draft.record(row.space, recordKeyOf(name));
    if (!record) continue;
    const rows = await tx.rows(record.pending.map((ref) => ref.row));
    await draft.loadConflicts(row.space, opsOf(record.pending, rows));
    const beside = { rows, conflictOf: draft.conflictsOf(row.space) };
    draft.putRecord(row.space, rebasedOn(record, record.confirmed, record.pending, beside));
  }
  return row;
}

/** What is written again where it is leaving stays (moves.ts): that takes an op behind the move. */
const isLeaving = (draft: Draft, row: OutboxRow): boolean =>
  mutationsOf(pendingOp(row, 0)).some(
    (name) => draft.record(row.space, recordKeyOf(name))?.moving !== undefined,
  );
