/**
 * What a fold has changed so far, laid over what was confirmed before: each op sees what those before
 * it did, and the host is told at the end what to write and what to remove.
 */
import {
  conflictKeyOf,
  conflictNameOf,
  endedAt,
  type Conflict,
  type ConflictKey,
} from './conflict.ts';
import type { Seq } from './ids.ts';
import { joinConflicts } from './make-conflict.ts';
import { recordKeyOf, type RecordKey, type RecordState } from './record.ts';

/** The state folded so far, as far as the ops at hand touch it. */
export interface Confirmed {
  get(key: RecordKey): RecordState | undefined;
  /** Asked of those alone that an op names. */
  conflict(key: ConflictKey): Conflict | undefined;
  /** Asked where an op is a drop, with its seq. */
  droppable(through: Seq): Droppable;
}

/** What a drop weighs: all of it that lies at or below its seq. What else is among it is left alone. */
export interface Droppable {
  /** Deleted records. */
  readonly tombstones: Iterable<RecordState>;
  readonly closed: Iterable<Conflict>;
  /** Every open conflict, wherever it lies: its tombstone stays. */
  readonly open: Iterable<ConflictKey>;
}

/** What is known no more. */
export interface Dropped {
  readonly records: ReadonlySet<RecordKey>;
  readonly conflicts: ReadonlySet<ConflictKey>;
}

export class ChangedState {
  readonly records = new Map<RecordKey, RecordState>();
  readonly conflicts = new Map<ConflictKey, Conflict>();
  readonly dropped = { records: new Set<RecordKey>(), conflicts: new Set<ConflictKey>() };
  readonly #confirmed: Confirmed;

  constructor(confirmed: Confirmed) {
    this.#confirmed = confirmed;
  }

  record(key: RecordKey): RecordState | undefined {
    if (this.dropped.records.has(key)) return undefined;
    return this.records.get(key) ?? this.#confirmed.get(key);
  }

  putRecord(key: RecordKey, state: RecordState): void {
    this.dropped.records.delete(key);
    this.records.set(key, state);
  }

  conflict(key: ConflictKey): Conflict | undefined {
    if (this.dropped.conflicts.has(key)) return undefined;
    return this.conflicts.get(key) ?? this.#confirmed.conflict(key);
  }

  putConflict(conflict: Conflict): void {
    this.conflicts.set(conflictKeyOf(conflict), conflict);
  }

  /** Parts of one op may lose to the same deletion: they are one conflict. */
  addConflict(conflict: Conflict): void {
    const same = this.conflicts.get(conflictKeyOf(conflict));
    this.putConflict(same ? joinConflicts(same, conflict) : conflict);
  }

  /** Takes the tombstones and the closed conflicts at or below `through`, but those of open conflicts. */
  drop(through: Seq): void {
    const { tombstones, closed, open } = this.#confirmed.droppable(through);
    for (const conflict of [...closed, ...this.conflicts.values()]) {
      const key = conflictKeyOf(conflict);
      if (this.dropped.conflicts.has(key)) continue;
      const now = this.conflicts.get(key) ?? conflict;
      if (now.open || endedAt(now) > through) continue;
      this.conflicts.delete(key);
      this.dropped.conflicts.add(key);
    }
    const held = this.#recordsOfOpen(open);
    for (const record of [...tombstones, ...this.records.values()]) {
      const key = recordKeyOf(record);
      if (this.dropped.records.has(key) || held.has(key)) continue;
      const { grave } = this.records.get(key) ?? record;
      if (!grave || grave.seq > through) continue;
      this.records.delete(key);
      this.dropped.records.add(key);
    }
  }

  /** The records that have an open conflict now. */
  #recordsOfOpen(open: Iterable<ConflictKey>): Set<RecordKey> {
    const held = new Set<RecordKey>();
    for (const conflict of this.conflicts.values())
      if (conflict.open) held.add(recordKeyOf(conflict));
    for (const key of open) {
      const isAsItWas = !this.conflicts.has(key) && !this.dropped.conflicts.has(key);
      if (isAsItWas) held.add(recordKeyOf(conflictNameOf(key)));
    }
    return held;
  }
}
