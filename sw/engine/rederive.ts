/** After rows of a space's outbox changed all at once: the views of what they touch, anew. */
import {
  mutationsOf,
  pendingIndexes,
  pendingOp,
  recordKeyOf,
  type OpRef,
  type OutboxRow,
  type Progress,
  type RecordKey,
} from '../../core/index.ts';
import { Draft } from './draft.ts';
import type { Context } from './fold-into.ts';
import type { RecordName, SpaceRow } from './ports.ts';
import type { Left } from './leave.ts';
import { finishMoves } from './moves.ts';
import { opsOf, rebasedOn } from './rebase-touched.ts';
import { followRegistry } from './spaces.ts';

const NOTHING_LEFT = { rows: [], gone: [] };

/** What is pending on each record, by the rows of the outbox. */
export function pendingByRecord(
  rows: readonly OutboxRow[],
  progress: Progress,
): Map<RecordKey, { readonly name: RecordName; readonly refs: OpRef[] }> {
  const found = new Map<RecordKey, { name: RecordName; refs: OpRef[] }>();
  for (const row of rows) {
    for (const index of pendingIndexes(row, progress)) {
      for (const { collection, id } of mutationsOf(pendingOp(row, index))) {
        const key = recordKeyOf({ collection, id });
        const known = found.get(key) ?? { name: { collection, id }, refs: [] };
        const last = known.refs.at(-1);
        // An op may name a record more than once.
        if (last?.row !== row.row || last.index !== index) known.refs.push({ row: row.row, index });
        found.set(key, known);
      }
    }
  }
  return found;
}

/**
 * Stores the space's row and the views of all records with something pending, before or now. `left`
 * are the ops that were set aside by this, and their rows.
 */
export async function rederive(
  { ports, tx, meta, registry }: Context,
  space: SpaceRow,
  rows: readonly OutboxRow[],
  left: Pick<Left, 'rows' | 'gone'> = NOTHING_LEFT,
): Promise<void> {
  const draft = new Draft(tx);
  await draft.loadSpaces([space.space]);
  draft.putSpace(space);
  const due = pendingByRecord(rows, space.progress);
  const byRow = new Map(rows.map((row) => [row.row, row]));
  const pending = [...due.values()].flatMap(({ refs }) => opsOf(refs, byRow));
  await draft.loadConflicts(space.space, pending);
  const beside = { rows: byRow, conflictOf: draft.conflictsOf(space.space) };
  for (const record of await tx.allRecords(space.space)) {
    const refs = due.get(record.key)?.refs ?? [];
    if (record.pending.length + refs.length === 0) continue;
    draft.putRecord(space.space, rebasedOn(record, record.confirmed, refs, beside));
  }
  await finishMoves({ ports, tx, draft }, left.rows, left.gone);
  if (space.space === meta.home) await followRegistry(ports, draft, meta.home, registry);
  await draft.save();
}
