/**
 * The outbox as data: one row for each accepted write, however many ops it holds. A row has no
 * clock until it is sealed; from then on its clock and bytes never change.
 */
import type { ConflictKey } from './conflict.ts';
import { asClock, type ActorId, type Clock, type Epoch, type Seq, type SpaceId } from './ids.ts';
import type { Limits } from './limits.ts';
import type { OpToSend, PendingOp, VoidClock } from './op.ts';
import { utf8Length } from './json.ts';
import type { Typing } from './typing.ts';

/** A row's place on this device: the order of acceptance, over all spaces. */
export type RowId = number;

/** The other half of a move: the record is deleted in `space` once op `index` of the row is in its log. */
export interface Following {
  readonly index: number;
  readonly space: SpaceId;
  /** The base of that deletion, and by how often its space had been built anew by then. */
  readonly base: Seq;
  readonly rebuilt?: number;
  readonly collection: string;
  readonly id: string;
}

/** The ops of a row from place `from` to before `to`, which went under the id that their actor had then. */
export interface Went {
  readonly actor: ActorId;
  /** The clock of the first of them; the others follow densely. */
  readonly clock: Clock;
  readonly from: number;
  readonly to: number;
}

export interface OutboxRow {
  readonly row: RowId;
  readonly space: SpaceId;
  readonly actor: ActorId;
  readonly base: Seq;
  /** With which it may have been sent before, where another history had to give it a lower one. */
  readonly bases?: readonly Seq[];
  /** The author's wall time in ms. */
  readonly at: number;
  readonly v: number;
  /** One text for each op: a batch is one op, a bulk write has many. */
  readonly payloads: readonly string[];
  /** How many of its first ops went under the identity that its actor had before a fork. */
  readonly before?: number;
  /** Under which ids those went. */
  readonly went?: readonly Went[];
  /** The clock of its first op behind those, and the epoch it was sealed in; the others follow densely. */
  readonly seal?: { readonly clock: Clock; readonly epoch?: Epoch };
  /** Ops of this row that were set aside, by their place in it. */
  readonly gone?: readonly number[];
  /** More of the same may be typed: it is not sealed yet. */
  readonly typing?: Typing;
  /** What is to follow in other spaces, and has not yet. */
  readonly follows?: readonly Following[];
  /** The conflicts that its ops resolve: the row is found by these. */
  readonly resolves?: readonly ConflictKey[];
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
  /** A snapshot holds our ops up to here. Those not settled yet are pending until they are. */
  readonly covered?: Clock;
}

export const NO_PROGRESS: Progress = { sealed: asClock(0), acked: asClock(0), folded: asClock(0) };

/** Progress after everything up to `acked` was settled and up to `folded` was folded. Never goes back. */
export function advanced(
  before: Progress,
  { acked, folded }: Pick<Progress, 'acked' | 'folded'>,
): Progress {
  const settled = Math.max(before.acked, acked, folded);
  const done = Math.max(before.folded, folded, Math.min(before.covered ?? 0, settled));
  return { ...before, acked: asClock(settled), folded: asClock(done) };
}

/**
 * Progress with a server that has settled nothing of ours beyond `acked`. One that was restored has
 * forgotten what it settled since; what is folded here is in its log, whatever it says.
 */
export const stillSettled = (before: Progress, acked: Clock): Progress => ({
  ...before,
  acked: asClock(Math.min(before.acked, Math.max(acked, before.folded))),
});

/**
 * Progress with a server whose log is another one behind what is folded here: under a clock that was
 * settled in the former it may have refused something in this, and only who sends the op again hears
 * whether it was that.
 */
export const sentAgain = (before: Progress): Progress => ({ ...before, acked: before.folded });

/** The row with its clock: final from now on. */
export function seal<Row extends Omit<OutboxRow, 'row'>>(
  { typing: _, ...row }: Row,
  after: Clock,
  epoch: Epoch | undefined,
): Omit<Row, 'typing'> & Pick<OutboxRow, 'seal'> {
  const clock = asClock(after + 1);
  return { ...row, seal: epoch === undefined ? { clock } : { clock, epoch } };
}

