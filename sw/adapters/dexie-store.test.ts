import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { memorySession } from '../../spec/support/device.ts';
import { faultyDisk } from '../../spec/support/faulty-disk.ts';
import { listsConfig } from '../../spec/support/lists-config.ts';
import { databaseNameOf, recordKeyOf, type SpaceId } from '../../core/index.ts';
import { StorageError, type Meta, type ReplicaTx } from '../engine/ports.ts';
import { createDexieStore } from './dexie-store.ts';

const META: Meta = { home: '01890000-0000-7000-8000-000000000001' as SpaceId };
const stores: { close(): void }[] = [];
afterEach(() => stores.splice(0).forEach((store) => store.close()));

function open(indexedDB: IDBFactory, transactionWithinMs?: number, config = listsConfig) {
  const session = memorySession(config);
  const store = createDexieStore({
    session,
    indexedDB,
    IDBKeyRange,
    ...(transactionWithinMs !== undefined && { transactionWithinMs }),
  });
  stores.push(store);
  return store;
}

/** As a page of an earlier version holds it that was frozen: it does not let go when it is asked to. */
function openOlder(indexedDB: IDBFactory): Promise<{ close(): void }> {
  return new Promise((resolve) => {
    const request = indexedDB.open(databaseNameOf(listsConfig), 1);
    request.addEventListener('success', () => resolve(request.result));
  });
}

/** Lets transactions of any connection fail at once, `times` of them, with an error of this name. */
function losing(indexedDB: IDBFactory, name: string, times: number) {
  const lost = { times };
  const { open: really } = indexedDB;
  vi.spyOn(indexedDB, 'open').mockImplementation((...args) => {
    const request = really.apply(indexedDB, args);
    request.addEventListener('success', () => {
      const db = request.result;
      const { transaction } = db;
      db.transaction = (...what) => {
        if (lost.times-- > 0)
          throw new DOMException('Connection to Indexed Database server lost', name);
        return transaction.apply(db, what);
      };
    });
    return request;
  });
  return lost;
}

