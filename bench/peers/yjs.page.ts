/** Yjs: a map of records in one document, y-indexeddb, and Hocuspocus' provider. */
import { HocuspocusProvider } from '@hocuspocus/provider';
import { IndexeddbPersistence } from 'y-indexeddb';
import { Doc } from 'yjs';
import type { Contestant } from '../page/contestant.ts';
import type { Item } from '../page/item.ts';

const doc = new Doc();
const items = doc.getMap<Item>('items');
const persistence = new IndexeddbPersistence('bench', doc);

/** It appends each update without a word: a transaction on the same stores comes after all of them. */
async function fence(): Promise<void> {
  const db = (persistence as unknown as { db: IDBDatabase }).db;
  const tx = db.transaction(['updates'], 'readwrite');
  tx.objectStore('updates').count();
  await new Promise<void>((resolve, reject) => {
    tx.addEventListener('complete', () => resolve());
    tx.addEventListener('abort', () => reject(tx.error ?? new Error('no reason')));
  });
}

export const contestant: Contestant = {
  async open() {
    await persistence.whenSynced;
  },
  async add(item) {
    items.set(item.id, item);
  },
  async addBatch(some) {
    doc.transact(() => {
      for (const item of some) items.set(item.id, item);
    });
  },
  durable: fence,
  count: async () => items.size,
  all: async () => [...items.values()],
  async connect() {
    const url = location.origin.replace('http', 'ws');
    const provider = new HocuspocusProvider({ url, name: 'bench', document: doc });
    if (!provider.isSynced) await new Promise<void>((done) => provider.on('synced', () => done()));
  },
  async edit(id, title) {
    const item = items.get(id);
    if (item) items.set(id, { ...item, title });
  },
  async watch(heard) {
    items.observe((event) => {
      for (const id of event.keysChanged) heard(items.get(id)?.title ?? '');
    });
  },
};
