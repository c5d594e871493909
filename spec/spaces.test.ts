/** Several spaces on one device: moves between them, joining, and who is followed. */
import { describe, expect, it } from 'vitest';
import type { MutationJson, SpaceId } from '../core/index.ts';
import { uuid, type Device, type DeviceOptions } from './support/device.ts';
import { listsConfig, newItem, newList, remove, setTitle } from './support/lists-config.ts';
import { openLab } from './support/lab.ts';

const lab = openLab();
const device = (options: Partial<DeviceOptions> = {}) => lab.device({ listens: false, ...options });

const { nextToken } = lab;
const ring = (one: Device) => one.ask({ v: 1, type: 'ring', reason: 'visible' });
const bulk = (one: Device, ...ops: [SpaceId, MutationJson][]) =>
  one.write(ops.map(([space, mutation]) => ({ space, do: [mutation] })));

/** A list with an item, and a second list. */
async function twoLists(one: Device): Promise<[SpaceId, SpaceId]> {
  const [x, y] = [uuid() as SpaceId, uuid() as SpaceId];
  await one.put(undefined, [newList(x, 'X')]);
  await one.put(undefined, [newList(y, 'Y')]);
  await one.put(x, [newItem('i', 'Tent')]);
  return [x, y];
}

const spacesOfItem = async (one: Device) =>
  (await one.table('items').where('id').equals('i').toArray()).map(({ space }) => space);

describe('a record between spaces', () => {
  it('[AC15] moved away and back, it is in the space it came back to, alone', async () => {
    const a = device();
    const [x, y] = await twoLists(a);
    await bulk(a, [y, newItem('i', 'Tent')], [x, remove('items', 'i')]);
    expect(await spacesOfItem(a)).toEqual([y]);
    await bulk(a, [x, newItem('i', 'Tent')], [y, remove('items', 'i')]);
    expect(await spacesOfItem(a)).toEqual([x]);
  });

  it('[AC15] the same where the moves come from another device, in one answer', async () => {
    const [a, b] = [device(), device()];
    const token = await nextToken();
    for (const one of [a, b]) await one.connect(lab.server.url, token);
    const [x, y] = await twoLists(a);
    await bulk(a, [y, newItem('i', 'Tent')], [x, remove('items', 'i')]);
    await ring(b);
    await ring(b);
    expect(await spacesOfItem(b)).toEqual([y]);
    await bulk(a, [x, newItem('i', 'Tent')], [y, remove('items', 'i')]);
    await ring(b);
    expect(await spacesOfItem(b)).toEqual([x]);
  });

  it('[AC16] an edit right behind a move goes where the record went', async () => {
    const a = device();
    const [x, y] = await twoLists(a);
    await Promise.all([
      bulk(a, [x, newItem('other', 'first in line')]),
      bulk(a, [y, newItem('i', 'Tent')], [x, remove('items', 'i')]),
      a.put(undefined, [setTitle('i', 'Tarp')]),
    ]);
    expect((await a.rows('items', y)).get('i')).toMatchObject({ title: 'Tarp' });
  });
});

describe('joining an account', () => {
  it('[AB11] what was written before can be edited after, also before the server has it', async () => {
    const a = device({
      fetch: (url, init) =>
        url.pathname === '/sync/push' ? Promise.reject(new TypeError('cut')) : fetch(url, init),
    });
    await a.put(undefined, [newItem('i', 'Tent')]);
    await a.connect(lab.server.url, await nextToken());
    await a.put(undefined, [setTitle('i', 'Tarp')]);
    expect((await a.rows('items')).get('i')).toMatchObject({ title: 'Tarp' });
  });
});

