/** Journals: entries in the order of the log, and never a conflict. */
import type { Json } from './json.ts';
import { listOf, withList, type RecordState } from './record.ts';
import { stampOf, type Write } from './write.ts';

export const append = (state: RecordState, field: string, entry: Json, write: Write): RecordState =>
  withList(state, 'journals', field, [
    ...listOf(state, 'journals', field),
    { ...stampOf(write), entry },
  ]);
