/** Edits of sets, counters and journals, as they are told. */
import type { LostChange } from './conflict.ts';
import { elementsOf } from './contents.ts';
import type { Change } from './mutation.ts';
import type { RecordState, Stamp } from './record.ts';

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
