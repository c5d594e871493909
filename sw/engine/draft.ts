/**
 * What one transaction is about to change: rows read once, changed in memory, written once. Every
 * step of the engine works on a draft, so that each has the same beats: read, decide, write once.
 */
import { visibleFields, type RecordKey, type SpaceId } from '../../core/index.ts';
import type { RecordName, ReplicaTx, SpaceRow, StoredRecord } from './ports.ts';

export class Draft {
  readonly #tx: ReplicaTx;
  readonly #spaces = new Map<SpaceId, SpaceRow>();
  readonly #changedSpaces = new Set<SpaceId>();
  readonly #records = new Map<SpaceId, Map<RecordKey, StoredRecord>>();
  readonly #changedRecords = new Map<SpaceId, Set<RecordKey>>();

  constructor(tx: ReplicaTx) {
    this.#tx = tx;
  }

  /** Reads the rows of these spaces; those that have none stay unknown. */
  async loadSpaces(spaces: Iterable<SpaceId>): Promise<void> {
    for (const space of new Set(spaces)) {
      if (this.#spaces.has(space)) continue;
      const row = await this.#tx.space(space);
      if (row) this.#spaces.set(space, row);
    }
  }

  async loadRecords(space: SpaceId, names: readonly RecordName[]): Promise<void> {
    if (names.length === 0) return;
    const stored = await this.#tx.records(space, names);
    const records = this.#recordsOf(space);
    for (const [key, record] of stored) if (!records.has(key)) records.set(key, record);
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

  putRecord(space: SpaceId, record: StoredRecord): void {
    this.#recordsOf(space).set(record.key, record);
    const changed = this.#changedRecords.get(space) ?? new Set();
    this.#changedRecords.set(space, changed.add(record.key));
  }

  /** The spaces in which a record changed so far, and is visible. */
  spacesOf(key: RecordKey): SpaceId[] {
    return [...this.#changedRecords.keys()].filter((space) => {
      const record = this.record(space, key);
      return visibleFields(record?.rebased ?? record?.confirmed) !== undefined;
    });
  }

  /** The records changed so far in a space. */
  *changedRecords(space: SpaceId): Iterable<StoredRecord> {
    for (const key of this.#changedRecords.get(space) ?? []) {
      const record = this.record(space, key);
      if (record) yield record;
    }
  }

  /** Writes what changed. */
  async save(): Promise<void> {
    for (const [space, keys] of this.#changedRecords) {
      const records = [...keys].map((key) => this.record(space, key));
      await this.#tx.putRecords(
        space,
        records.filter((record) => record !== undefined),
      );
    }
    const rows = [...this.#changedSpaces].map((space) => this.#spaces.get(space));
    if (rows.length > 0) await this.#tx.putSpaces(rows.filter((row) => row !== undefined));
  }

  #recordsOf(space: SpaceId): Map<RecordKey, StoredRecord> {
    const records = this.#records.get(space) ?? new Map<RecordKey, StoredRecord>();
    this.#records.set(space, records);
    return records;
  }
}
