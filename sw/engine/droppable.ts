/** What a drop asks of the replica's database, beside what any fold does. */
import type { Conflict, ConflictKey, Seq, SpaceId } from '../../core/index.ts';
import type { StoredRecord } from './ports.ts';

/** What it weighs. */
export interface StoredDroppable {
  /** Those whose tombstone lies at or below its seq. */
  readonly records: readonly StoredRecord[];
  /** The conflicts that came to their end there. */
  readonly closed: readonly Conflict[];
  /** All that are open in the space. */
  readonly open: readonly ConflictKey[];
}

export interface DropTx {
  droppable(space: SpaceId, through: Seq): Promise<StoredDroppable>;
  /** Forgets these. */
  dropConflicts(space: SpaceId, keys: readonly ConflictKey[]): Promise<void>;
}
