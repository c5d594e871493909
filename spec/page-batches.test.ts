/** Batches through the page library: one op, from the call to every replica. */
import 'fake-indexeddb/auto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { bool, collection, counter, increment, text } from '../web/lib/index.ts';
import { openLab } from './support/lab.ts';
import { openPage, type Page } from './support/page.ts';

/** The server takes less than the device does, so that it refuses what was accepted here. */
const lab = openLab({ limits: { payloadBytes: 2000 } });
const schema = {
  version: 1,
  collections: { items: collection({ title: text(), done: bool(), packed: counter() }) },
} as const;
type Items = (typeof schema)['collections'];

const pages: Page<Items>[] = [];
afterEach(() => pages.splice(0).forEach((page) => page.close()));

async function open(token?: string): Promise<Page<Items>> {
  const page = openPage(schema);
  pages.push(page);
  if (token) await page.db.connectAccount({ url: lab.server.url, token });
  await page.db.ready;
  await page.settled();
  return page;
}

const titles = async ({ db }: Page<Items>) =>
  (await db.items.toArray()).map(({ title }) => title).toSorted();

/** Every set of titles that a page ever showed. */
function watch(page: Page<Items>): string[][] {
  const seen: string[][] = [];
  page.db.live(() => titles(page)).subscribe((now) => seen.push(now));
  return seen;
}

function addThree({ db }: Page<Items>, title: (n: number) => string) {
  return db.batch((tx) => {
    for (const n of [1, 2, 3]) tx.items.add({ title: title(n), done: false, packed: n });
  });
}

describe('a batch', () => {
  it('[PL30] that is too large as a whole is refused at the write, and leaves nothing', async () => {
    const page = await open();
    const { db, device } = page;
    const large = addThree(page, (n) => String(n).repeat(25_000));
    await expect(large).rejects.toMatchObject({ name: 'OffingError', code: 'too_large' });
    await expect(large.synced).rejects.toMatchObject({ code: 'too_large' });
    const one = db.items.add({ title: 'x'.repeat(70_000), done: false });
    await expect(one).rejects.toMatchObject({ code: 'too_large' });
    expect(await titles(page)).toEqual([]);
    expect(await device.table('_outbox').count()).toBe(0);
    // As many ops, each within its limit, are not one.
    await db.bulk((tx) => {
      for (const n of [1, 2, 3]) tx.items.add({ title: String(n).repeat(25_000), done: false });
    });
    expect(await titles(page)).toHaveLength(3);
  });

  it('[PL7] [AC4] is whole in the outbox, after a restart, in the log, and on another device', async () => {
    const token = await lab.nextToken();
    const [a, b] = [await open(token), await open(token)];
    a.device.offline = true;
    const [here, there] = [watch(a), watch(b)];
    await vi.waitFor(() => expect([here.length, there.length]).toEqual([1, 1]));
    const batch = addThree(a, (n) => `item ${n}`);
    await batch;
    expect(await a.device.table('_outbox').count()).toBe(1);
    a.device.restart();
    a.device.offline = false;
    await a.db.syncNow();
    await expect(batch.synced).resolves.toEqual(expect.any(Number));
    await b.db.syncNow();
    const all = ['item 1', 'item 2', 'item 3'];
    for (const seen of [here, there]) {
      await vi.waitFor(() => expect(seen.at(-1)).toEqual(all));
      for (const titlesSeen of seen) expect([[], all]).toContainEqual(titlesSeen);
    }
  });

  it('[PL7] [AB3] that the server refuses is set aside whole, and nothing of it shows any more', async () => {
    const token = await lab.nextToken();
    const [a, b] = [await open(token), await open(token)];
    const tent = a.db.items.add({ title: 'Tent', done: false });
    await tent.synced;
    const seen = watch(a);
    await vi.waitFor(() => expect(seen).toEqual([['Tent']]));
    const batch = a.db.batch((tx) => {
      tx.items.update(tent.id, { done: true, packed: increment() });
      tx.items.add({ title: 'x'.repeat(3000), done: false });
      tx.items.update(tent.id, { title: 'Tarp' });
    });
    await batch;
    await expect(batch.synced).rejects.toMatchObject({ code: 'too_large' });
    await a.settled();
    expect(await a.db.items.toArray()).toMatchObject([{ title: 'Tent', done: false, packed: 0 }]);
    const [aside, ...others] = await a.db.setAside.toArray();
    expect(aside?.do.map(({ kind }) => kind)).toEqual(['put', 'increment', 'put', 'put']);
    expect(others).toEqual([]);
    await b.db.syncNow();
    expect(await titles(b)).toEqual(['Tent']);
    // Mended, it is one op again.
    const mended = aside?.do.filter((one) => JSON.stringify(one).length < 1000) ?? [];
    if (aside) await a.db.setAside.resend([{ ...aside, do: mended }]).synced;
    await b.db.syncNow();
    expect(await b.db.items.toArray()).toMatchObject([{ title: 'Tarp', done: true, packed: 1 }]);
    expect(await a.db.setAside.toArray()).toEqual([]);
  });
});