describe('the replica in IndexedDB', () => {
  it('[AC31] [RB4] leaves nothing of a record that one transaction shows again and then takes away', async () => {
    const indexedDB = new IDBFactory();
    const { write } = open(indexedDB);
    const name = { collection: 'items', id: 'e' };
    const key = recordKeyOf(name);
    const rebased = { ...name, born: [], fields: new Map() };
    const written = { ...name, key, pending: [{ row: 1, index: 0 }], rebased };
    await write((tx) => tx.putRecords(META.home, [{ ...written, moving: { row: 2, index: 0 } }]));
    await write(async (tx) => {
      await tx.records(META.home, [name]);
      // Of two spaces in one answer the one refuses the move, the other what made the record.
      await tx.putRecords(META.home, [written]);
      await tx.putRecords(META.home, [{ ...name, key, pending: [] }]);
    });
    expect(await write((tx) => tx.allRecords(META.home))).toEqual([]);
  });

  it.each([
    ['few', { from: 10, count: 5, apart: 1 }],
    ['many close together', { from: 0, count: 90, apart: 1 }],
    ['many far apart', { from: 0, count: 20, apart: 14 }],
    ['many among others', { from: 1, count: 20, apart: 2 }],
    ['many behind all others', { from: 400, count: 20, apart: 1 }],
  ])(
    'finds of the records asked for those that are there: %s',
    async (_, { from, count, apart }) => {
      const { write } = open(new IDBFactory());
      const nameOf = (i: number) => ({
        collection: 'items',
        id: `i${i.toString().padStart(3, '0')}`,
      });
      const recordOf = (i: number) => ({
        ...nameOf(i),
        key: recordKeyOf(nameOf(i)),
        pending: [{ row: 1, index: i }],
        // Every third is one that nobody sees.
        ...(i % 3 > 0 && { rebased: { ...nameOf(i), born: [], fields: new Map() } }),
      });
      // Of three hundred ids the even ones.
      const there = Array.from({ length: 150 }, (__, i) => 2 * i);
      await write(async (tx) => {
        await tx.records(META.home, there.map(nameOf));
        await tx.putRecords(META.home, there.map(recordOf));
      });
      const all = Array.from({ length: count }, (__, i) => from + apart * i);
      // Not quite all between the first and the last.
      const asked = all.filter((i) => i % 10 !== 4);
      const found = await write((tx) => tx.records(META.home, asked.map(nameOf)));
      const expected = asked.filter((i) => i < 300 && i % 2 === 0).map(recordOf);
      expect(found).toEqual(new Map(expected.map((record) => [record.key, record])));
      const may = await write((tx) => tx.mayStore(META.home, asked.map(nameOf)));
      expect(may).toBe(expected.length > 0);
    },
  );

  it.each(['InvalidStateError', 'UnknownError'])(
    '[AC21] opens a connection that was lost (%s) anew, and does what was asked',
    async (name) => {
      const indexedDB = new IDBFactory();
      const lost = losing(indexedDB, name, 0);
      const store = open(indexedDB);
      await store.write((tx) => tx.putMeta(META));
      lost.times = 1;
      expect(await store.read((tx) => tx.meta())).toEqual(META);
      // Right after it was opened: Dexie reads the schema then.
      store.close();
      lost.times = 1;
      expect(await store.read((tx) => tx.meta())).toEqual(META);
    },
  );

  it('[AC21] says so where it is lost again at once, and works when it is back', async () => {
    const indexedDB = new IDBFactory();
    const lost = losing(indexedDB, 'UnknownError', 0);
    const store = open(indexedDB);
    await store.read((tx) => tx.meta());
    lost.times = Infinity;
    const failed = { code: 'storage_failed' };
    await expect(store.write((tx) => tx.putMeta(META))).rejects.toMatchObject(failed);
    lost.times = 0;
    await store.write((tx) => tx.putMeta(META));
    expect(await store.read((tx) => tx.meta())).toEqual(META);
  });

  it('[AC21] does what was asked once, where the browser closed the connection in the middle of it', async () => {
    const disk = faultyDisk();
    const store = open(disk.indexedDB);
    await store.write((tx) => tx.putMeta(META));
    let tries = 0;
    await store.write(async (tx) => {
      const meta = await tx.meta();
      await tx.putMeta({ ...META, formerHome: meta?.home } as Meta);
      if (tries++ === 0) disk.cut();
      await tx.meta();
    });
    expect(tries).toBe(2);
    expect(await store.read((tx) => tx.meta())).toEqual({ ...META, formerHome: META.home });
  });

  it('[AC21] does what was asked once, where only the word of its commit was lost', async () => {
    const disk = faultyDisk();
    const [store, other] = [open(disk.indexedDB), open(disk.indexedDB)];
    await store.write((tx) => tx.putMeta(META));
    await other.write((tx) => tx.putMeta(META));
    const adding = (tx: ReplicaTx) => tx.addRows([{ payloads: ['one'] } as never]);
    disk.isMute = true;
    const first = await store.write((tx) => {
      // The next try is heard.
      disk.isMute = false;
      return adding(tx);
    });
    await other.write(adding);
    expect(await store.write(adding)).toEqual([(first[0] ?? 0) + 2]);
    const rows = await store.read((tx) => tx.rows([1, 2, 3, 4]));
    expect([...rows.keys()]).toEqual([1, 2, 3]);
  });

  it.each([
    ['QuotaExceededError', 'storage_full'],
    ['UnknownError', 'storage_failed'],
    ['VersionError', 'storage_failed'],
    ['InvalidStateError', 'storage_failed'],
  ])(
    '[AC30] that cannot be opened (%s) says so as %s, and is opened when it can',
    async (name, code) => {
      const indexedDB = new IDBFactory();
      const store = open(indexedDB);
      const spy = vi.spyOn(indexedDB, 'open').mockImplementation(() => {
        throw new DOMException('not now', name);
      });
      await expect(store.write((tx) => tx.putMeta(META))).rejects.toMatchObject({ code });
      await expect(store.read((tx) => tx.meta())).rejects.toMatchObject({ code });
      spy.mockRestore();
      await store.write((tx) => tx.putMeta(META));
      expect(await store.read((tx) => tx.meta())).toEqual(META);
    },
  );

  it('[AC35] waits with a write for a connection of an older version to be closed, and says meanwhile that it does', async () => {
    const indexedDB = new IDBFactory();
    const older = await openOlder(indexedDB);
    const store = open(indexedDB);
    const writing = store.write((tx) => tx.putMeta(META));
    const blocked = { code: 'storage_blocked' };
    await expect(store.read((tx) => tx.meta())).rejects.toMatchObject(blocked);
    await expect(store.read((tx) => tx.meta())).rejects.toMatchObject(blocked);
    older.close();
    await writing;
    expect(await store.read((tx) => tx.meta())).toEqual(META);
  });

  it('[AC35] ends that wait in time, without an effect, and goes on when it is closed at last', async () => {
    const indexedDB = new IDBFactory();
    const older = await openOlder(indexedDB);
    const store = open(indexedDB, 500);
    await expect(store.write((tx) => tx.putMeta(META))).rejects.toMatchObject({
      code: 'storage_blocked',
    });
    older.close();
    await vi.waitFor(async () => expect(await store.read((tx) => tx.meta())).toBeUndefined());
    await store.write((tx) => tx.putMeta(META));
    expect(await store.read((tx) => tx.meta())).toEqual(META);
  });

  it('[AC35] lets go of the database for a newer version, and finds it again', async () => {
    const indexedDB = new IDBFactory();
    const store = open(indexedDB);
    await store.write((tx) => tx.putMeta(META));
    const newer = open(indexedDB, undefined, { ...listsConfig, version: listsConfig.version + 1 });
    expect(await newer.read((tx) => tx.meta())).toEqual(META);
    expect(await store.read((tx) => tx.meta())).toEqual(META);
  });

  it('[AC21] [DR31] ends a transaction that hangs, without an effect, and begins another', async () => {
    const store = open(new IDBFactory(), 500);
    await store.read((tx) => tx.meta());
    const hanging = store.write(async (tx) => {
      await tx.putMeta(META);
      // A transaction lives as long as it is asked something.
      for (;;) await tx.firstRow();
    });
    await expect(hanging).rejects.toBeInstanceOf(StorageError);
    expect(await store.read((tx) => tx.meta())).toBeUndefined();
  });

  it('[AC21] [DR31] does not wait for ever for a database that does not open', async () => {
    const indexedDB = new IDBFactory();
    const store = open(indexedDB, 500);
    const mute = { addEventListener() {} } as unknown as IDBOpenDBRequest;
    const spy = vi.spyOn(indexedDB, 'open').mockReturnValueOnce(mute);
    await expect(store.read((tx) => tx.meta())).rejects.toMatchObject({ code: 'storage_failed' });
    spy.mockRestore();
    await store.write((tx) => tx.putMeta(META));
    expect(await store.read((tx) => tx.meta())).toEqual(META);
  });
});
