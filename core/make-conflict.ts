/** How the fold makes conflicts. */
import type { Conflict, ConflictName, ConflictSide, LostChange } from './conflict.ts';
import type { Fields } from './mutation.ts';
import type { Stamp } from './record.ts';
import { stampOf } from './write.ts';

/**
 * Both as one, where two parts of an op lose to one deletion: with all their changes, and the last
 * word on each value. What a second deletion by the op had not seen is all that the first had not.
 */
export function joinConflicts(first: Conflict, second: Conflict): Conflict {
  const values = new Map([...(first.loser.values ?? []), ...(second.loser.values ?? [])]);
  const earlier = second.kind === 'delete-edit' ? [] : (first.loser.changes ?? []);
  const changes = [...earlier, ...(second.loser.changes ?? [])];
  return {
    ...second,
    loser: { ...second.loser, values, ...(changes.length > 0 && { changes }) },
  };
}

/** A conflict's name but for its kind: by the op that brings it about. */
export const nameOf = (
  { collection, id }: { readonly collection: string; readonly id: string },
  field: string | null,
  { actor, clock }: Stamp,
): Omit<ConflictName, 'kind'> => ({ actor, clock, collection, id, field });

export const sideOf = (
  values: Fields | null,
  stamp: Stamp | null,
  changes: readonly LostChange[] = [],
): ConflictSide => ({
  values,
  ...(changes.length > 0 && { changes }),
  stamp: stamp && stampOf(stamp),
});
