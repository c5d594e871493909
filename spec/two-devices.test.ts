/** The whole path but the browser: real engines, real Dexie, real HTTP, a real lab.server. */
import { describe, expect, it } from 'vitest';
import type { SpaceId } from '../core/index.ts';
import { uuid, type Device } from './support/device.ts';
import { newItem, newList, setTitle } from './support/lists-config.ts';
import { openLab } from './support/lab.ts';

const lab = openLab();
const { device } = lab;

async function pair(): Promise<[Device, Device]> {
  const token = await lab.nextToken();
  const both = [device(), device()] as [Device, Device];
  for (const one of both) await one.connect(lab.server.url, token);
  return both;
}

const poll = (one: Device) => one.ask({ v: 1, type: 'ring', reason: 'visible' });

describe('two devices', () => {
  it('[DR1] what one writes, the other sees, with the same seq on both', async () => {
    const [a, b] = await pair();
    const list = uuid() as SpaceId;
    await a.put(undefined, [newList(list, 'Camp')]);
    await a.put(list, [newItem('i1', 'Tent')]);
    await poll(b);
    await poll(b);
    expect(await b.rows('items')).toEqual(await a.rows('items'));
    expect(await b.rows('lists')).toEqual(await a.rows('lists'));
    const [atA, atB] = await Promise.all([a, b].map((one) => one.space(list)));
    expect(atA).toMatchObject({ cursor: 1, pending: 0, create: false, followed: true });
    expect(atB).toMatchObject({ cursor: 1, digest: atA?.digest, epoch: atA?.epoch });
    expect(await a.engine.status()).toMatchObject({ phase: 'idle', pending: 0, behind: 0 });
  });

  it('[DR2] edits made offline on both sides are on both in the end, those of one field by server order', async () => {
    const [a, b] = await pair();
    const home = (await a.put(undefined, [newItem('i1', 'Tent')])).space;
    await poll(b);
    a.offline = b.offline = true;
    await a.put(home, [setTitle('i1', 'from A')]);
    await a.put(home, [newItem('i2', 'A too')]);
    await b.put(home, [setTitle('i1', 'from B')]);
    expect(await b.engine.status()).toMatchObject({ phase: 'offline', pending: 1 });
    a.offline = false;
    await poll(a);
    b.offline = false;
    await poll(b);
    await poll(a);
    expect((await a.rows('items')).get('i1')).toMatchObject({ title: 'from B' });
    expect(await b.rows('items')).toEqual(await a.rows('items'));
    const conflicts = await Promise.all([a, b].map((one) => one.table('_conflicts').toArray()));
    expect(conflicts[0]).toEqual(conflicts[1]);
    expect(conflicts[0]).toHaveLength(1);
  });

  it('[DR3] a request whose answer is lost is sent again, and its ops are in the log once', async () => {
    let lose = 1;
    const token = await lab.nextToken();
    const c = device({
      fetch: async (url, init) => {
        const response = await fetch(url, init);
        if (url.pathname === '/sync/push' && lose-- > 0) throw new TypeError('cut');
        return response;
      },
    });
    await c.put(undefined, [newItem('i1', 'Tent')]);
    await c.connect(lab.server.url, token);
    expect(await c.engine.status()).toMatchObject({ pending: 1, phase: 'offline' });
    await poll(c);
    expect(await c.engine.status()).toMatchObject({ pending: 0, phase: 'idle' });
    expect(await c.table('_settled').toArray()).toMatchObject([{ seq: 1 }]);
  });

  it('[AB1] pages are told the ops themselves, with space, from and to', async () => {
    const [a, b] = await pair();
    const { space } = await a.put(undefined, [newItem('i1', 'Tent')]);
    await a.put(undefined, [setTitle('i1', 'Tarp')]);
    await poll(b);
    const applied = b.notices.filter((notice) => notice.type === 'applied');
    const told = applied.filter((notice) => notice.space === space);
    // However many notices they come in, the ops are told in order and each once.
    expect(told.flatMap(({ ops }) => ops)).toMatchObject([
      { seq: 1, payload: expect.stringContaining('Tent') },
      { seq: 2, clock: 2, payload: expect.stringContaining('Tarp') },
    ]);
    for (const { from, to, ops } of told)
      expect([from, to]).toEqual([ops[0]?.seq, ops.at(-1)?.seq]);
  });

  it('[AB2] what was written before joining is claimed: home rows move to the account, lists keep their ids', async () => {
    const token = await lab.nextToken();
    const [a, b] = [device(), device()];
    const list = uuid() as SpaceId;
    const before = await a.put(undefined, [newList(list, 'Camp')]);
    await a.put(list, [newItem('i1', 'Tent')]);
    await b.connect(lab.server.url, token);
    await a.connect(lab.server.url, token);
    await poll(b);
    await poll(b);
    const lists = await b.rows('lists');
    expect(lists.get(list)).toMatchObject({ title: 'Camp' });
    expect(lists.get(list)?.['space']).not.toBe(before.space);
    expect((await b.rows('items')).get('i1')).toMatchObject({ space: list, title: 'Tent' });
    expect(await a.rows('lists')).toEqual(lists);
    expect(await a.space(before.space)).toBeUndefined();
    // A page that still names the home it knew writes to the account's.
    const late = await a.put(before.space, [newItem('i2', 'late')]);
    expect(late.space).toBe(lists.get(list)?.['space']);
  });

  it('[AB2] what a page wrote into the account’s home by its name, before joining, is claimed with the rest', async () => {
    const token = await lab.nextToken();
    const [a, b] = [device(), device()];
    await b.connect(lab.server.url, token);
    const { space: home } = await b.put(undefined, [newItem('b', 'of B')]);
    await a.put(undefined, [newItem('i1', 'Tent'), newItem('i2', 'Map')]);
    await a.put(home, [newItem('i2', 'Rope'), newItem('i3', 'Stove')]);
    await a.put(home, [setTitle('i3', 'Stoves')]);
    await a.connect(lab.server.url, token);
    expect(await a.engine.status()).toMatchObject({ phase: 'idle', pending: 0 });
    expect(await a.table('_outbox').count()).toBe(0);
    await poll(b);
    expect(await b.rows('items')).toEqual(await a.rows('items'));
    expect((await a.rows('items')).get('i3')).toMatchObject({ title: 'Stoves', space: home });
    expect([...(await a.rows('items')).keys()].toSorted()).toEqual(['b', 'i1', 'i2', 'i3']);
  });

  it('[AB60] one that is new, or has lost its database, takes nothing away from the other', async () => {
    const [a, b] = await pair();
    const list = uuid() as SpaceId;
    await a.put(undefined, [newList(list, 'Camp')]);
    await a.put(list, [newItem('i1', 'Tent')]);
    await poll(b);
    const before = await a.rows('items');

    const emptied = device();
    await emptied.session.save(await b.session.load());
    await emptied.put(undefined, [newItem('i2', 'Map')]);
    for (const one of [emptied, a, b]) await poll(one);
    for (const one of [a, b, emptied]) {
      expect((await one.rows('items', list)).get('i1')).toEqual(before.get('i1'));
      expect((await one.rows('items')).get('i2')).toMatchObject({ title: 'Map' });
      expect(await one.rows('lists')).toEqual(await a.rows('lists'));
      expect(await one.table('_conflicts').count()).toBe(0);
    }
    expect(await a.table('_hidden').count()).toBe(0);
  });

  it('[DR4] ten thousand queued ops go out in order, and a bulk write is one row', async () => {
    const [a, b] = await pair();
    a.offline = true;
    const ops = Array.from({ length: 10_000 }, (_, i) => ({ do: [newItem(`i${i}`, `Item ${i}`)] }));
    await a.write(ops);
    expect(await a.table('_outbox').count()).toBe(1);
    a.offline = false;
    await poll(a);
    expect(await a.engine.status()).toMatchObject({ pending: 0 });
    await poll(b);
    expect((await b.rows('items')).size).toBe(10_000);
    expect(await b.rows('items')).toEqual(await a.rows('items'));
  }, 60_000);
});
