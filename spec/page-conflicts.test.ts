/** Conflicts as an app sees them through the page library, on two devices and a server. */
import 'fake-indexeddb/auto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { collection, optional, text, type Conflict } from '../web/lib/index.ts';
import { openLab } from './support/lab.ts';
import { openPage, type Page } from './support/page.ts';

const lab = openLab();
const schema = {
  version: 1,
  collections: {
    items: collection({
      title: text(),
      note: optional(text()),
      asked: optional(text({ conflicts: 'manual' })),
      timed: optional(text({ merge: 'latest' })),
    }),
  },
} as const;
type Items = (typeof schema)['collections'];

const pages: Page<Items>[] = [];
afterEach(() => pages.splice(0).forEach((page) => page.close()));

async function join(token: string, now = () => Date.now()): Promise<Page<Items>> {
  const page = openPage(schema, { now });
  pages.push(page);
  await page.db.connectAccount({ url: lab.server.url, token });
  await page.db.syncNow();
  await page.settled();
  return page;
}

/** Two devices that have an item each, both offline; B's clock may be behind. */
async function scene(behindMs = 0) {
  const token = await lab.nextToken();
  const a = await join(token);
  const item = a.db.items.add({ title: 'Tent' });
  await item.synced;
  const b = await join(token, () => Date.now() - behindMs);
  await vi.waitFor(async () => expect(await b.db.items.get(item.id)).toBeDefined());
  for (const { device } of [a, b]) device.offline = true;
  return { a, b, token, id: item.id };
}

/** Each alone with the server, in this order. */
async function meet(...turns: readonly Page<Items>[]): Promise<void> {
  for (const page of turns) {
    page.device.offline = false;
    await page.db.syncNow();
    await page.settled();
    page.device.offline = true;
  }
}

const title = async ({ db }: Page<Items>, id: string) => (await db.items.get(id))?.title;
const countOf = ({ db }: Page<Items>) => db.status.current.conflicts;

/** Both edit one field offline, B after A; then both have both. */
async function edited() {
  const all = await scene();
  const { a, b, id } = all;
  await a.db.items.update(id, { title: 'from A' });
  await b.db.items.update(id, { title: 'from B' });
  await meet(a, b, a);
  return all;
}

/** A deletes what B edits; both have heard of it. */
async function deleted() {
  const all = await scene();
  const { a, b, id } = all;
  await a.db.items.delete(id);
  await b.db.items.update(id, { title: 'from B' });
  await meet(a, b, a);
  return all;
}

