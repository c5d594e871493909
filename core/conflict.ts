/**
 * Conflict records: what a fold found that two people wrote without having seen each other. They
 * are derived, never sent, so every replica at one seq has the same ones, losers included.
 */
import type { ActorId, Clock } from './ids.ts';
import type { Change, Fields } from './mutation.ts';
import type { Stamp } from './record.ts';

/**
 * Who lost to whom: an edit to an edit, an edit to a deletion, what a deletion had not seen, or a
 * resolve to one that had closed the same conflict before.
 */
export const CONFLICT_KINDS = [
  'edit-edit',
  'edit-delete',
  'delete-edit',
  'resolve-resolve',
] as const;
export type ConflictKind = (typeof CONFLICT_KINDS)[number];

export const isConflictKind = (kind: unknown): kind is ConflictKind =>
  CONFLICT_KINDS.some((known) => known === kind);

/**
 * Named by the op that brought it about, the record, the field (the whole record is `null`) and the
 * kind: one op can delete what it had not seen and then lose an edit to its own deletion.
 */
export interface ConflictName {
  readonly actor: ActorId;
  readonly clock: Clock;
  readonly collection: string;
  readonly id: string;
  readonly field: string | null;
  readonly kind: ConflictKind;
}

/** An edit of a set, a counter or a journal that a deletion won over; `kept`: it is under the tombstone. */
export type LostChange = Change & { readonly kept?: true };

/** One side: the values it wrote, or `null` for a deletion; a record never known here has no stamp. */
export interface ConflictSide {
  readonly values: Fields | null;
  /** What it changed beside these, in order; absent where that is nothing. */
  readonly changes?: readonly LostChange[];
  readonly stamp: Stamp | null;
}

export interface Conflict extends ConflictName {
  readonly open: boolean;
  /** The resolve that closed it; one that was born closed has none. */
  readonly closed?: Stamp;
  readonly winner: ConflictSide;
  readonly loser: ConflictSide;
}

declare const conflictKey: unique symbol;
export type ConflictKey = string & { readonly [conflictKey]: true };

export const conflictKeyOf = (name: ConflictName): ConflictKey =>
  JSON.stringify([
    name.actor,
    name.clock,
    name.collection,
    name.id,
    name.field,
    name.kind,
  ]) as ConflictKey;

/** The name that a key was made of. */
export function conflictNameOf(key: ConflictKey): ConflictName {
  const [actor, clock, collection, id, field, kind] = JSON.parse(key) as [
    ActorId,
    Clock,
    string,
    string,
    string | null,
    ConflictKind,
  ];
  return { actor, clock, collection, id, field, kind };
}

/** Where a closed conflict came to its end: with the resolve, or at its birth. */
export const endedAt = (conflict: Conflict): number => conflict.closed?.seq ?? birthOf(conflict);

/** Where it was brought about: the later of its two sides. */
export const birthOf = ({ winner, loser }: Conflict): number =>
  Math.max(winner.stamp?.seq ?? 0, loser.stamp?.seq ?? 0);
