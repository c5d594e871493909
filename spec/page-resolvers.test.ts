/** Fields that settle their own conflicts, on two devices and a server. */
import 'fake-indexeddb/auto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { collection, number, text, type Losing, type Resolver } from '../web/lib/index.ts';
import { openLab } from './support/lab.ts';
import { openPage, type Page } from './support/page.ts';
import { logsOf } from './support/restorable-server.ts';

const lab = openLab();

const greater = ({ mine, theirs }: Losing<number>) => ({ value: Math.max(mine ?? 0, theirs ?? 0) });

/** A schema for one device, so that it is seen which of them is asked. */
function schemaWith(resolve: Resolver<number>) {
  const title = text({ conflicts: 'manual' });
  const fields = { title, size: number({ resolve }), note: text({ resolve: both }) };
  return { version: 1, collections: { items: collection(fields) } } as const;
}
const both = vi.fn(({ mine, theirs }: Losing<string>) => ({ value: `${theirs} and ${mine}` }));
type Items = ReturnType<typeof schemaWith>['collections'];

const pages: Page<Items>[] = [];
afterEach(() => {
  pages.splice(0).forEach((page) => page.close());
  both.mockClear();
});

async function join(resolve: Resolver<number>, token: string): Promise<Page<Items>> {
  const page = openPage(schemaWith(resolve));
  pages.push(page);
  await page.db.connectAccount({ url: lab.server.url, token });
  await page.db.syncNow();
  await page.settled();
  return page;
}

/** Two devices that have an item each, both offline, each with a resolver of its own. */
async function scene(ofA: Resolver<number> = greater) {
  const token = await lab.nextToken();
  const resolvers = { a: vi.fn(ofA), b: vi.fn(greater) };
  const a = await join(resolvers.a, token);
  const item = a.db.items.add({ title: 'Tent', size: 1, note: '' });
  await item.synced;
  const b = await join(resolvers.b, token);
  await vi.waitFor(async () => expect(await b.db.items.get(item.id)).toBeDefined());
  for (const { device } of [a, b]) device.offline = true;
  return { a, b, token, id: item.id, resolvers };
}

/** Each alone with the server, in this order, its page open or not. */
async function meet(...turns: readonly Page<Items>[]): Promise<void> {
  for (const { device, settled } of turns) {
    device.offline = false;
    await device.ask({ v: 1, type: 'sync-now' });
    await settled();
    device.offline = true;
  }
}

/** Both edit the item; B comes later, so A's value is the loser. */
async function edited({ a, b, id }: Awaited<ReturnType<typeof scene>>, mine = 9, theirs = 5) {
  await a.db.items.update(id, { size: mine });
  await b.db.items.update(id, { size: theirs });
  await meet(a, b, a);
}

const size = async ({ db }: Page<Items>, id: string) => (await db.items.get(id))?.size;

async function resolvesIn(token: string): Promise<number> {
  const logs = await logsOf(lab.server.url, token);
  return [...logs.values()].flat().filter(({ payload }) => payload.includes('"resolve"')).length;
}

