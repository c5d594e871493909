/** Sets, counters and journals through the page library, on two devices and a server. */
import 'fake-indexeddb/auto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  add,
  append,
  bool,
  collection,
  counter,
  increment,
  journal,
  json,
  order,
  remove,
  set,
  text,
  type Collections,
  type Schema,
} from '../web/lib/index.ts';
import { uuid } from './support/device.ts';
import { openLab } from './support/lab.ts';
import { openPage, type Page } from './support/page.ts';
import { faultsOf, readReplica } from './support/replica-check.ts';
import { logsOf } from './support/restorable-server.ts';

const lab = openLab();
const collections = {
  lists: collection({ title: text(), order: order() }),
  items: collection(
    {
      title: text(),
      done: bool(),
      tags: set(text()),
      packed: counter(),
      history: journal(json<{ did: string }>()),
    },
    { indexes: ['*tags', 'packed'] },
  ),
};
const schema = { version: 1, registry: 'lists', collections } as const;

const pages: { close(): void }[] = [];
afterEach(() => pages.splice(0).forEach((page) => page.close()));

async function join<C extends Collections>(of: Schema<C>, token: string): Promise<Page<C>> {
  const page = openPage(of);
  pages.push(page);
  await page.db.connectAccount({ url: lab.server.url, token });
  await page.db.syncNow();
  await page.settled();
  return page;
}

/** Two devices that have an item each, both offline. */
async function scene() {
  const token = await lab.nextToken();
  const a = await join(schema, token);
  const item = a.db.items.add({ title: 'Tent', done: false, tags: ['red'], packed: 2 });
  await item.synced;
  const b = await join(schema, token);
  await vi.waitFor(async () => expect(await b.db.items.get(item.id)).toBeDefined());
  for (const { device } of [a, b]) device.offline = true;
  return { a, b, token, id: item.id };
}

/** Each alone with the server, in this order. */
async function meet(...turns: readonly Page<typeof collections>[]): Promise<void> {
  for (const page of turns) {
    page.device.offline = false;
    await page.db.syncNow();
    await page.settled();
    page.device.offline = true;
  }
}

async function expectWhole(token: string, ...all: readonly Page<typeof collections>[]) {
  const logs = await logsOf(lab.server.url, token);
  for (const { device } of all)
    expect(faultsOf(await readReplica(device, ['lists', 'items']), logs)).toEqual([]);
}

