/**
 * What one transaction is about to change: rows read once, changed in memory, written once. Every
 * step of the engine works on a draft, so that each has the same beats: read, decide, write once.
 */
import {
  conflictsNamed,
  dropsThrough,
  FIRST_SEQ,
  recordKeyOf,
  type ActorId,
  type Conflict,
  type ConflictKey,
  type ConflictOf,
  type Droppable,
  type RecordKey,
  type SpaceId,
} from '../../core/index.ts';
import type { StoredDroppable } from './droppable.ts';
import type { RecordName, ReplicaTx, SpaceRow, StoredRecord } from './ports.ts';

export class Draft {
  readonly #tx: ReplicaTx;
  readonly #spaces = new Map<SpaceId, SpaceRow>();
  readonly #changedSpaces = new Set<SpaceId>();
  readonly #records = new Map<SpaceId, Map<RecordKey, StoredRecord>>();
  readonly #changedRecords = new Map<SpaceId, Set<RecordKey>>();
  /** Read only: what the fold closes and finds is written by who folds. */
  readonly #conflicts = new Map<string, Conflict>();
  readonly #droppable = new Map<SpaceId, StoredDroppable>();
  readonly #places = new Map<RecordKey, Promise<SpaceId[]>>();
  /** Read already, found or not. */
  readonly #asked = new Set<string>();

  constructor(tx: ReplicaTx) {
    this.#tx = tx;
  }

  /** Reads the rows of these spaces; those that have none stay unknown. */
  async loadSpaces(spaces: Iterable<SpaceId>): Promise<void> {
    const missing = [...spaces].filter((space) => this.#isNews(space));
    const rows = await Promise.all(missing.map((space) => this.#tx.space(space)));
    for (const row of rows) if (row) this.#spaces.set(row.space, row);
  }

  /** The spaces in which the record is stored. */
  spacesOf(name: RecordName): Promise<SpaceId[]> {
    const key = recordKeyOf(name);
    const places = this.#places.get(key) ?? this.#tx.spacesOf(name);
    this.#places.set(key, places);
    return places;
  }

  async loadRecords(space: SpaceId, names: readonly RecordName[]): Promise<void> {
    const missing = names.filter((name) => this.#isNews(placeOf(space, recordKeyOf(name))));
    if (missing.length === 0) return;
    const records = this.#recordsOf(space);
    for (const [key, record] of await this.#tx.records(space, missing)) records.set(key, record);
  }

  /** Reads the conflicts that these ops name: what they do may depend on them. */
  async loadConflicts(
    space: SpaceId,
    ops: readonly { payload: string; v: number }[],
  ): Promise<void> {
    const missing = [...conflictsNamed(ops)].filter((key) => this.#isNews(placeOf(space, key)));
    if (missing.length === 0) return;
    for (const [key, conflict] of await this.#tx.conflicts(space, missing)) {
      this.#conflicts.set(placeOf(space, key), conflict);
    }
  }

  /** Reads what the drops among these ops weigh. */
  async loadDroppable(
    space: SpaceId,
    ops: readonly { actor: ActorId; payload: string; v: number }[],
  ): Promise<void> {
    const through = dropsThrough(ops);
    if (through === FIRST_SEQ) return;
    const found = await this.#tx.droppable(space, through);
    for (const record of found.records) {
      if (this.#isNews(placeOf(space, record.key))) this.#recordsOf(space).set(record.key, record);
    }
    this.#droppable.set(space, found);
  }

  /** As far as it was read. */
  droppableOf(space: SpaceId): Droppable {
    const { records = [], closed = [], open = [] } = this.#droppable.get(space) ?? {};
    return { tombstones: records.flatMap(({ confirmed }) => confirmed ?? []), closed, open };
  }

  /** The conflicts of a space, of those that were read. */
  conflictsOf(space: SpaceId): ConflictOf {
    return (key) => this.#conflicts.get(placeOf(space, key));
  }

  space(space: SpaceId): SpaceRow | undefined {
    return this.#spaces.get(space);
  }

  putSpace(row: SpaceRow): SpaceRow {
    this.#spaces.set(row.space, row);
    this.#changedSpaces.add(row.space);
    return row;
  }

  record(space: SpaceId, key: RecordKey): StoredRecord | undefined {
    return this.#records.get(space)?.get(key);
  }

  /** It is stored just like this. */
  keepRecord(space: SpaceId, record: StoredRecord): void {
    this.#recordsOf(space).set(record.key, record);
  }

  putRecord(space: SpaceId, record: StoredRecord): void {
    this.keepRecord(space, record);
    const changed = this.#changedRecords.get(space) ?? new Set();
    this.#changedRecords.set(space, changed.add(record.key));
  }

  /** The records of a space that were read or changed so far. */
  records(space: SpaceId): readonly StoredRecord[] {
    return [...this.#recordsOf(space).values()];
  }

  /** The records changed so far in a space. */
  *changedRecords(space: SpaceId): Iterable<StoredRecord> {
    for (const key of this.#changedRecords.get(space) ?? []) {
      const record = this.record(space, key);
      if (record) yield record;
    }
  }

  /** Writes what changed since it was last written. */
  async save(): Promise<void> {
    const writes = [...this.#changedRecords].map(([space, keys]) => {
      const records = [...keys].map((key) => this.record(space, key));
      return this.#tx.putRecords(
        space,
        records.filter((record) => record !== undefined),
      );
    });
    const rows = [...this.#changedSpaces].map((space) => this.#spaces.get(space));
    if (rows.length > 0) writes.push(this.#tx.putSpaces(rows.filter((row) => row !== undefined)));
    this.#changedRecords.clear();
    this.#changedSpaces.clear();
    await Promise.all(writes);
  }

  /** Whether this is asked for the first time. */
  #isNews(name: string): boolean {
    if (this.#asked.has(name)) return false;
    this.#asked.add(name);
    return true;
  }

  #recordsOf(space: SpaceId): Map<RecordKey, StoredRecord> {
    const records = this.#records.get(space) ?? new Map<RecordKey, StoredRecord>();
    this.#records.set(space, records);
    return records;
  }
}

const placeOf = (space: SpaceId, key: RecordKey | ConflictKey): string => `${space} ${key}`;
