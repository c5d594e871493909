import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { faultyDisk } from '../../spec/support/faulty-disk.ts';
import { StorageError } from '../engine/ports.ts';
import { keptOpen } from './kept-open.ts';
import { openTinyDb, type Handlers, type TinyDb } from './tiny-db.ts';

let disk = faultyDisk();
beforeEach(() => {
  disk = faultyDisk();
  vi.stubGlobal('indexedDB', disk.indexedDB);
});

type Facts = TinyDb<string>;
const openTiny = (handlers: Handlers): Promise<Facts> =>
  openTinyDb({ name: 'tiny', store: 'facts' }, handlers);
const opened = () => keptOpen<Facts>(openTiny);
const put = (db: Facts) => db.change('paused', () => 'yes');
const get = (db: Facts) => db.get('paused');

describe('a tiny database', () => {
  it.each(['InvalidStateError', 'UnknownError'])(
    '[AC21] is opened anew where its connection was lost (%s), and says so where it stays lost',
    async (name) => {
      const run = opened();
      await run(put);
      let tries = 0;
      const losing = async (db: Facts) => {
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
    const run = keptOpen<Facts>(
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
    const full = run((db) => db.change('paused', () => 'no'));
    await expect(full).rejects.toMatchObject({ code: 'storage_full' });
    disk.room = Infinity;
    expect(await run(get)).toBe('yes');
  });

  it('[HO34] reads and writes in one transaction: of two changes at once none is lost', async () => {
    const [one, other] = [opened(), opened()];
    const add = (letter: string) => (db: Facts) =>
      db.change('letters', (before = '') => `${before}${letter}`);
    await Promise.all([one(add('a')), other(add('b')), one(add('c'))]);
    const letters = await one((db) => db.get('letters'));
    expect(letters?.split('').toSorted()).toEqual(['a', 'b', 'c']);
  });

  it('takes away what becomes nothing, and writes nothing where a change fails or changes nothing', async () => {
    const run = opened();
    await run(put);
    disk.room = 0;
    expect(await run((db) => db.change('paused', (before) => before))).toBe('yes');
    const failing = run((db) =>
      db.change('paused', () => {
        throw new RangeError('no such fact');
      }),
    );
    await expect(failing).rejects.toBeInstanceOf(RangeError);
    expect(await run(get)).toBe('yes');
    expect(await run((db) => db.change('paused', () => undefined))).toBeUndefined();
    expect(await run(get)).toBeUndefined();
  });

  it('[AC21] makes way for another context that wants to delete it', async () => {
    const run = opened();
    await run(put);
    await new Promise((resolve, reject) => {
      const deleting = indexedDB.deleteDatabase('tiny');
      deleting.addEventListener('success', resolve);
      deleting.addEventListener('error', reject);
    });
    expect(await run(get)).toBeUndefined();
  });
});