describe('a conflict', () => {
  it('[PL22] of one field is the same on both devices, loser included, and whose each side is', async () => {
    const { a, b, id } = await edited();
    const [seenByA, ...others] = await a.db.conflicts.of('items', id);
    const [seenByB] = await b.db.conflicts.of('items', id);
    expect(others).toEqual([]);
    expect(seenByA).toMatchObject({
      collection: 'items',
      id,
      field: 'title',
      kind: 'edit-edit',
      open: false,
      winner: { values: { title: 'from B' }, changes: [], at: expect.any(Number), mine: false },
      loser: { values: { title: 'from A' }, changes: [], at: expect.any(Number), mine: true },
    });
    expect(seenByB).toMatchObject({ winner: { mine: true }, loser: { mine: false } });
    expect(seenByB?.key).toBe(seenByA?.key);
    expect(await a.db.conflicts.open()).toEqual([]);
  });

  it('[PL23] that was closed at its birth still gives the loser back, on both', async () => {
    const { a, b, id } = await edited();
    const [conflict] = await b.db.conflicts.of('items', id);
    await b.db.conflicts.resolve(conflict as Conflict, 'loser');
    expect(await title(b, id)).toBe('from A');
    await meet(b, a);
    expect(await title(a, id)).toBe('from A');
  });

  it('[PL22] [PL23] [ST4] of a deletion is open on both, until one of them takes the edit back', async () => {
    const { a, b, id } = await deleted();
    for (const page of [a, b]) {
      expect(await page.db.items.get(id)).toBeUndefined();
      expect(await page.db.conflicts.open()).toMatchObject([
        { id, field: null, kind: 'edit-delete', open: true, winner: { values: null } },
      ]);
      expect(countOf(page)).toBe(1);
    }
    const [conflict] = await b.db.conflicts.open();
    const resolving = b.db.conflicts.resolve(conflict as Conflict, 'loser');
    await resolving;
    await b.settled();
    expect(await title(b, id)).toBe('from B');
    expect(await b.db.conflicts.open()).toEqual([]);
    expect(await b.db.conflicts.of('items', id)).toMatchObject([{ open: false }]);
    expect(countOf(b)).toBe(0);
    // The other device does not know yet.
    expect(await a.db.conflicts.open()).toHaveLength(1);
    await meet(b, a);
    expect(await title(a, id)).toBe('from B');
    expect(await a.db.conflicts.open()).toEqual([]);
    expect(countOf(a)).toBe(0);
    expect(await a.db.conflicts.of('items', id)).toMatchObject([
      { open: false, closed: { mine: false, at: expect.any(Number) } },
    ]);
    await expect(resolving.synced).resolves.toEqual(expect.any(Number));
  });

  it('[PL23] of a deletion is closed by its winner too, and the record stays deleted', async () => {
    const { a, b, id } = await deleted();
    const [conflict] = await a.db.conflicts.open();
    await a.db.conflicts.resolve(conflict as Conflict, 'winner');
    await meet(a, b);
    for (const page of [a, b]) {
      expect(await page.db.items.get(id)).toBeUndefined();
      expect(await page.db.conflicts.open()).toEqual([]);
    }
  });

  it('[PL23] takes a value of neither side, of a whole record as fields', async () => {
    const { a, b, id } = await deleted();
    const [conflict] = await a.db.conflicts.open();
    const value = { title: 'neither', note: 'both' };
    await a.db.conflicts.resolve(conflict as Conflict, { value });
    expect(await a.db.items.get(id)).toMatchObject(value);
    await meet(a, b);
    expect(await b.db.items.get(id)).toMatchObject(value);
  });

  it('[PL55] is resolved with others in one write, in the order given, or none of them is', async () => {
    const { a, b, id } = await deleted();
    await a.db.items.add({ title: 'Stove' });
    await meet(a, b);
    const [stove] = (await a.db.items.toArray()).filter(({ title: one }) => one === 'Stove');
    await b.db.items.delete(stove?.id ?? '');
    await a.db.items.update(stove?.id ?? '', { note: 'gas' });
    await meet(b, a);
    const open = await a.db.conflicts.open();
    expect(open).toHaveLength(2);
    const all = open.map((conflict) => ({ conflict, take: 'loser' as const }));
    const long = { value: { note: 'x'.repeat(100_000) } };
    await expect(
      a.db.conflicts.resolveAll([...all, { conflict: open[0] as Conflict, take: long }]),
    ).rejects.toMatchObject({ code: 'too_large' });
    expect(await a.db.conflicts.open()).toHaveLength(2);
    expect(await a.db.conflicts.resolveAll(all)).toHaveLength(2);
    expect(await a.db.conflicts.open()).toEqual([]);
    await meet(a, b);
    for (const page of [a, b]) {
      expect(await title(page, id)).toBe('from B');
      expect(await page.db.items.get(stove?.id ?? '')).toMatchObject({ note: 'gas' });
    }
  });

  it('[PL56] of a deletion is about a record of which one can see what it held', async () => {
    const { a, b, id } = await scene();
    await a.db.items.update(id, { note: 'blue' });
    await a.db.items.update(id, { note: null });
    await meet(a, b);
    await a.db.items.delete(id);
    const space = (await a.db.deleted('items'))[0]?.space;
    expect(await a.db.deleted('items')).toEqual([{ id, space, title: 'Tent' }]);
    expect(await a.db.deleted('items', [id])).toHaveLength(1);
    expect(await a.db.deleted('items', ['another'])).toEqual([]);
    await meet(a, b);
    expect(await b.db.deleted('items', [id])).toEqual([{ id, space, title: 'Tent' }]);
    await b.db.items.restore({ id, space: space ?? '' });
    expect(await b.db.deleted('items')).toEqual([]);
  });

  it('[PL22] is listed live, and again when the op that resolved it is set aside', async () => {
    const { b, id } = await deleted();
    const counts: number[] = [];
    const listing = b.db
      .live(() => b.db.conflicts.open())
      .subscribe((open) => counts.push(open.length));
    await vi.waitFor(() => expect(counts.at(-1)).toBe(1));
    const [conflict] = await b.db.conflicts.open();
    const { row, index } = await b.db.conflicts.resolve(conflict as Conflict, 'loser');
    await vi.waitFor(() => expect(counts.at(-1)).toBe(0));
    await b.device.store.write(async (tx) => {
      const rows = await tx.rows([row]);
      await tx.putRows([...rows.values()].map((one) => ({ ...one, gone: [index] })));
    });
    await vi.waitFor(() => expect(counts.at(-1)).toBe(1));
    listing.unsubscribe();
    expect(await b.db.items.get(id)).toBeDefined();
  });

  it('[PL23] of a space that can only be read is not resolved, and says so', async () => {
    const { a } = await deleted();
    const [conflict] = await a.db.conflicts.open();
    await a.device.store.write(async (tx) => {
      const row = await tx.space((conflict as Conflict).space);
      if (row) await tx.putSpaces([{ ...row, access: 'read' }]);
    });
    const resolving = a.db.conflicts.resolve(conflict as Conflict, 'loser');
    await expect(resolving).rejects.toMatchObject({ code: 'forbidden' });
    expect(await a.db.conflicts.open()).toHaveLength(1);
  });

  it('[PL26] [CF3] of a field that is `manual` waits for a person on both devices', async () => {
    const { a, b, id } = await scene();
    await a.db.items.update(id, { asked: 'from A' });
    await b.db.items.update(id, { asked: 'from B' });
    await meet(a, b, a);
    for (const page of [a, b]) {
      expect(await page.db.items.get(id)).toMatchObject({ asked: 'from B' });
      expect(await page.db.conflicts.open()).toMatchObject([{ field: 'asked', open: true }]);
      expect(countOf(page)).toBe(1);
    }
  });

  it('[PL26] [FO20] of a field merged by `latest` is won by what was written later, not sent later', async () => {
    const { a, b, id } = await scene(60_000);
    await a.db.items.update(id, { timed: 'later', title: 'from A' });
    await b.db.items.update(id, { timed: 'earlier', title: 'from B' });
    await meet(a, b, a);
    for (const { db } of [a, b]) {
      expect(await db.items.get(id)).toMatchObject({ timed: 'later', title: 'from B' });
      const told = await db.conflicts.of('items', id);
      expect(told.find(({ field }) => field === 'timed')).toMatchObject({
        open: false,
        loser: { values: { timed: 'earlier' } },
      });
    }
  });

  it('[PL24] about a collection that the app does not have is listed, and resolved, like any other', async () => {
    const { a, b, token } = await scene();
    const photo = { collection: 'photos', id: 'p1' } as const;
    const space = (await a.db.items.toArray())[0]?.space;
    if (!space) throw new Error('no item');
    await a.device.put(space, [{ kind: 'put', ...photo, new: true, fields: { of: 'Tent' } }]);
    await meet(a, b);
    await a.device.put(space, [{ kind: 'delete', ...photo }]);
    await b.device.put(space, [{ kind: 'put', ...photo, fields: { of: 'Lake' } }]);
    await meet(a, b, a);
    const [conflict] = await a.db.conflicts.open();
    expect(conflict).toMatchObject({ collection: 'photos', loser: { values: { of: 'Lake' } } });
    expect(await a.db.conflicts.of('photos', 'p1')).toEqual([conflict]);
    await a.db.conflicts.resolve(conflict as Conflict, 'loser');
    await meet(a);
    expect(countOf(a)).toBe(0);
    const wider = openPage({
      ...schema,
      collections: { ...schema.collections, photos: collection({ of: text() }) },
    });
    await wider.db.connectAccount({ url: lab.server.url, token });
    await wider.db.syncNow();
    expect(await wider.db.photos.get('p1')).toMatchObject({ of: 'Lake' });
    wider.close();
  });
});
