import 'fake-indexeddb/auto';
import { openDB, type IDBPDatabase } from 'idb';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { faultyDisk } from '../../spec/support/faulty-disk.ts';
import { StorageError } from '../engine/ports.ts';
import { keptOpen } from './kept-open.ts';

let disk = faultyDisk();
beforeEach(() => {
  disk = faultyDisk();
  vi.stubGlobal('indexedDB', disk.indexedDB);
});

const openTiny = (handlers: object): Promise<IDBPDatabase> =>
  openDB('tiny', 1, { upgrade: (db) => void db.createObjectStore('facts'), ...handlers });
const opened = () => keptOpen<IDBPDatabase>(openTiny);
const put = (db: IDBPDatabase) => db.put('facts', 'yes', 'paused');
const get = (db: IDBPDatabase) => db.get('facts', 'paused') as Promise<unknown>;

describe('a tiny database', () => {
  it.each(['InvalidStateError', 'UnknownError'])(
    '[AC21] is opened anew where its connection was lost (%s), and says so where it stays lost',
    async (name) => {
      const run = opened();
      await run(put);
      let tries = 0;
      const losing = async (db: IDBPDatabase) => {
        if (tries++ === 0) throw new DOMException('The connection is closing', name);
        return get(db);
      };
      expect(await run(losing)).toBe('yes');
      disk.lost = name;
      await expect(run(get)).rejects.toMatchObject({ code: 'storage_failed' });
      disk.lost = null;
      expect(await run(get)).toBe('yes');
    },
  );

  it('[AC21] is opened anew after the browser closed it', async () => {
    const run = opened();
    await run(put);
    disk.cut();
    expect(await run(get)).toBe('yes');
  });

  it('[AC21] [DR31] does not wait for ever, neither for its opening nor for an answer, and is asked again', async () => {
    let opens = 0;
    const run = keptOpen<IDBPDatabase>(
      (handlers) => (opens++ === 0 ? new Promise<never>(() => {}) : openTiny(handlers)),
      50,
    );
    await expect(run(get)).rejects.toBeInstanceOf(StorageError);
    await run(put);
    await expect(run(() => new Promise(() => {}))).rejects.toBeInstanceOf(StorageError);
    expect(await run(get)).toBe('yes');
  });

  it('[AC30] without room refuses by a code, and keeps what it had', async () => {
    const run = opened();
    await run(put);
    disk.room = 0;
    const full = run((db) => db.put('facts', 'no', 'paused'));
    await expect(full).rejects.toMatchObject({ code: 'storage_full' });
    disk.room = Infinity;
    expect(await run(get)).toBe('yes');
  });
});
