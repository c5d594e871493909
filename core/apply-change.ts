/** Edits of sets, counters and journals: none of them can lose to another, only to a deletion. */
import { increment } from './counters.ts';
import { append } from './journals.ts';
import type { Change } from './mutation.ts';
import type { RecordState } from './record.ts';
import { addTo, removeFrom } from './sets.ts';
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
