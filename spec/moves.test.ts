/** Moves between lists can neither lose nor double what they move, whatever becomes of their halves. */
import { describe, expect, it } from 'vitest';
import type { MutationJson, ParsedPageRequest, PushRequest, SpaceId } from '../core/index.ts';
import { uuid, type Device } from './support/device.ts';
import { listsConfig, newItem, newList, remove, setTitle } from './support/lists-config.ts';
import { openLab } from './support/lab.ts';
import { faultsOf, readReplica } from './support/replica-check.ts';
import { logsOf } from './support/restorable-server.ts';

const lab = openLab();
const ring = (one: Device) => one.ask({ v: 1, type: 'ring', reason: 'visible' });

interface Script {
  /** A space whose every answer is that it is forbidden. */
  forbidden?: SpaceId;
  /** What is done while the next push is on its way. */
  meanwhile?: () => Promise<unknown>;
}

/** A device with an item in list X, and an empty list Y. */
async function scene() {
  const token = await lab.nextToken();
  const script: Script = {};
  const requests: PushRequest[] = [];
  const a = lab.device({
    listens: false,
    fetch: async (url, init) => {
      if (url.pathname !== '/sync/push') return fetch(url, init);
      const request = JSON.parse(init.body as string) as PushRequest;
      requests.push(request);
      const { meanwhile } = script;
      delete script.meanwhile;
      await meanwhile?.();
      const { forbidden } = script;
      if (!forbidden || !request.spaces[forbidden]) return fetch(url, init);
      const { [forbidden]: _, ...spaces } = request.spaces;
      const response = await fetch(url, { ...init, body: JSON.stringify({ ...request, spaces }) });
      const answer = (await response.json()) as { spaces: object };
      const error = { error: { code: 'forbidden' } };
      return Response.json({ ...answer, spaces: { ...answer.spaces, [forbidden]: error } });
    },
  });
  await a.connect(lab.server.url, token);
  const [x, y] = [uuid() as SpaceId, uuid() as SpaceId];
  await a.put(undefined, [newList(x, 'X')]);
  await a.put(undefined, [newList(y, 'Y')]);
  await a.put(x, [newItem('i', 'Tent')]);
  await a.put(x, [newItem('other', 'Stove')]);
  await a.put(y, [newItem('there', 'Map')]);
  return { a, token, x, y, script, requests };
}

const bulk = (one: Device, ...ops: [SpaceId, MutationJson][]) =>
  one.write(ops.map(([space, mutation]) => ({ space, do: [mutation] })));

const move = (one: Device, from: SpaceId, to: SpaceId, title = 'Tent') =>
  bulk(one, [to, newItem('i', title)], [from, remove('items', 'i')]);

const spacesOfItem = async (one: Device) =>
  (await one.table('items').where('id').equals('i').toArray()).map(({ space }) => space as SpaceId);

const kindsIn = (request: PushRequest | undefined, space: SpaceId): string[] =>
  (request?.spaces[space]?.ops ?? []).map((op) =>
    'payload' in op ? (/"kind":"(\w+)"/.exec(op.payload)?.[1] ?? '') : 'void',
  );

async function expectWhole(one: Device, token: string): Promise<void> {
  const logs = await logsOf(lab.server.url, token);
  const replica = await readReplica(one, Object.keys(listsConfig.collections));
  expect(faultsOf(replica, logs)).toEqual([]);
  expect(replica.spaces.filter(({ pending }) => pending > 0)).toEqual([]);
}

