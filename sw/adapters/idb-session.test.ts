import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { SessionStore } from '../engine/ports.ts';
import { createIdbSession } from './idb-session.ts';
import { createSessionCopy, type SessionCopy } from './session-copy.ts';

beforeEach(() => void vi.stubGlobal('indexedDB', new IDBFactory()));

let bytes = 0;
const context = (remembers: boolean, copy?: SessionCopy): SessionStore =>
  createIdbSession({
    clock: { now: () => 1_700_000_000_000 },
    random: { bytes: (count) => new Uint8Array(count).fill((bytes += 1)), fraction: () => 0 },
    remembers,
    ...(copy && { copy }),
  });

describe('what outlives a replica', () => {
  it.each([true, false])('[HO34] is one for all contexts of a device (%s)', async (remembers) => {
    const [one, other] = [context(remembers), context(remembers)];
    const [first, second] = await Promise.all([one.load(), other.load()]);
    expect(second.device).toBe(first.device);
    await Promise.all([one.save({ paused: true }), other.save({ most: 7 })]);
    await expect.poll(() => one.load()).toMatchObject({ paused: true, most: 7 });
    await expect.poll(() => other.load()).toMatchObject({ paused: true, most: 7 });
  });

  it('[HO34] a page reads what another has changed, told of it or not', async () => {
    const [page, worker] = [context(false), context(true)];
    await page.load();
    await worker.save({ paused: true });
    expect(await page.load()).toMatchObject({ paused: true });
    await worker.save({ paused: undefined });
    expect(await page.load()).not.toHaveProperty('paused');
  });

  it('[HO34] a worker that remembers forgets when it is told of a change', async () => {
    const [page, worker] = [context(false), context(true)];
    await worker.save({ most: 1 });
    expect(await worker.load()).toMatchObject({ most: 1 });
    await page.save({ most: 2 });
    await expect.poll(() => worker.load()).toMatchObject({ most: 2 });
  });

  it('[HO34] a worker that nobody tells of a change does not read again', async () => {
    const [page, worker] = [context(false), context(true)];
    await worker.save({ most: 1 });
    const read = vi.spyOn(IDBObjectStore.prototype, 'get');
    await worker.load();
    expect(read).not.toHaveBeenCalled();
    await page.load();
    expect(read).toHaveBeenCalledTimes(1);
    read.mockRestore();
  });
});

/** One cache with one thing in it, over which `fail` may stand. */
function cacheStorage() {
  const box = { text: '', fails: false };
  const whole = (): void => {
    if (box.fails) throw new DOMException('no', 'UnknownError');
  };
  const storage = {
    open: async () => ({
      put: async (_: string, response: Response) => {
        whole();
        box.text = await response.text();
      },
    }),
    match: async () => {
      whole();
      return box.text === '' ? undefined : new Response(box.text);
    },
  };
  return { box, copy: () => createSessionCopy(storage as unknown as CacheStorage) };
}

describe('a session whose database is gone', () => {
  const lose = (): void => void vi.stubGlobal('indexedDB', new IDBFactory());
  const replica = { name: 'lists', generation: 3, pending: 7 };

  it('[AC39] is read from its copy, without what was only for a while', async () => {
    const { box, copy } = cacheStorage();
    const before = context(true, copy());
    await before.save({ replica, paused: true, most: 7, lastSyncedAt: 5 });
    const { device } = await before.load();
    await expect.poll(() => box.text).toContain(device);
    lose();
    expect(await context(true, copy()).load()).toEqual({ device, replica, paused: true });
    expect(await context(false).load()).toEqual({ device, replica, paused: true });
  });

  it('[AC39] is read from it for a change as well', async () => {
    const { box, copy } = cacheStorage();
    const { device } = await context(true, copy()).save({ paused: true });
    await expect.poll(() => box.text).toContain(device);
    lose();
    const changed = await context(true, copy()).save({ paused: undefined });
    expect(changed).toEqual({ device });
    await expect.poll(() => box.text).toBe(JSON.stringify({ device }));
  });

  it('[AC39] is a new device where there is no copy, or none that can be read', async () => {
    const { box, copy } = cacheStorage();
    const { device } = await context(true, copy()).load();
    await expect.poll(() => box.text).toContain(device);
    lose();
    box.fails = true;
    const other = context(true, copy());
    expect((await other.load()).device).not.toBe(device);
    // Kept when the cache can be written again, at the next change.
    box.fails = false;
    await expect
      .poll(async () => {
        await other.save({ most: 1 });
        return box.text;
      })
      .toContain((await other.load()).device);
  });

  it('[AC39] a session that is there is not read from the copy, whatever that says', async () => {
    const { box, copy } = cacheStorage();
    const { device } = await context(true, copy()).load();
    await expect.poll(() => box.text).toContain(device);
    box.text = JSON.stringify({ device: 'other', paused: true });
    expect(await context(true, copy()).load()).toEqual({ device });
  });
});
