/** How a record lies in IndexedDB: the app's plain object, and the layer's knowledge of it in `$`. */
import {
  keptOf,
  knownIn,
  visibleFields,
  type KeptRow,
  type Kinds,
  type RecordFields,
  type SpaceId,
} from '../../core/index.ts';
import type { StoredRecord } from '../engine/ports.ts';

/** A row of an app's table. */
export interface RecordRow extends KeptRow {
  readonly space: SpaceId;
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
  const shown = fieldsOf(record, kinds) ?? NOTHING;
  // Built from entries, because a field may be called `__proto__`; the layer's own names come last and win.
  const fields = [
    ...shown,
    ['space', space],
    ['id', record.id],
    ['$', keptOf(record, shown)],
  ] as const;
  return Object.fromEntries(fields);
}

const NOTHING: RecordFields = new Map();

export const hiddenRow = (space: SpaceId, record: StoredRecord): HiddenRow => ({
  space,
  collection: record.collection,
  id: record.id,
  $: record,
});

export const fromRow = (collection: string, row: RecordRow): StoredRecord =>
  knownIn(collection, row);
