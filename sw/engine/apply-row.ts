/** An accepted row in the view: its ops on top of the records that they touch, and counted as pending. */
import {
  applyPending,
  mutationsOf,
  pendingOp,
  recordKeyOf,
  type OutboxRow,
} from '../../core/index.ts';
import type { Draft } from './draft.ts';

/**
 * The draft has read what the row's ops name, conflicts included. `from`: the place of its first op in
 * the row that it is stored in.
 */
export function applyRow(draft: Draft, row: OutboxRow, from = 0): void {
  applyOps(draft, row, from);
  countPending(draft, row);
}

export function countPending(draft: Draft, { space, payloads }: Omit<OutboxRow, 'row'>): void {
  const known = draft.space(space);
  if (known) draft.putSpace({ ...known, pending: known.pending + payloads.length });
}

/** The same without the counting. */
export function applyOps(draft: Draft, row: OutboxRow, from = 0): void {
  const conflictOf = draft.conflictsOf(row.space);
  for (const index of row.payloads.keys()) {
    const op = pendingOp(row, index);
    for (const name of uniqueNames(op)) {
      const key = recordKeyOf(name);
      // What is written again where it is leaving stays: see moves.ts.
      const { moving: _, ...before } = draft.record(row.space, key) ?? {
        ...name,
        key,
        pending: [],
      };
      const state = applyPending(key, before.rebased ?? before.confirmed, [op], conflictOf);
      draft.putRecord(row.space, {
        ...before,
        pending: [...before.pending, { row: row.row, index: from + index }],
        ...(state && { rebased: state }),
      });
    }
  }
}

function uniqueNames(op: { payload: string; v: number }) {
  const names = mutationsOf(op).map(({ collection, id }) => ({ collection, id }));
  return new Map(names.map((name) => [recordKeyOf(name), name])).values();
}
