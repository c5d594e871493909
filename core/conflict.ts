/**
 * Conflict records: what a fold found that two people wrote without having seen each other. They
 * are derived, never sent, so every replica at one seq has the same ones, losers included.
 */
import type { ActorId, Clock } from './ids.ts';
import type { Fields } from './payload.ts';
import type { Stamp } from './record.ts';

/** Who lost to whom: an edit to an edit, an edit to a deletion, or what a deletion had not seen. */
export type ConflictKind = 'edit-edit' | 'edit-delete' | 'delete-edit';

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

/** One side: the values it wrote, or `null` for a deletion; a record never known here has no stamp. */
export interface ConflictSide {
  readonly values: Fields | null;
  readonly stamp: Stamp | null;
}

export interface Conflict extends ConflictName {
  readonly open: boolean;
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