describe('a move between spaces', () => {
  it('[AC31] deletes where the record was only when its put is in the log where it is now', async () => {
    const { a, token, x, y, requests } = await scene();
    const before = requests.length;
    const receipts = await move(a, x, y);
    const [put, deletion] = requests
      .slice(before)
      .map((request) => [kindsIn(request, y), kindsIn(request, x)]);
    expect(put).toEqual([['put'], []]);
    expect(deletion).toEqual([[], ['delete']]);
    expect(await spacesOfItem(a)).toEqual([y]);
    expect(receipts[0]).toEqual(receipts[1]);
    await expectWhole(a, token);
    const b = lab.device({ listens: false });
    await b.connect(lab.server.url, token);
    await ring(b);
    expect(await spacesOfItem(b)).toEqual([y]);
  });

  it('[AC31] shows the record once meanwhile, and lets other ops overtake it', async () => {
    const { a, token, x, y, requests } = await scene();
    a.offline = true;
    await move(a, x, y);
    await a.put(x, [setTitle('other', 'Gas stove')]);
    expect(await spacesOfItem(a)).toEqual([y]);
    a.restart();
    expect(await spacesOfItem(a)).toEqual([y]);
    a.offline = false;
    const before = requests.length;
    await ring(a);
    expect(kindsIn(requests[before], x)).toEqual(['put']);
    expect(kindsIn(requests[before], y)).toEqual(['put']);
    expect(await spacesOfItem(a)).toEqual([y]);
    await expectWhole(a, token);
  });

  it('[AC31] is withdrawn if the put is set aside: the record is where it was', async () => {
    const { a, token, x, y, script } = await scene();
    script.forbidden = y;
    await move(a, x, y, 'on its way');
    expect(await spacesOfItem(a)).toEqual([x]);
    expect((await a.rows('items', x)).get('i')).toMatchObject({ title: 'Tent' });
    expect(await a.table('_aside').toArray()).toMatchObject([
      { space: y, code: 'forbidden', payload: expect.stringContaining('on its way') },
    ]);
    const logs = await logsOf(lab.server.url, token);
    expect(logs.get(x)?.some(({ payload }) => payload.includes('delete'))).toBe(false);
    delete script.forbidden;
    await ring(a);
    await expectWhole(a, token);
  });

  it('[AC31] away and back, before any of it was sent, leaves it where it was', async () => {
    const { a, token, x, y } = await scene();
    a.offline = true;
    await move(a, x, y);
    await move(a, y, x, 'back again');
    expect(await spacesOfItem(a)).toEqual([x]);
    a.offline = false;
    for (let i = 0; i < 3; i++) await ring(a);
    expect(await spacesOfItem(a)).toEqual([x]);
    expect((await a.rows('items', x)).get('i')).toMatchObject({ title: 'back again' });
    await expectWhole(a, token);
    const b = lab.device({ listens: false });
    await b.connect(lab.server.url, token);
    await ring(b);
    expect(await spacesOfItem(b)).toEqual([x]);
  });

  it('[AC31] keeps both where it is written again in its old place meanwhile: nothing typed is deleted', async () => {
    const { a, token, x, y, script } = await scene();
    script.meanwhile = () =>
      a.engine.handle({
        v: 1,
        type: 'write',
        ops: [{ space: x, do: [setTitle('i', 'a late edit')] }],
        seen: {},
        rebuilt: {},
        instead: [],
      });
    await move(a, x, y);
    await ring(a);
    expect((await spacesOfItem(a)).toSorted()).toEqual([x, y].toSorted());
    expect((await a.rows('items', x)).get('i')).toMatchObject({ title: 'a late edit' });
    await expectWhole(a, token);
  });

  it('[AC31] of what another device edits meanwhile keeps that edit as a conflict', async () => {
    const { a, token, x, y } = await scene();
    const b = lab.device({ listens: false });
    await b.connect(lab.server.url, token);
    await ring(b);
    a.offline = true;
    await move(a, x, y);
    await b.put(x, [setTitle('i', 'from B')]);
    a.offline = false;
    for (const one of [a, b, a, b]) await ring(one);
    for (const one of [a, b]) {
      expect(await spacesOfItem(one)).toEqual([y]);
      expect(await one.table('_conflicts').toArray()).toMatchObject([
        { kind: 'delete-edit', space: x, id: 'i' },
      ]);
      await expectWhole(one, token);
    }
  });

  it('[AC32] by two people at once, to two lists, leaves it in both, on both devices; one may keep either', async () => {
    const { a, token, x, y } = await scene();
    const z = uuid() as SpaceId;
    await a.put(undefined, [newList(z, 'Z')]);
    const b = lab.device({ listens: false });
    await b.connect(lab.server.url, token);
    await ring(b);
    a.offline = true;
    b.offline = true;
    await move(a, x, y);
    await move(b, x, z);
    expect([await spacesOfItem(a), await spacesOfItem(b)]).toEqual([[y], [z]]);
    a.offline = false;
    b.offline = false;
    for (const one of [a, b, a, b]) await ring(one);
    for (const one of [a, b]) {
      expect((await spacesOfItem(one)).toSorted()).toEqual([y, z].toSorted());
      expect(await one.table('_conflicts').toArray()).toEqual([]);
      await expectWhole(one, token);
    }

    await bulk(a, [y, setTitle('i', 'Tent')], [z, remove('items', 'i')]);
    await ring(b);
    expect([await spacesOfItem(a), await spacesOfItem(b)]).toEqual([[y], [y]]);
  });

  it('[AC32] when both then keep another copy, none is gone unsaid: each has its open conflict', async () => {
    const { a, token, x, y } = await scene();
    const z = uuid() as SpaceId;
    await a.put(undefined, [newList(z, 'Z')]);
    const b = lab.device({ listens: false });
    await b.connect(lab.server.url, token);
    await ring(b);
    a.offline = true;
    b.offline = true;
    await move(a, x, y);
    await move(b, x, z);
    for (const one of [a, b]) one.offline = false;
    for (const one of [a, b, a, b]) await ring(one);
    for (const one of [a, b]) one.offline = true;
    await bulk(a, [y, setTitle('i', 'Tent')], [z, remove('items', 'i')]);
    await bulk(b, [z, setTitle('i', 'Tent')], [y, remove('items', 'i')]);
    for (const one of [a, b]) one.offline = false;
    for (const one of [a, b, a, b]) await ring(one);
    for (const one of [a, b]) {
      expect(await spacesOfItem(one)).toEqual([]);
      const found = await one.table('_conflicts').toArray();
      expect(found.every(({ open }) => open)).toBe(true);
      expect(found.map(({ space }) => space as string).toSorted()).toEqual([y, z].toSorted());
      await expectWhole(one, token);
    }
  });

  it('[AC31] made before joining an account is finished after it', async () => {
    const token = await lab.nextToken();
    const a = lab.device({ listens: false });
    const { space: home } = await a.put(undefined, [newItem('i', 'Tent')]);
    const y = uuid() as SpaceId;
    await a.put(undefined, [newList(y, 'Y')]);
    await move(a, home, y);
    expect(await spacesOfItem(a)).toEqual([y]);
    await a.connect(lab.server.url, token);
    for (let i = 0; i < 3; i++) await ring(a);
    expect(await spacesOfItem(a)).toEqual([y]);
    await expectWhole(a, token);
    const b = lab.device({ listens: false });
    await b.connect(lab.server.url, token);
    for (let i = 0; i < 2; i++) await ring(b);
    expect(await spacesOfItem(b)).toEqual([y]);
  });

  it('[AC31] of many records at once moves each by itself', async () => {
    const { a, token, x, y } = await scene();
    const ids = Array.from({ length: 20 }, (_, i) => `m${i}`);
    await bulk(a, ...ids.map((id): [SpaceId, MutationJson] => [x, newItem(id, id)]));
    a.offline = true;
    await bulk(
      a,
      ...ids.flatMap((id): [SpaceId, MutationJson][] => [
        [y, newItem(id, id)],
        [x, remove('items', id)],
      ]),
    );
    expect([...(await a.rows('items', x)).keys()].toSorted()).toEqual(['i', 'other']);
    a.offline = false;
    for (let i = 0; i < 3; i++) await ring(a);
    expect((await a.rows('items', y)).size).toBe(21);
    await expectWhole(a, token);
    expect(await a.table('_outbox').count()).toBe(0);
  });

  it.each([
    ['an edit before it', 'i', setTitle('i', 'Tarp')],
    ['what makes the record', 'n', newItem('n', 'Tarp')],
  ])(
    '[AC31] in one write with %s, and with the other space named first, shows it once',
    async (_, id, before) => {
      const { a, token, x, y } = await scene();
      const there = setTitle('there', 'Chart');
      a.offline = true;
      await bulk(a, [y, there], [x, before], [y, newItem(id, 'Tarp')], [x, remove('items', id)]);
      for (let i = 0; i < 3; i++) {
        const rows = (await a.table('items').where('id').equals(id).toArray()) as object[];
        expect(rows).toMatchObject([{ space: y, title: 'Tarp' }]);
        a.offline = false;
        await ring(a);
      }
      await expectWhole(a, token);
    },
  );

  it('[AC31] in one write with an edit of what it leaves behind keeps both', async () => {
    const { a, token, x, y } = await scene();
    await bulk(
      a,
      [x, setTitle('other', 'Gas stove')],
      [y, newItem('i', 'Tent')],
      [x, remove('items', 'i')],
      [x, setTitle('i', 'a late edit')],
    );
    await ring(a);
    expect((await a.rows('items', x)).get('i')).toMatchObject({ title: 'a late edit' });
    expect((await a.rows('items', y)).get('i')).toMatchObject({ title: 'Tent' });
    await expectWhole(a, token);
  });

  it('[AC31] in one write with edits of it where it goes is whole there', async () => {
    const { a, token, x, y } = await scene();
    a.offline = true;
    await bulk(a, [y, newItem('i', 'Tent')], [x, remove('items', 'i')], [y, setTitle('i', 'Tarp')]);
    for (let i = 0; i < 3; i++) {
      expect(await spacesOfItem(a)).toEqual([y]);
      expect((await a.rows('items', y)).get('i')).toMatchObject({ title: 'Tarp' });
      a.offline = false;
      await ring(a);
    }
    await expectWhole(a, token);
  });

  it('[AC31] [SE8] of a record that another tab goes on typing into loses no key', async () => {
    const { a, token, x, y } = await scene();
    a.offline = true;
    // Not waited for in between: a pause would end the typing.
    const write = (ops: readonly object[]) => {
      const seen = { [x]: 99, [y]: 99 };
      const request = { v: 1, type: 'write', ops, seen, rebuilt: {}, instead: [] };
      return a.engine.handle(request as unknown as ParsedPageRequest);
    };
    await write([{ space: x, do: [setTitle('i', 'T')], typing: true }]);
    await write([
      { space: y, do: [newItem('i', 'T')] },
      { space: x, do: [remove('items', 'i')] },
    ]);
    const { afterwards } = await write([
      { space: x, do: [setTitle('i', 'Typed on')], typing: true },
    ]);
    const shown = async () => (await a.rows('items', x)).get('i');
    expect(await shown()).toMatchObject({ title: 'Typed on' });
    await afterwards;
    a.offline = false;
    for (let i = 0; i < 3; i++) await ring(a);
    expect(await shown()).toMatchObject({ title: 'Typed on' });
    await expectWhole(a, token);
  });
});
