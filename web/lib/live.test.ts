import 'fake-indexeddb/auto';
import { Dexie } from 'dexie';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { asSeq, databaseNameOf, databaseVersionOf } from '../../core/index.ts';
import type { Db } from './api.ts';
import { createDatabase } from './database.ts';
import { collection, number, optional, order, text } from './index.ts';
import type { Live } from './index.ts';
import { FakeEnvironment, FakeHost, GROCERIES, HOME } from './test-doubles.ts';

const collections = {
  items: collection({ title: text(), order: order(), depth: optional(number()) }),
};

let host: FakeHost;
let environment: FakeEnvironment;
let db: Db<typeof collections>;
let name: string;
let databases = 0;

beforeEach(() => {
  host = new FakeHost();
  environment = new FakeEnvironment();
  databases += 1;
  name = `live-${databases}`;
  db = createDatabase({ name, schema: { version: 1, collections } }, { environment, host });
});
afterEach(() => db.close());

const milk = { id: 'a', space: HOME, title: 'Milk', order: 'a0', depth: null, $: { seq: 1 } };

/** The engine's own connection, in this very context: Dexie hears of its writes. */
async function engine<T>(work: (items: ReturnType<Dexie['table']>) => PromiseLike<T>): Promise<T> {
  await db.items.count(); // makes the tables
  const connection = new Dexie(databaseNameOf({ name, version: 1, collections: {} }));
  await connection.open();
  try {
    return await work(connection.table('items'));
  } finally {
    connection.close();
  }
}

/** A write of which no page hears: behind Dexie's back. */
async function writeUnheard(row: object): Promise<void> {
  await db.items.count();
  const request = indexedDB.open(databaseNameOf({ name, version: 1, collections: {} }));
  await new Promise((resolve, reject) => {
    request.addEventListener('success', resolve);
    request.addEventListener('error', reject);
  });
  const transaction = request.result.transaction('items', 'readwrite');
  transaction.objectStore('items').put(row);
  await new Promise((resolve) => transaction.addEventListener('complete', resolve));
  request.result.close();
}

function titlesOf(live: Live<readonly { readonly title: string }[]>) {
  const seen: string[] = [];
  const subscription = live.subscribe((rows) => seen.push(rows.map(({ title }) => title).join()));
  return { seen, unsubscribe: subscription.unsubscribe };
}

describe('reading', () => {
  test("[PL18] rows come without the layer's members, and without what was cleared", async () => {
    await engine((items) => items.bulkPut([milk, { ...milk, id: 'b', order: 'a1', depth: 2 }]));
    const plain = { id: 'a', space: HOME, title: 'Milk', order: 'a0' };
    expect(await db.items.get('a')).toEqual(plain);
    expect(await db.items.get({ id: 'a', space: HOME })).toEqual(plain);
    expect(await db.items.get({ id: 'a', space: GROCERIES })).toBeUndefined();
    expect(await db.items.orderBy('order').toArray()).toEqual([
      plain,
      { ...plain, id: 'b', order: 'a1', depth: 2 },
    ]);
    expect(await db.items.where({ space: HOME }).count()).toBe(2);
    const some = await db.items.table.bulkGet(['b', 'none', 'a'].map((id) => [HOME, id]));
    expect(some.map((row) => row?.id)).toEqual(['b', undefined, 'a']);
    expect(await db.items.filter(({ depth }) => depth === 2).primaryKeys()).toEqual([[HOME, 'b']]);
    const bare = db.items.filter((row) => row.depth === undefined && !('$' in row));
    expect(await bare.toArray()).toEqual([plain]);
    expect(await db.collections.items.count()).toBe(2);
  });

  test('[PL18] the tables cannot be written from the page', async () => {
    const row = { id: 'a', space: HOME, title: 'Milk', order: 'a0' };
    await expect(db.items.table.put(row)).rejects.toMatchObject({ code: 'read_only' });
    await expect(db.items.where({ space: HOME }).delete()).rejects.toThrow(/written by/);
  });
});

