/**
 * What a device's own ops have to become before they can be sent, once it has learnt that its actor
 * forked, or that the log is another one than it had folded. Pure: rows in, rows out.
 *
 *   clock   1 ······· at − 1 │ at ······· sealed   (unsealed)
 *           settled as it is │ sealed anew under another actor
 */
import { asClock, asSeq, type ActorId, type Clock, type Epoch, type Seq } from './ids.ts';
import { isTooLarge, type Limits } from './limits.ts';
import { clockAt, pendingIndexes, type OutboxRow, type Progress, type Went } from './outbox.ts';
import type { Was } from './payload.ts';

/** A fork that waits until nothing below `at` is pending any more. */
export interface Turn {
  /** The first clock that needs a new actor. */
  readonly at: Clock;
  /**
   * The log is to be read to its end first. The server says that the clock has other bytes there; they
   * may be our own op all the same, which a copy of this database has sent with another base.
   */
  readonly unread?: true;
}

/** An actor id that this replica had before a fork. */
export interface FormerSelf extends Was {
  /** From a base of this seq on, what was written under it counts as seen anyway. */
  readonly until: Seq;
}

/** Both turns at once: a device can learn of the second before it has made the first. */
export function joinTurns(one: Turn | undefined, other: Turn): Turn {
  if (!one) return other;
  const at = asClock(Math.min(one.at, other.at));
  return one.unread || other.unread ? { at, unread: true } : { at };
}

/** Whether nothing below the turn is pending: `first` is the oldest row of the outbox, if there is one. */
export function isDue({ at }: Turn, first: OutboxRow | undefined, progress: Progress): boolean {
  const [index] = first ? pendingIndexes(first, progress) : [];
  if (!first || index === undefined) return true;
  return (clockAt(first, index) ?? Infinity) >= at;
}

/** The former selves that an op of this base still has to name. */
export const wasFor = (selves: readonly FormerSelf[], base: Seq): Was[] =>
  selves.filter(({ until }) => base < until).map(({ actor, clock }) => ({ actor, clock }));

/** The selves after a fork: an actor that has nothing in the log need not be named. */
export function selvesAfter(
  selves: readonly FormerSelf[],
  { actor, clock, until }: FormerSelf,
): readonly FormerSelf[] {
  return clock === 0 ? selves : [...selves, { actor, clock, until }];
}

/** A row of another history, as it can be sent in this one: no base is above the last seq of both. */
export function rebasedRow(row: OutboxRow, from: Seq, epoch: Epoch | undefined): OutboxRow {
  const { seal: given, ...rest } = row;
  const base = asSeq(Math.min(row.base, from));
  if (!given) return { ...rest, base };
  const bases = [...(row.bases ?? []), row.base];
  return {
    ...rest,
    base,
    // The server may come back to the history that it was sent to before.
    ...(base !== row.base && { bases }),
    seal: epoch === undefined ? given : { clock: given.clock, epoch },
  };
}

export interface NewSelf {
  readonly actor: ActorId;
  readonly selves: readonly FormerSelf[];
}

/** A row that was written under an earlier id, to be sealed again under the new one. */
export function forkedRow(
  { seal: given, bases: _, ...row }: OutboxRow,
  before: number,
  { actor, selves }: NewSelf,
  limits: Limits,
): OutboxRow {
  const was = wasFor(selves, row.base);
  const from = row.before ?? 0;
  const went: Went[] = [...(row.went ?? [])];
  if (given && before > from) went.push({ actor: row.actor, clock: given.clock, from, to: before });
  return {
    ...row,
    actor,
    // What went under the earlier id stays what it was: a copy may have to send it again, to the byte.
    payloads: row.payloads.map((payload, i) =>
      i < before ? payload : withWas(payload, was, limits),
    ),
    ...(before > 0 && { before }),
    ...(went.length > 0 && { went }),
  };
}

/**
 * The payload with these former selves in place of those it named: the last of them, where there is
 * not room for all. A conflict too many can be looked at, a refused op has to be sent again.
 */
export function withWas(payload: string, was: readonly Was[], limits: Limits): string {
  if (was.length === 0 && !payload.includes('"was"')) return payload;
  const { was: _, ...rest } = JSON.parse(payload) as { do: unknown; was?: unknown };
  for (let first = 0; first < was.length; first++) {
    const text = JSON.stringify({ ...rest, was: was.slice(first) });
    if (!isTooLarge(text, limits)) return text;
  }
  return JSON.stringify(rest);
}

/** How many ops at the start of the row come before clock `at`, or went before an earlier fork. */
export function opsBefore(row: OutboxRow, at: Clock): number {
  const later = [...row.payloads.keys()].findIndex(
    (index) => index >= (row.before ?? 0) && (clockAt(row, index) ?? Infinity) >= at,
  );
  return later === -1 ? row.payloads.length : later;
}
