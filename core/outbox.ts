/**
 * The outbox as data: one row for each accepted write, however many ops it holds. A row has no
 * clock until it is sealed; from then on its clock and bytes never change.
 */
import { asClock, type ActorId, type Clock, type Epoch, type Seq, type SpaceId } from './ids.ts';
import type { Limits } from './limits.ts';
import type { OpToSend, PendingOp } from './op.ts';
import { utf8Length } from './json.ts';

/** A row's place on this device: the order of acceptance, over all spaces. */
export type RowId = number;

export interface OutboxRow {
  readonly row: RowId;
  readonly space: SpaceId;
  readonly actor: ActorId;
  readonly base: Seq;
  /** The author's wall time in ms. */
  readonly at: number;
  readonly v: number;
  /** One text for each op: a batch is one op, a bulk write has many. */
  readonly payloads: readonly string[];
  /** The clock of its first op and the epoch it was sealed in; the others follow densely. */
  readonly seal?: { readonly clock: Clock; readonly epoch?: Epoch };
  /** Ops of this row that were refused and set aside, by their place in it. */
  readonly gone?: readonly number[];
}

/** Names one op of a row: a record remembers by these what is pending on it. */
export interface OpRef {
  readonly row: RowId;
  readonly index: number;
}

/** How far an actor of this device has come in its space. */
export interface Progress {
  /** The last clock given to a row. */
  readonly sealed: Clock;
  /** Every clock up to here is settled on the server. */
  readonly acked: Clock;
  /** Every clock up to here is folded, or was set aside. */
  readonly folded: Clock;
}

/** The row with its clock: final from now on. */
export function seal(row: OutboxRow, after: Clock, epoch: Epoch | undefined): OutboxRow {
  const clock = asClock(after + 1);
  return { ...row, seal: epoch === undefined ? { clock } : { clock, epoch } };
}

/** The last clock of a sealed row; undefined for an unsealed one. */
export const lastClockOf = (row: OutboxRow): Clock | undefined =>
  row.seal && asClock(row.seal.clock + row.payloads.length - 1);

/** Whether op `index` of the row still waits to be folded. */
export function isPending(row: OutboxRow, index: number, progress: Progress): boolean {
  if (index >= row.payloads.length || row.gone?.includes(index)) return false;
  return !row.seal || row.seal.clock + index > progress.folded;
}

/** Op `index` of the row, as the view applies it. */
export function pendingOp(row: OutboxRow, index: number): PendingOp {
  const { actor, base, at, v } = row;
  return { actor, base, at, v, payload: row.payloads[index] ?? '' };
}

/**
 * The next ops to send of one space: unsettled, in clock order, within the limits. `rows` are
 * sealed and in order. Room is in bytes of the request that is being filled; an op that no request
 * has room for goes alone, for the server to judge.
 */
export function opsToSend(
  rows: readonly OutboxRow[],
  progress: Progress,
  limits: Limits,
  room: number = limits.bodyBytes,
): OpToSend[] {
  const ops: OpToSend[] = [];
  let bytes = 0;
  for (const row of rows) {
    if (!row.seal) break;
    const { base, at, v } = row;
    for (const [index, payload] of row.payloads.entries()) {
      const clock = asClock(row.seal.clock + index);
      if (clock <= progress.acked) continue;
      const size = requestBytes(payload);
      const fits = bytes + size <= room || (ops.length === 0 && size > limits.bodyBytes);
      if (ops.length === limits.opsPerSpace || !fits) return ops;
      bytes += size;
      ops.push({ clock, base, at, v, payload });
    }
  }
  return ops;
}

const OP_OVERHEAD = 120;

/** What an op takes up in a request body, from above: quotes and backslashes are escaped again. */
export const requestBytes = (payload: string): number =>
  OP_OVERHEAD + utf8Length(payload) + (payload.match(/["\\]/g)?.length ?? 0);