describe('the registry', () => {
  const followed = async (one: Device, space: SpaceId) =>
    (await one.space(space))?.followed as boolean;

  it('[AB12] spaces are followed as the registry says, also where the news of both come at once', async () => {
    const [a, b] = [device(), device()];
    const token = await nextToken();
    for (const one of [a, b]) await one.connect(lab.server.url, token);
    const [x] = await twoLists(a);
    for (const _ of [1, 2]) await ring(b);
    expect(await followed(b, x)).toBe(true);

    a.offline = true;
    await a.put(undefined, [remove('lists', x)]);
    await a.put(x, [setTitle('i', 'last words')]);
    a.offline = false;
    await ring(a);
    await ring(b);
    expect(await followed(b, x)).toBe(false);

    // Back again, while this one has something to send in it.
    b.offline = true;
    await b.put(x, [setTitle('i', 'meanwhile')]);
    await a.put(undefined, [{ kind: 'restore', collection: 'lists', id: x }]);
    b.offline = false;
    await ring(b);
    expect(await followed(b, x)).toBe(true);
    await ring(a);
    expect(await b.rows('items')).toEqual(await a.rows('items'));
  });

  it('[AB41] a list that was brought back is there with all that was written in it meanwhile', async () => {
    const [a, b] = [device(), device()];
    const token = await nextToken();
    for (const one of [a, b]) await one.connect(lab.server.url, token);
    const [x] = await twoLists(a);
    for (const _ of [1, 2]) await ring(b);
    await a.put(undefined, [remove('lists', x)]);
    await b.put(x, [setTitle('i', 'written meanwhile')]);
    const home = (await b.put(undefined, [newItem('j', 'Stove')])).space;
    await b.put(home, [{ kind: 'restore', collection: 'lists', id: x }]);
    await ring(a);
    expect(await followed(a, x)).toBe(true);
    expect((await a.rows('items', x)).get('i')).toMatchObject({ title: 'written meanwhile' });
  });

  it('[HO61] that an app gets by an update names the lists that came before it', async () => {
    const { registry: _, ...without } = listsConfig;
    const { lists: __, ...items } = without.collections;
    const older = [without, { ...without, collections: items }];
    for (const config of older) {
      const token = await nextToken();
      const [a, b] = [device(), device({ config })];
      for (const one of [a, b]) await one.connect(lab.server.url, token);
      const [list] = await twoLists(a);
      await ring(a);
      await ring(b);
      expect(await b.rows('items', list)).toEqual(new Map());
      await b.ask({ v: 1, type: 'hello', config: { ...listsConfig, version: 2 } });
      await ring(b);
      expect([...(await b.rows('items', list)).keys()]).toEqual(['i']);
      expect(await followed(b, list)).toBe(true);
    }
  });

  it('[AB13] a record of the registry that names the home itself changes nothing about it', async () => {
    const [a, b] = [device(), device()];
    const token = await nextToken();
    for (const one of [a, b]) await one.connect(lab.server.url, token);
    const home = (await a.put(undefined, [newItem('i', 'Tent')])).space;
    await a.put(home, [newList(home, 'myself')]);
    await a.put(home, [remove('lists', home)]);
    await ring(b);
    await a.put(home, [setTitle('i', 'Tarp')]);
    await ring(b);
    expect((await b.rows('items')).get('i')).toMatchObject({ title: 'Tarp' });
  });
});

describe('a list that another device has made', () => {
  it('[AB94] is said to be coming until it was asked about, also where the way is cut before that', async () => {
    const token = await nextToken();
    const a = device();
    await a.connect(lab.server.url, token);
    const [x, y] = await twoLists(a);
    await ring(a);
    let answers = 0;
    const b = device({
      fetch: async (url, init) => {
        if (url.pathname !== '/sync/push' || answers++ === 0) return fetch(url, init);
        throw new TypeError('cut');
      },
    });
    expect((await b.engine.status()).filling).toBeNull();
    await b.connect(lab.server.url, token);
    expect([...(await b.rows('lists')).keys()].toSorted()).toEqual([x, y].toSorted());
    const cut = await b.engine.status();
    expect(cut).toMatchObject({ phase: 'offline', filling: { records: 0, ofRecords: 0 } });
    expect(cut.filling?.spaces.toSorted()).toEqual([x, y].toSorted());
    answers = 0;
    await ring(b);
    answers = 0;
    await ring(b);
    expect(await b.engine.status()).toMatchObject({ phase: 'idle', filling: null, behind: 0 });
    expect(await spacesOfItem(b)).toEqual([x]);
  });
});
