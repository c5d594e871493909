/**
 * TinyBase: a mergeable store in memory, its IndexedDB persister, its WebSocket synchronizer. A save
 * rewrites the whole store, so it is saved when the bench asks, which is kinder than at each change.
 */
import { createMergeableStore, type MergeableStore } from 'tinybase';
import { createIndexedDbPersister } from 'tinybase/persisters/persister-indexed-db';
import { createWsSynchronizer } from 'tinybase/synchronizers/synchronizer-ws-client';
import type { Contestant } from '../page/contestant.ts';
import type { Item } from '../page/item.ts';

const rowOf = ({ id: _, ...fields }: Item) => fields;

const store: MergeableStore = createMergeableStore();
const persister = createIndexedDbPersister(store, 'bench');

export const contestant: Contestant = {
  async open() {
    await persister.load();
  },
  async add(item) {
    store.setRow('items', item.id, rowOf(item));
  },
  async addBatch(items) {
    store.transaction(() => {
      for (const item of items) store.setRow('items', item.id, rowOf(item));
    });
  },
  async durable() {
    await persister.save();
  },
  count: async () => store.getRowCount('items'),
  all: async () =>
    Object.entries(store.getTable('items')).map(([id, row]) => ({ id, ...row }) as unknown as Item),
  async connect() {
    const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/bench`);
    const synchronizer = await createWsSynchronizer(store, socket);
    await synchronizer.startSync();
  },
  async edit(id, title) {
    store.setCell('items', id, 'title', title);
  },
  async watch(heard) {
    store.addCellListener('items', null, 'title', (_store, _table, _row, _cell, title) =>
      heard(String(title)),
    );
  },
};
