/** What a drop weighs, of a state that is in memory as a whole. */
import type { Droppable } from './changed-state.ts';
import type { Conflict, ConflictKey } from './conflict.ts';
import type { RecordKey, RecordState } from './record.ts';

export interface WholeMaps {
  readonly records: ReadonlyMap<RecordKey, RecordState>;
  readonly conflicts: ReadonlyMap<ConflictKey, Conflict>;
}

export const droppableIn = ({ records, conflicts }: WholeMaps): Droppable => ({
  tombstones: [...records.values()].filter(({ grave }) => grave !== undefined),
  closed: [...conflicts.values()].filter(({ open }) => !open),
  open: [...conflicts].flatMap(([key, { open }]) => (open ? [key] : [])),
});
