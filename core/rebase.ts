/** The view of a record: what is confirmed, with this replica's pending ops applied on top. */
import { asClock, asSeq } from './ids.ts';
import { mutationsOf } from './fold.ts';
import { applyMutation } from './mutate.ts';
import type { PendingOp } from './op.ts';
import { parsePayload } from './payload.ts';
import { recordKeyOf, type RecordKey, type RecordState } from './record.ts';
import type { ConflictOf } from './resolve.ts';
import { visibleFields, type RecordFields } from './visible.ts';
import type { Write } from './write.ts';

/** Where a pending op stands for its view: after everything in the log, in an order of its own. */
const NEXT_SEQ = asSeq(Number.MAX_SAFE_INTEGER);
const NO_CLOCK = asClock(0);

/**
 * What the user sees of the record `key`: undefined if it is unknown or deleted. `pending` are the
 * ops of this replica that touch it, in the order of the outbox; each is applied as if it came next
 * in the log. Conflicts are left to the fold, which meets the op in its real place: `conflictOf` has
 * the confirmed ones, and a pending op can name no other, since no clock is given to it yet.
 */
export function deriveView(
  key: RecordKey,
  confirmed: RecordState | undefined,
  pending: readonly PendingOp[],
  conflictOf: ConflictOf,
): RecordFields | undefined {
  return visibleFields(applyPending(key, confirmed, pending, conflictOf));
}

/** The record as it would be if the pending ops were folded now, one by one. */
export function applyPending(
  key: RecordKey,
  confirmed: RecordState | undefined,
  pending: readonly PendingOp[],
  conflictOf: ConflictOf,
): RecordState | undefined {
  let state = confirmed;
  for (const op of pending) {
    const write: Write = { ...op, seq: NEXT_SEQ, clock: NO_CLOCK, was: wasOf(op) };
    for (const mutation of mutationsOf(op)) {
      if (recordKeyOf(mutation) !== key) continue;
      state = applyMutation(state, mutation, write, conflictOf).state;
    }
  }
  return state;
}

function wasOf(op: PendingOp) {
  const parsed = parsePayload(op.payload, op.v);
  return parsed.kind === 'known' ? parsed.payload.was : [];
}
