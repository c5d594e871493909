/** How a record lies in IndexedDB: the app's plain object, and the layer's knowledge of it in `$`. */
import { visibleFields, type Kinds, type SpaceId } from '../../core/index.ts';
import type { StoredRecord } from '../engine/ports.ts';

/** A row of an app's table. */
export interface RecordRow {
  readonly space: SpaceId;
  readonly id: string;
  readonly $: Omit<StoredRecord, 'id' | 'collection'>;
}

/** A record without a visible row: a tombstone, or of a collection that this app does not have. */
export interface HiddenRow {
  readonly space: SpaceId;
  readonly collection: string;
  readonly id: string;
  readonly $: StoredRecord;
}

const fieldsOf = (record: StoredRecord, kinds?: Kinds) =>
  visibleFields(record.rebased ?? record.confirmed, kinds);

export const isVisible = (record: StoredRecord): boolean =>
  record.moving === undefined && fieldsOf(record) !== undefined;

/** Whether anything is known of the record, folded or pending; of the others no row is kept. */
export const isKnown = ({ confirmed, pending }: StoredRecord): boolean =>
  confirmed !== undefined || pending.length > 0;

/** `kinds` are those that the app's schema has for the collection. */
export function visibleRow(space: SpaceId, record: StoredRecord, kinds?: Kinds): RecordRow {
  const { collection: _, id, ...$ } = record;
  // Built from entries, because a field may be called `__proto__`; the layer's own names come last and win.
  const fields = [
    ...(fieldsOf(record, kinds) ?? []),
    ['space', space],
    ['id', id],
    ['$', $],
  ] as const;
  return Object.fromEntries(fields);
}

export const hiddenRow = (space: SpaceId, record: StoredRecord): HiddenRow => ({
  space,
  collection: record.collection,
  id: record.id,
  $: record,
});

export const fromRow = (collection: string, { id, $ }: RecordRow): StoredRecord => ({
  ...$,
  collection,
  id,
});
