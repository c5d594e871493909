/** The view of a record: what is confirmed, with this replica's pending ops applied on top. */
import { asClock, asSeq } from './ids.ts';
import { mutationsOf } from './fold.ts';
import { applyMutation, type Write } from './mutate.ts';
import type { PendingOp } from './op.ts';
import { parsePayload } from './payload.ts';
import {
  recordKeyOf,
  visibleFields,
  type RecordFields,
  type RecordKey,
  type RecordState,
} from './record.ts';

/** Where a pending op stands for its view: after everything in the log, in an order of its own. */
const NEXT_SEQ = asSeq(Number.MAX_SAFE_INTEGER);
const NO_CLOCK = asClock(0);

/**
 * What the user sees of the record `key`: undefined if it is unknown or deleted. `pending` are the
 * ops of this replica that touch it, in the order of the outbox; each is applied as if it came next
 * in the log. Conflicts are left to the fold, which meets the op in its real place.
 */
export function deriveView(
  key: RecordKey,
  confirmed: RecordState | undefined,
  pending: readonly PendingOp[],
): RecordFields | undefined {
  return visibleFields(applyPending(key, confirmed, pending));
}

/** The record as it would be if the pending ops were folded now, one by one. */
export function applyPending(
  key: RecordKey,
  confirmed: RecordState | undefined,
  pending: readonly PendingOp[],
): RecordState | undefined {
  let state = confirmed;
  for (const op of pending) {
    const write: Write = { ...op, seq: NEXT_SEQ, clock: NO_CLOCK, was: wasOf(op) };
    for (const mutation of mutationsOf(op)) {
      if (recordKeyOf(mutation) === key) state = applyMutation(state, mutation, write).state;
    }
  }
  return state;
}

function wasOf(op: PendingOp) {
  const parsed = parsePayload(op.payload, op.v);
  return parsed.kind === 'known' ? parsed.payload.was : [];
}
