import { IDBKeyRange, type IDBFactory } from 'fake-indexeddb';
import { afterEach, describe, expect, it } from 'vitest';
import { memorySession } from '../../spec/support/device.ts';
import { faultyDisk } from '../../spec/support/faulty-disk.ts';
import { listsConfig } from '../../spec/support/lists-config.ts';
import { recordKeyOf, type AppConfig, type SpaceId } from '../../core/index.ts';
import { actorOf } from '../../spec/support/ops.ts';
import type { RecordName, StoredRecord } from '../engine/ports.ts';
import { createDexieStore } from './dexie-store.ts';

const SPACE = '01890000-0000-7000-8000-000000000001' as SpaceId;
const newer: AppConfig = {
  ...listsConfig,
  version: listsConfig.version + 1,
  collections: { ...listsConfig.collections, notes: { indexes: [] } },
};

const stores: { close(): void }[] = [];
afterEach(() => stores.splice(0).forEach((store) => store.close()));

function open(indexedDB: IDBFactory, config: AppConfig) {
  const store = createDexieStore({ session: memorySession(config), indexedDB, IDBKeyRange });
  stores.push(store);
  return store;
}

const stamp = { seq: 1, at: 1, actor: actorOf('A'), clock: 1 } as never;

function note(id: string, isDeleted = false): StoredRecord {
  const name: RecordName = { collection: 'notes', id };
  const fields = new Map([['title', { ...(stamp as object), value: id } as never]]);
  const confirmed = { ...name, born: [stamp], fields, ...(isDeleted && { grave: stamp }) };
  return { ...name, key: recordKeyOf(name), pending: [], confirmed };
}

/** A database of the older version that has heard of these notes. */
async function heard(notes: readonly StoredRecord[]) {
  const disk = faultyDisk();
  const older = open(disk.indexedDB, listsConfig);
  await older.write((tx) => tx.putRecords(SPACE, notes));
  older.close();
  return disk;
}

/** What lies in the app's own table, and what among the hidden ones. */
async function placesIn(indexedDB: IDBFactory) {
  const db = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(`offing-${listsConfig.name}`);
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error as DOMException));
  });
  const count = (name: string) =>
    new Promise<number>((resolve) => {
      const request = db.transaction(name).objectStore(name).count();
      request.addEventListener('success', () => resolve(request.result));
    });
  const places = { shown: await count('notes'), hidden: await count('_hidden') };
  db.close();
  return places;
}

describe('a collection that a newer version of the app brings', () => {
  it('[HO60] has what came before it, however much that is; what is deleted stays hidden', async () => {
    const notes = Array.from({ length: 1001 }, (_, i) => note(`n${i}`));
    const { indexedDB } = await heard([...notes, note('deleted', true)]);
    await open(indexedDB, newer).read((tx) => tx.meta());
    expect(await placesIn(indexedDB)).toEqual({ shown: 1001, hidden: 1 });
  });

  it('[HO60] is usable where there is no room to do that, and has it at a later opening', async () => {
    const disk = await heard([note('one')]);
    disk.room = 0;
    const store = open(disk.indexedDB, newer);
    await store.read((tx) => tx.meta());
    store.close();
    disk.room = Infinity;
    expect(await placesIn(disk.indexedDB)).toEqual({ shown: 0, hidden: 1 });
    await open(disk.indexedDB, newer).read((tx) => tx.meta());
    expect(await placesIn(disk.indexedDB)).toEqual({ shown: 1, hidden: 0 });
  });
});
