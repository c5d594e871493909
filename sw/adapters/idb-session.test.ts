import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { SessionStore } from '../engine/ports.ts';
import { createIdbSession } from './idb-session.ts';

beforeEach(() => void vi.stubGlobal('indexedDB', new IDBFactory()));

let bytes = 0;
const context = (remembers: boolean): SessionStore =>
  createIdbSession({
    clock: { now: () => 1_700_000_000_000 },
    random: { bytes: (count) => new Uint8Array(count).fill((bytes += 1)), fraction: () => 0 },
    remembers,
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
