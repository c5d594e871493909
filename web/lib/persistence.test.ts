import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Status, StorageState } from '../../core/index.ts';
import type { Db, Options } from './api.ts';
import { createDatabase } from './database.ts';
import { collection, text } from './index.ts';
import { FakeEnvironment, FakeHost, IDLE, settled } from './test-doubles.ts';

const collections = { items: collection({ title: text() }) };
const NOT_KEPT: StorageState = {
  persisted: false,
  asked: false,
  usage: 1,
  quota: 100,
  nearlyFull: false,
};
const ANN = { id: 'ann', name: 'Ann' } as unknown as Status['account'];

let host: FakeHost;
let environment: FakeEnvironment;
let persist: ReturnType<typeof vi.fn<() => Promise<boolean>>>;
let db: Db<typeof collections>;
let databases = 0;

function open(status: Partial<Status>, options: Pick<Options<never>, 'persist'> = {}) {
  databases += 1;
  const name = `persistence-${databases}`;
  host.status = { ...IDLE, storage: NOT_KEPT, ...status };
  db = createDatabase(
    { name, schema: { version: 1, collections }, ...options },
    { environment, host },
  );
}

beforeEach(() => {
  host = new FakeHost();
  environment = new FakeEnvironment();
  persist = vi.fn(async () => true);
  environment.persist = persist;
});
afterEach(() => db.close());

describe('asking the browser to keep what is here', () => {
  test('[PL40] is done once, after the first write that was accepted, of who has an account', async () => {
    open({ account: ANN });
    await db.ready;
    await db.items.count();
    expect(persist).not.toHaveBeenCalled();
    host.answer = ({ type }) =>
      type === 'write' ? { type: 'error', code: 'storage_full', detail: '' } : undefined;
    await expect(db.items.add({ title: 'Tent' })).rejects.toThrow();
    expect(persist).not.toHaveBeenCalled();
    host.answer = () => undefined;
    await db.items.add({ title: 'Tent' });
    await db.items.add({ title: 'Tarp' });
    await settled();
    expect(persist).toHaveBeenCalledTimes(1);
    expect(host.requests('persistence-asked')).toHaveLength(1);
  });

  test('[PL40] is done in an app that was installed, with an account or without', async () => {
    environment.installed = true;
    open({});
    await db.items.add({ title: 'Tent' });
    await settled();
    expect(persist).toHaveBeenCalledTimes(1);
  });

  test.each<[string, Partial<Status>]>([
    ['a tab without an account', {}],
    ['one that was asked before', { account: ANN, storage: { ...NOT_KEPT, asked: true } }],
    ['one that keeps it already', { account: ANN, storage: { ...NOT_KEPT, persisted: true } }],
    ['a browser that says nothing', { account: ANN, storage: null }],
  ])('[PL40] is not done by itself in %s', async (_, status) => {
    open(status);
    await db.items.add({ title: 'Tent' });
    await settled();
    expect(persist).not.toHaveBeenCalled();
  });

  test('[PL40] is the app’s to do where it says so, at any moment, with the answer', async () => {
    open({ account: ANN }, { persist: 'app' });
    await db.items.add({ title: 'Tent' });
    await settled();
    expect(persist).not.toHaveBeenCalled();
    persist.mockResolvedValueOnce(false);
    expect(await db.persist()).toBe(false);
    expect(await db.persist()).toBe(true);
    expect(host.requests('persistence-asked')).toHaveLength(2);
  });

  test('[PL40] is answered with no where the browser has no such promise', async () => {
    environment.persist = null;
    open({ account: ANN });
    await db.items.add({ title: 'Tent' });
    expect(await db.persist()).toBe(false);
  });

  test('[PL40] that a browser refuses with an error disturbs no write', async () => {
    persist.mockRejectedValue(new Error('not in this context'));
    open({ account: ANN });
    await db.items.add({ title: 'Tent' });
    await db.items.add({ title: 'Tarp' });
    await settled();
    expect(persist).toHaveBeenCalledTimes(1);
    await expect(db.persist()).rejects.toThrow('not in this context');
  });
});