describe('a set, a counter and a journal', () => {
  it('[PL25] [FO41] begin with what they are given, or empty', async () => {
    const { a, b, id } = await scene();
    const row = { title: 'Tent', tags: ['red'], packed: 2, history: [] };
    for (const { db } of [a, b]) expect(await db.items.get(id)).toMatchObject(row);
    const bare = a.db.items.add({ title: 'Tarp', done: false });
    await bare;
    expect(await a.db.items.get(bare.id)).toMatchObject({ tags: [], packed: 0, history: [] });
    // Also for what looks a row up, and sees it as it is stored.
    expect(await a.db.items.where('packed').equals(0).count()).toBe(1);
    expect(await a.db.items.filter(({ tags }) => tags.length === 0).count()).toBe(1);
    expect(await a.db.items.where('tags').equals('red').count()).toBe(1);
  });

  it('[PL25] merge what two devices did to them offline, without a conflict', async () => {
    const { a, b, token, id } = await scene();
    await a.db.items.update(id, { tags: [add('big'), remove('red')], packed: increment(3) });
    await b.db.items.update(id, { tags: add('red', 'wet'), packed: increment(-1) });
    await a.db.items.update(id, { history: append({ did: 'A' }) });
    await b.db.items.update(id, { history: append({ did: 'B' }, { did: 'B again' }) });
    expect(await a.db.items.get(id)).toMatchObject({ tags: ['big'], packed: 5 });
    expect(await b.db.items.get(id)).toMatchObject({ tags: ['red', 'wet'], packed: 1 });
    await meet(a, b, a);
    for (const { db } of [a, b]) {
      const row = await db.items.get(id);
      expect(row).toMatchObject({
        packed: 4,
        history: [{ did: 'A' }, { did: 'B' }, { did: 'B again' }],
      });
      expect(row?.tags.toSorted()).toEqual(['big', 'red', 'wet']);
      expect(await db.conflicts.of('items', id)).toEqual([]);
    }
    await expectWhole(token, a, b);
  });

  it('[PL25] are changed in batches and bulk writes as well', async () => {
    const { a, b, token, id } = await scene();
    await a.db.batch((tx) => {
      tx.items.update(id, { packed: increment(), done: true });
      tx.items.add({ title: 'Stove', done: false, tags: ['hot'], history: [{ did: 'bought' }] });
    });
    await a.db.bulk((tx) => {
      tx.items.update(id, { tags: add('one') });
      tx.items.update(id, { title: 'Tarp' });
      tx.items.update(id, { tags: add('two') });
    });
    await meet(a, b);
    expect(await b.db.items.get(id)).toMatchObject({
      title: 'Tarp',
      done: true,
      packed: 3,
      tags: ['red', 'one', 'two'],
    });
    expect(await b.db.items.where('tags').equals('hot').first()).toMatchObject({
      title: 'Stove',
      history: [{ did: 'bought' }],
    });
    await expectWhole(token, a, b);
  });

  it('[AC31] are there once when their record is moved away and back before any of it was sent', async () => {
    const { a, b, token, id } = await scene();
    const list = a.db.lists.add({ id: uuid(), title: 'Elsewhere', order: 'a' });
    const { space: home = '' } = (await a.db.items.get(id)) ?? {};
    await a.db.items.update(id, { history: append({ did: 'packed' }) });
    await a.db.items.move(id, list.id, { packed: increment(5) });
    await a.db.items.update(id, { tags: [remove('red'), add('big')] });
    await a.db.items.move(id, home);
    const back = [{ space: home, packed: 7, tags: ['big'], history: [{ did: 'packed' }] }];
    expect(await a.db.items.toArray()).toMatchObject(back);
    await meet(a, a, b);
    for (const { db } of [a, b]) expect(await db.items.toArray()).toMatchObject(back);
    await expectWhole(token, a, b);
  });

  it('[PL9] [AC31] go along as what they are when their record moves, and merge where it is', async () => {
    const { a, b, token, id } = await scene();
    const list = a.db.lists.add({ title: 'Camp', order: 'a0' });
    await a.db.items.update(id, { history: append({ did: 'packed' }), tags: add('big') });
    await a.db.items.move(id, list.id, { packed: increment(5), title: 'Big tent' });
    const moved = {
      space: list.id,
      title: 'Big tent',
      tags: ['red', 'big'],
      packed: 7,
      history: [{ did: 'packed' }],
    };
    expect(await a.db.items.toArray()).toMatchObject([moved]);
    const waiting = JSON.stringify(await a.device.table('_outbox').toArray());
    expect(waiting).not.toContain('delete');
    await meet(a, b, b);
    expect(await b.db.items.toArray()).toMatchObject([moved]);
    await b.db.items.update({ id, space: list.id }, { tags: remove('red'), packed: increment() });
    await a.db.items.update({ id, space: list.id }, { tags: add('wet'), packed: increment() });
    await meet(a, b, a);
    for (const { db } of [a, b]) {
      expect(await db.items.toArray()).toMatchObject([{ packed: 9, tags: ['big', 'wet'] }]);
    }
    await expectWhole(token, a, b);
  });

  it('[PL9] go along also where the schema of the page does not know them', async () => {
    const { a, token, id } = await scene();
    const narrow = { version: 1, registry: 'lists', collections: narrowed } as const;
    const c = await join(narrow, token);
    await vi.waitFor(async () => expect(await c.db.items.get(id)).toBeDefined());
    const list = c.db.lists.add({ title: 'Camp', order: 'a0' });
    await c.db.items.move(id, list.id);
    await c.db.syncNow();
    await c.settled();
    await meet(a, a);
    expect(await a.db.items.toArray()).toMatchObject([{ tags: ['red'], packed: 2 }]);
    await a.db.items.update({ id, space: list.id }, { packed: increment() });
    expect(await a.db.items.toArray()).toMatchObject([{ packed: 3 }]);
  });
});

const narrowed = {
  lists: collections.lists,
  items: collection({ title: text(), done: bool() }),
};

describe('a schema that has other kinds of fields than before', () => {
  it('[FO41] [PL31] shows what was written before by its own kinds, to lookups too', async () => {
    const before = { version: 1, collections: narrowed } as const;
    const page = openPage(before);
    pages.push(page);
    await page.db.ready;
    const { id } = page.db.items.add({ title: 'Tent', done: false });
    await page.db.items.update(id, { title: 'Tarp' });
    const after = page.another({ version: 2, collections });
    pages.push(after);
    const now = after.db as unknown as Page<typeof collections>['db'];
    await now.ready;
    expect(await now.items.get(id)).toMatchObject({ title: 'Tarp', tags: [], packed: 0 });
    expect(await now.items.where('packed').equals(0).count()).toBe(1);
    expect((await page.device.session.load()).redraw).toBeUndefined();
  });

  it('[PL31] a value that was put stays, and is not what the set shows', async () => {
    const before = {
      version: 1,
      collections: { items: collection({ tags: json<readonly string[]>() }) },
    };
    const page = openPage(before);
    pages.push(page);
    const adding = page.db.items.add({ tags: ['red'] });
    await adding;
    const { id } = adding;
    expect(await page.db.items.get(id)).toMatchObject({ tags: ['red'] });
    const other = { version: 2, collections: { items: collection({ tags: set(text()) }) } };
    const after = page.another(other as unknown as typeof before);
    pages.push(after);
    await after.db.ready;
    expect(await after.db.items.get(id)).toMatchObject({ tags: [] });
    const back = after.another({ ...before, version: 3 });
    pages.push(back);
    await back.db.ready;
    expect(await back.db.items.get(id)).toMatchObject({ tags: ['red'] });
  });
});
