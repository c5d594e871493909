/**
 * What a device's own ops have to become before they can be sent, once it has learnt that its actor
 * forked, or that the log is another one than it had folded. Pure: rows in, rows out.
 *
 *   clock   1 ······· at − 1 │ at ······· sealed   (unsealed)
 *           settled as it is │ sealed anew under another actor (a fork),
 *                            │ or kept with a base that the other log has (another history)
 */
import { asClock, asSeq, type ActorId, type Clock, type Epoch, type Seq } from './ids.ts';
import { isTooLarge, type Limits } from './limits.ts';
import { clockAt, pendingIndexes, type OutboxRow, type Progress } from './outbox.ts';
import type { Was } from './payload.ts';

/** A turn that waits until nothing below `at` is pending any more. */
export interface Turn {
  /** The first clock that it is about. */
  readonly at: Clock;
  /** Whether the ops need a new actor. */
  readonly fork: boolean;
  /** The last seq that the log has in common with what was folded here: no base may be above it. */
  readonly from?: Seq;
}

/** An actor id that this replica had before a fork. */
export interface FormerSelf extends Was {
  /** From a base of this seq on, what was written under it counts as seen anyway. */
  readonly until: Seq;
}

/** Both turns at once: a device can learn of the second before it has made the first. */
export function joinTurns(one: Turn | undefined, other: Turn): Turn {
  if (!one) return other;
  const bases = [one.from, other.from].filter((from) => from !== undefined);
  return {
    at: asClock(Math.min(one.at, other.at)),
    fork: one.fork || other.fork,
    ...(bases.length > 0 && { from: asSeq(Math.min(...bases)) }),
  };
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

/** A row of another history, as it can be sent in this one. */
export function rebasedRow(row: OutboxRow, from: Seq, epoch: Epoch | undefined): OutboxRow {
  const { seal: given, ...rest } = row;
  const base = asSeq(Math.min(row.base, from));
  if (!given) return { ...rest, base };
  return { ...rest, base, seal: epoch === undefined ? given : { clock: given.clock, epoch } };
}

export interface NewSelf {
  readonly actor: ActorId;
  readonly selves: readonly FormerSelf[];
}

/** A row that was written under an earlier id, to be sealed again under the new one. */
export function forkedRow(
  { seal: _, ...row }: OutboxRow,
  before: number,
  { actor, selves }: NewSelf,
  limits: Limits,
): OutboxRow {
  const was = wasFor(selves, row.base);
  return {
    ...row,
    actor,
    payloads: row.payloads.map((payload) => withWas(payload, was, limits)),
    ...(before > 0 && { before }),
  };
}

/**
 * The payload with these former selves in place of those it named. Where it would grow too large to
 * be sent it is left alone: a conflict too many can be looked at, a refused op has to be sent again.
 */
export function withWas(payload: string, was: readonly Was[], limits: Limits): string {
  if (was.length === 0 && !payload.includes('"was"')) return payload;
  const { was: _, ...rest } = JSON.parse(payload) as { do: unknown; was?: unknown };
  const text = JSON.stringify(was.length > 0 ? { ...rest, was } : rest);
  return isTooLarge(text, limits) ? payload : text;
}

/** How many ops at the start of the row come before clock `at`, or went before an earlier fork. */
export function opsBefore(row: OutboxRow, at: Clock): number {
  const later = [...row.payloads.keys()].findIndex(
    (index) => index >= (row.before ?? 0) && (clockAt(row, index) ?? Infinity) >= at,
  );
  return later === -1 ? row.payloads.length : later;
}