describe('live queries', () => {
  const later = (version: number) => ({ name, version, collections: {} });

  test('[PL14] run now and whenever what they read has changed', async () => {
    const { seen, unsubscribe } = titlesOf(
      db.live(() => db.items.where({ space: HOME }).toArray()),
    );
    await vi.waitFor(() => expect(seen).toEqual(['']));
    await engine((items) => items.put(milk));
    await vi.waitFor(() => expect(seen).toEqual(['', 'Milk']));
    await engine((items) => items.put({ ...milk, space: GROCERIES }));
    unsubscribe();
    await engine((items) => items.put({ ...milk, title: 'Tea' }));
    expect(seen).toEqual(['', 'Milk']);
  });

  test('[PL14] tell of a query that throws, and go on', async () => {
    const error = vi.fn();
    const next = vi.fn();
    let isBroken = true;
    const query = async () => {
      const count = await db.items.count();
      if (isBroken) throw new Error('broken');
      return count;
    };
    db.live(query).subscribe({ next, error });
    await vi.waitFor(() => expect(error).toHaveBeenCalledTimes(1));
    isBroken = false;
    environment.fire('pageshow', { persisted: true });
    await vi.waitFor(() => expect(next).toHaveBeenCalledWith(0));
  });

  test('[PL14] run again when the page comes back', async () => {
    const { seen } = titlesOf(db.live(() => db.items.toArray()));
    await vi.waitFor(() => expect(seen).toEqual(['']));
    await writeUnheard(milk);
    environment.fire('visibilitychange');
    await vi.waitFor(() => expect(seen.at(-1)).toBe('Milk'));
  });

  test('[PL14] run again when a catch-up brings to light that notices were missed', async () => {
    const { seen } = titlesOf(db.live(() => db.items.toArray()));
    await vi.waitFor(() => expect(seen).toEqual(['']));
    await writeUnheard(milk);
    host.cursors = { [HOME]: asSeq(3) };
    environment.fire('focus');
    await vi.waitFor(() => expect(seen.at(-1)).toBe('Milk'));
  });

  test('[PL14] run again when the host has written and Dexie does not hear of it', async () => {
    const { seen } = titlesOf(db.live(() => db.items.toArray()));
    await vi.waitFor(() => expect(seen).toEqual(['']));
    await writeUnheard(milk);
    await environment.advance(2_000); // since the tables were made, of which Dexie did hear
    await db.items.add({ title: 'Tea', order: 'a1' });
    await environment.advance(100);
    await vi.waitFor(() => expect(seen.at(-1)).toBe('Milk'));
  });

  test('[PL14] do not run twice when Dexie does hear of it', async () => {
    const { seen } = titlesOf(db.live(() => db.items.toArray()));
    await vi.waitFor(() => expect(seen).toEqual(['']));
    await engine((items) => items.put(milk));
    host.postApplied(HOME, 1);
    await environment.advance(100);
    await vi.waitFor(() => expect(seen).toEqual(['', 'Milk']));
    await environment.advance(1_000);
    expect(seen).toEqual(['', 'Milk']);
  });

  test('[PL14] go on when another context closed the database for an upgrade', async () => {
    const { seen } = titlesOf(db.live(() => db.items.toArray()));
    await vi.waitFor(() => expect(seen).toEqual(['']));
    const upgrade = indexedDB.open(databaseNameOf(later(2)), databaseVersionOf(later(2)) * 10);
    await new Promise((resolve) => upgrade.addEventListener('success', resolve));
    upgrade.result.close();
    await writeUnheard(milk);
    await environment.advance(100);
    await vi.waitFor(() => expect(seen.at(-1)).toBe('Milk'));
  });

  test('[PL42] let go of the database for a newer version, and the page says that there is one', async () => {
    await db.items.count();
    const told: boolean[] = [];
    db.update.subscribe((ready) => told.push(ready));
    db.update.apply();
    // The same version anew, with an index that was added in development, is none.
    for (const [version, isNews] of [
      [databaseVersionOf(later(1)) * 10 + 1, false],
      [databaseVersionOf(later(2)) * 10, true],
    ] as const) {
      await db.items.count();
      const upgrade = indexedDB.open(databaseNameOf(later(2)), version);
      await new Promise((resolve) => upgrade.addEventListener('success', resolve));
      upgrade.result.close();
      expect(db.update.ready).toBe(isNews);
    }
    expect(told).toEqual([false, true]);
    expect(environment.reloads).toBe(0);
    db.update.apply();
    expect(environment.reloads).toBe(1);
    await vi.waitFor(async () => expect(await db.items.count()).toBe(0));
  });
});