describe('a resolver', () => {
  it('[PL27] settles a conflict on every device, asked by the loser’s author alone', async () => {
    const all = await scene();
    const { a, b, id, resolvers, token } = all;
    await edited(all);
    await vi.waitFor(async () => expect(await size(a, id)).toBe(9));
    expect(resolvers.a).toHaveBeenCalledExactlyOnceWith({
      mine: 9,
      theirs: 5,
      record: expect.objectContaining({ id, title: 'Tent', size: 5 }),
    });
    await meet(a, b);
    expect(await size(b, id)).toBe(9);
    expect(resolvers.b).not.toHaveBeenCalled();
    expect(await resolvesIn(token)).toBe(1);
    for (const { db } of [a, b]) {
      expect(await db.conflicts.of('items', id)).toMatchObject([
        { open: false, loser: { values: { size: 9 } }, closed: {} },
      ]);
      expect(db.status.current.conflicts).toBe(0);
    }
  });

  it('[PL27] settles what came while no page was open, when one is', async () => {
    const all = await scene();
    const { a, id, resolvers } = all;
    await a.db.items.update(id, { size: 9 });
    a.db.close();
    await all.b.db.items.update(id, { size: 5 });
    await meet(a, all.b, a);
    expect(resolvers.a).not.toHaveBeenCalled();
    const later = a.another();
    pages.unshift(later);
    await vi.waitFor(async () => expect(await size(later, id)).toBe(9));
    expect(resolvers.a).toHaveBeenCalledOnce();
  });

  it('[PL27] of several tabs settles a conflict once', async () => {
    const all = await scene();
    const { a, b, id, token } = all;
    const tabs = [a, a.another(), a.another()];
    pages.unshift(...tabs.slice(1));
    await Promise.all(tabs.map(({ db }) => db.ready));
    await edited(all);
    await vi.waitFor(() => expect(all.resolvers.a).toHaveBeenCalledTimes(3));
    for (const tab of tabs) await tab.settled();
    await meet(a, b);
    expect(await resolvesIn(token)).toBe(1);
    expect(await size(b, id)).toBe(9);
    expect(tabs.flatMap(({ environment }) => environment.reported)).toEqual([]);
  });

  it('[PL27] that throws is reported, leaves its conflict to the person, and stops no other', async () => {
    const failing: Resolver<number> = () => {
      throw new Error('oops');
    };
    const all = await scene(failing);
    const { a, b, id } = all;
    await a.db.items.update(id, { size: 9, note: 'A' });
    await b.db.items.update(id, { size: 5, note: 'B' });
    await meet(a, b, a);
    await vi.waitFor(async () => expect((await a.db.items.get(id))?.note).toBe('B and A'));
    expect(a.environment.reported).toEqual([
      expect.objectContaining({
        code: 'resolver_failed',
        cause: expect.objectContaining({ message: 'oops' }),
      }),
    ]);
    const [conflict, ...others] = await a.db.conflicts.open();
    expect(conflict).toMatchObject({ field: 'size', open: true });
    expect(others).toEqual([]);
    // What else changes does not make it try again.
    await a.db.items.update(id, { title: 'Tarp' });
    if (conflict) await a.db.conflicts.resolve(conflict, 'loser');
    await meet(a, b);
    expect(await size(b, id)).toBe(9);
    expect(a.environment.reported).toHaveLength(1);
  });

  it.each([
    ['no answer', () => undefined as never],
    ['a promise', () => Promise.resolve('loser') as never],
    ['what is no value', () => ({ value: Number.NaN })],
  ])('[PL27] that gives %s is reported, and its conflict is open', async (_what, resolve) => {
    const all = await scene(resolve);
    await edited(all);
    await vi.waitFor(() => expect(all.a.environment.reported).toHaveLength(1));
    expect(await all.a.db.conflicts.open()).toHaveLength(1);
    expect(await size(all.a, all.id)).toBe(5);
  });

  it('[PL27] may leave the winner, or take the loser', async () => {
    const all = await scene(({ record }) => (record?.['title'] === 'Tent' ? 'loser' : 'winner'));
    const { a, id } = all;
    await edited(all);
    await vi.waitFor(async () => expect(await size(a, id)).toBe(9));
    await meet(a, all.b);
    await a.db.items.update(id, { title: 'Tarp' });
    await edited(all, 20, 10);
    await vi.waitFor(async () => expect(await a.db.conflicts.open()).toEqual([]));
    expect(await size(a, id)).toBe(10);
  });
});

describe('a resolve that is to count once', () => {
  it('[CF13] is refused for a conflict that is closed, not known, or resolved here', async () => {
    const all = await scene();
    const { a, b, id } = all;
    await a.db.items.update(id, { title: 'from A' });
    await b.db.items.update(id, { title: 'from B' });
    await meet(a, b, a);
    const [row] = await a.device.table('_conflicts').toArray();
    const { space, actor, clock, collection: of, field, kind } = row;
    const conflict = { actor, clock, collection: of, id, field, kind };
    const ask = (name: object) =>
      a.device.ask({
        v: 1,
        type: 'write',
        seen: {},
        ops: [
          { space, once: true, do: [{ kind: 'resolve', conflict: name, take: 'loser' } as never] },
        ],
      });
    const refused = { type: 'error', code: 'already_resolved' };
    expect(await ask({ ...conflict, clock: 99 })).toMatchObject(refused);
    // At once, so that they share a commit.
    const replies = await Promise.all([ask(conflict), ask(conflict)]);
    expect(replies).toMatchObject([{ type: 'accepted' }, refused]);
    expect(await ask(conflict)).toMatchObject(refused);
    await meet(a);
    expect(await ask(conflict)).toMatchObject(refused);
    expect(await a.device.table('_outbox').count()).toBe(0);
  });
});
