/** Dexie alone, strictly: a record and an outbox row in one transaction, and nobody to send them. */
import Dexie from 'dexie';
import type { Contestant } from '../page/contestant.ts';
import type { Item } from '../page/item.ts';

const db = new Dexie('bench', { chromeTransactionDurability: 'strict' });
db.version(1).stores({ items: 'id, order', outbox: '++row' });
const items = db.table<Item, string>('items');
const outbox = db.table<{ op: string }>('outbox');

export const contestant: Contestant = {
  async open() {
    await db.open();
  },
  add: (item) =>
    db.transaction('rw', items, outbox, async () => {
      await items.put(item);
      await outbox.add({ op: JSON.stringify(item) });
    }),
  addBatch: (some) => items.bulkAdd([...some]),
  count: () => items.count(),
  all: () => items.toArray(),
};
