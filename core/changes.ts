/** Edits of sets, counters and journals: none of them can lose to another, only to a deletion. */
import type { LostChange } from './conflict.ts';
import { increment } from './counters.ts';
import { append } from './journals.ts';
import type { Change } from './mutation.ts';
import type { RecordState, Stamp } from './record.ts';
import { addTo, elementsOf, removeFrom } from './sets.ts';
import type { Write } from './write.ts';

export function applyChange(state: RecordState, change: Change, write: Write): RecordState {
  switch (change.kind) {
    case 'add':
      return addTo(state, change.field, change.values, write);
    case 'remove':
      return removeFrom(state, change.field, change.values, write);
    case 'increment':
      return increment(state, change.field, change.by, write);
    case 'append':
      return append(state, change.field, change.entry, write);
  }
}

/** What is in the record's sets, counters and journals of the writes that `isAsked` picks. */
export function changesIn(
  { sets, counters, journals }: RecordState,
  isAsked: (stamp: Stamp) => boolean,
): { readonly changes: readonly Change[]; readonly stamps: readonly Stamp[] } {
  const changes: Change[] = [];
  const stamps: Stamp[] = [];
  const pick = <S extends Stamp>(all: readonly S[]): S[] => {
    const picked = all.filter(isAsked);
    stamps.push(...picked);
    return picked;
  };
  for (const [field, tags] of sets ?? []) {
    const values = elementsOf(pick(tags));
    if (values.length > 0) changes.push({ kind: 'add', field, values });
  }
  for (const [field, parts] of counters ?? []) {
    for (const { total: by } of pick(parts)) changes.push({ kind: 'increment', field, by });
  }
  for (const [field, entries] of journals ?? []) {
    for (const { entry } of pick(entries)) changes.push({ kind: 'append', field, entry });
  }
  return { changes, stamps };
}

/** As a conflict tells it: the change alone, and whether it lies under the tombstone all the same. */
export function lostChange(change: Change, isKept: boolean): LostChange {
  const lost = changeAlone(change);
  return isKept ? { ...lost, kept: true } : lost;
}

function changeAlone(change: Change): Change {
  const { kind, field } = change;
  switch (kind) {
    case 'add':
    case 'remove':
      return { kind, field, values: change.values };
    case 'increment':
      return { kind, field, by: change.by };
    case 'append':
      return { kind, field, entry: change.entry };
  }
}
