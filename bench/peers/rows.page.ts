/**
 * The physical limit of the rows that Offing keeps: IndexedDB by hand as for the other, with the same
 * keys, indexes and contents. What Offing takes more is what it does; what this takes more is what a
 * row has to have so that a space's records, one by its id alone and tombstones are found.
 */
import {
  BY_GRAVE,
  recordKeyOf,
  type ActorId,
  type Clock,
  type Seq,
  type SpaceId,
} from '../../core/index.ts';
import { visibleRow } from '../../sw/adapters/record-row.ts';
import { plainItem, type Item } from '../page/item.ts';
import { byHand } from './by-hand.ts';

const SPACE = '01890000-0000-7000-8000-000000000001' as SpaceId;
const STAMP = {
  seq: 12_345 as Seq,
  at: 1_800_000_000_000,
  actor: '01890000-0000-7000-8000-000000000002' as ActorId,
  clock: 12_345 as Clock,
};

/** The row of an item that one op has made. */
function rowOf(item: Item) {
  const { id, ...values } = plainItem(item);
  const name = { collection: 'items', id };
  const fields = new Map(
    Object.entries(values).map(([field, value]) => [field, { ...STAMP, value }] as const),
  );
  const confirmed = { ...name, born: [STAMP], fields };
  return visibleRow(SPACE, { ...name, key: recordKeyOf(name), confirmed, pending: [] });
}

export const contestant = byHand({
  makeItems(db) {
    const items = db.createObjectStore('items', { keyPath: ['space', 'id'] });
    for (const index of ['id', 'order']) items.createIndex(index, index);
    items.createIndex(BY_GRAVE, BY_GRAVE.slice(1, -1).split('+'));
  },
  rowOf,
  keyOf: (id) => [SPACE, id],
});