describe('the rows of a space', () => {
  const tea = { ...milk, id: 'b', title: 'Tea', order: 'a1' };
  /** What was read of the table since it was called. */
  function watchReads() {
    const all = vi.spyOn(IDBObjectStore.prototype, 'getAll');
    const one = vi.spyOn(IDBObjectStore.prototype, 'get');
    onTestFinished(() => [all, one].forEach((spy) => spy.mockRestore()));
    return () => ({ all: all.mock.calls.length, one: one.mock.calls.length });
  }

  test('[PL70] come now and with each change, of which only the rows written are read', async () => {
    await engine((items) => items.bulkPut([milk, tea, { ...tea, space: GROCERIES }]));
    const { seen } = titlesOf(db.items.live(HOME));
    await vi.waitFor(() => expect(seen).toEqual(['Milk,Tea']));
    const reads = watchReads();
    await engine((items) => items.put({ ...milk, title: 'Oats' }));
    await vi.waitFor(() => expect(seen.at(-1)).toBe('Oats,Tea'));
    await engine((items) => items.delete([HOME, 'b']));
    await vi.waitFor(() => expect(seen.at(-1)).toBe('Oats'));
    expect(reads().all).toBe(0);
    await engine((items) => items.put({ ...tea, space: GROCERIES, title: 'Soap' }));
    await engine((items) => items.put(tea));
    await vi.waitFor(() => expect(seen.at(-1)).toBe('Oats,Tea'));
    expect(seen.filter((titles) => titles.includes('Soap'))).toEqual([]);
  });

  test('[PL70] come without the layer’s members, and those of which nothing was written stay as they are', async () => {
    await engine((items) => items.bulkPut([milk, tea]));
    const shown: (readonly object[])[] = [];
    db.items.live(HOME).subscribe((rows) => shown.push(rows));
    await vi.waitFor(() => expect(shown).toHaveLength(1));
    expect(shown[0]?.[0]).toEqual({ id: 'a', space: HOME, title: 'Milk', order: 'a0' });
    await engine((items) => items.put({ ...tea, title: 'Rice' }));
    await vi.waitFor(() => expect(shown).toHaveLength(2));
    expect(shown[1]?.[0]).toBe(shown[0]?.[0]);
  });

  test('[PL70] are all there after many were written at once', async () => {
    await db.items.count();
    const { seen } = titlesOf(db.items.live(HOME));
    await vi.waitFor(() => expect(seen).toEqual(['']));
    const many = Array.from({ length: 120 }, (_, i) => ({ ...milk, id: `m${i}`, title: `${i}` }));
    await engine((items) => items.bulkPut(many));
    await vi.waitFor(() => expect(seen.at(-1)?.split(',')).toHaveLength(120));
    await engine((items) => items.bulkDelete(many.map(({ id }) => [HOME, id])));
    await vi.waitFor(() => expect(seen.at(-1)).toBe(''));
  });

  test('[PL70] end with what was written last, whatever was written while they were read', async () => {
    const { seen } = titlesOf(db.items.live(HOME));
    const writes = Array.from({ length: 30 }, (_, i) =>
      engine((items) => items.put({ ...milk, id: `r${i % 7}`, title: `${i}` })),
    );
    await Promise.all(writes);
    const last = await db.items.where({ space: HOME }).toArray();
    const titles = (rows: readonly string[]) => [...rows].toSorted().join();
    const expected = titles(last.map(({ title }) => title));
    await vi.waitFor(() => expect(titles(seen.at(-1)?.split(',') ?? [])).toBe(expected));
  });

  test('[PL70] are read anew when the page comes back, and told of once for each who follows', async () => {
    await db.items.count();
    const [one, other] = [titlesOf(db.items.live(HOME)), titlesOf(db.items.live(HOME))];
    await vi.waitFor(() => expect([one.seen, other.seen]).toEqual([[''], ['']]));
    await writeUnheard(milk);
    environment.fire('visibilitychange');
    await vi.waitFor(() =>
      expect([one.seen, other.seen]).toEqual([
        ['', 'Milk'],
        ['', 'Milk'],
      ]),
    );
    one.unsubscribe();
    await engine((items) => items.put(tea));
    await vi.waitFor(() => expect(other.seen.at(-1)).toBe('Milk,Tea'));
    expect(one.seen).toEqual(['', 'Milk']);
    other.unsubscribe();
    const third = titlesOf(db.items.live(HOME));
    await vi.waitFor(() => expect(third.seen).toEqual(['Milk,Tea']));
  });

  test('[PL70] tell of a reading that fails, and go on', async () => {
    const error = vi.fn();
    const next = vi.fn();
    await db.items.count();
    const broken = vi.spyOn(IDBObjectStore.prototype, 'getAll').mockImplementation(() => {
      throw new DOMException('Broken', 'UnknownError');
    });
    db.items.live(HOME).subscribe({ next, error });
    await vi.waitFor(() => expect(error).toHaveBeenCalled());
    broken.mockRestore();
    environment.fire('visibilitychange');
    await vi.waitFor(() => expect(next).toHaveBeenCalledWith([]));
  });
});