/** The clock of op `index`; undefined for an unsealed row, and for an op that went before a fork. */
export function clockAt(
  { seal: given, before = 0 }: Pick<OutboxRow, 'seal' | 'before'>,
  index: number,
): Clock | undefined {
  return given && index >= before ? asClock(given.clock + index - before) : undefined;
}

/** The clocks that ops of the row have under this actor, by their places. */
export function clocksUnder(row: OutboxRow, actor: ActorId): Map<Clock, number> {
  const clocks = new Map<Clock, number>();
  for (const { clock, from, to, actor: then } of row.went ?? []) {
    if (then !== actor) continue;
    for (let index = from; index < to; index++) clocks.set(asClock(clock + index - from), index);
  }
  if (row.actor !== actor) return clocks;
  for (const index of row.payloads.keys()) {
    const clock = clockAt(row, index);
    if (clock !== undefined) clocks.set(clock, index);
  }
  return clocks;
}

/** The last clock of a sealed row; undefined for an unsealed one. */
export const lastClockOf = (
  row: Pick<OutboxRow, 'seal' | 'before' | 'payloads'>,
): Clock | undefined => clockAt(row, row.payloads.length - 1);

/** Whether op `index` of the row still waits to be folded. */
export function isPending(row: OutboxRow, index: number, progress: Progress): boolean {
  if (index < (row.before ?? 0) || index >= row.payloads.length) return false;
  if (row.gone?.includes(index)) return false;
  return (clockAt(row, index) ?? Infinity) > progress.folded;
}

/** The places in the row whose ops still wait to be folded. */
export const pendingIndexes = (row: OutboxRow, progress: Progress): number[] =>
  [...row.payloads.keys()].filter((index) => isPending(row, index, progress));

/** Op `index` of the row, as the view applies it. */
export function pendingOp(row: OutboxRow, index: number): PendingOp {
  const { actor, base, at, v } = row;
  return { actor, base, at, v, payload: row.payloads[index] ?? '' };
}

/** What bounds the ops of one space in a request. */
export interface Room {
  readonly limits: Limits;
  /** Bytes of the request's body that are left. */
  readonly bytes: number;
  /** How many ops it may carry. */
  readonly ops: number;
  /** The last clock that may be sent. */
  readonly through: number;
}

/**
 * The next ops to send of one space: unsettled, in clock order, within the room that is left. `rows`
 * are sealed and in order. A clock of ours that no op has any more, withdrawn or forgotten since, is
 * sent as void: the server takes no clock beyond one it does not know. An op that no request has
 * room for goes alone, for the server to judge.
 */
export function opsToSend(
  rows: readonly OutboxRow[],
  progress: Progress,
  room: Room,
): (OpToSend | VoidClock)[] {
  const ops: (OpToSend | VoidClock)[] = [];
  const most = Math.min(room.ops, room.limits.opsPerSpace);
  let bytes = 0;
  const add = (op: OpToSend | VoidClock): boolean => {
    const size = sentBytes(op);
    const fits = bytes + size <= room.bytes || (ops.length === 0 && size > room.limits.bodyBytes);
    if (ops.length >= most || !fits || op.clock > room.through) return false;
    bytes += size;
    ops.push(op);
    return true;
  };
  let next = progress.acked + 1;
  for (const row of rows) {
    if (!row.seal) break;
    for (const index of row.payloads.keys()) {
      const clock = clockAt(row, index) ?? 0;
      if (clock < next) continue;
      for (; next < clock; next++) if (!add({ clock: asClock(next), void: true })) return ops;
      if (!add(opAt(row, index, asClock(clock)))) return ops;
      next = clock + 1;
    }
  }
  return ops;
}

function opAt(row: OutboxRow, index: number, clock: Clock): OpToSend | VoidClock {
  if (row.gone?.includes(index)) return { clock, void: true };
  const { base, at, v } = row;
  return { clock, base, at, v, payload: row.payloads[index] ?? '' };
}

const OP_OVERHEAD = 120;

/** What an op takes up in a request body, from above. */
export const sentBytes = (op: OpToSend | VoidClock): number =>
  'void' in op ? OP_OVERHEAD : requestBytes(op.payload);

/** The same of its payload: quotes and backslashes are escaped again. */
export const requestBytes = (payload: string): number =>
  OP_OVERHEAD + utf8Length(payload) + (payload.match(/["\\]/g)?.length ?? 0);
