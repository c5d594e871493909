/** The physical limit: IndexedDB by hand, of the items as they are. */
import { byHand } from './by-hand.ts';

export const contestant = byHand({
  makeItems: (db) => db.createObjectStore('items', { keyPath: 'id' }).createIndex('order', 'order'),
  rowOf: (item) => item,
  keyOf: (id) => id,
});
