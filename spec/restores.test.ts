/**
 * Servers that were put back to an earlier day, or lost a log: what each device wrote itself is there
 * again, once, and what it had from others is kept beside it.
 */
import Dexie, { RangeSet, type ObservabilitySet } from 'dexie';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Conflict, SequencedOp, SpaceId } from '../core/index.ts';
import type { SpaceRow } from '../sw/engine/ports.ts';
import { createDevice, uuid, type Device, type DeviceOptions } from './support/device.ts';
import { listsConfig, newItem, newList, remove, setTitle } from './support/lists-config.ts';
import { missingOn } from './support/missing.ts';
import { faultsOf, readReplica } from './support/replica-check.ts';
import { startRestorable, type RestorableServer } from './support/restorable-server.ts';

let server: RestorableServer;
const devices: Device[] = [];
beforeAll(async () => void (server = await startRestorable({ limits: { payloadBytes: 600 } })));
afterAll(() => server.stop());
afterEach(() => devices.splice(0).forEach((device) => device.close()));

let users = 0;
const nextToken = () => server.tokenFor(`user-${users++}`);

async function connected(token: string, options: Partial<DeviceOptions> = {}): Promise<Device> {
  const device = createDevice({ config: listsConfig, listens: false, ...options });
  devices.push(device);
  await device.connect(server.url, token);
  return device;
}

/** Rings them all until nothing moves any more. */
async function settle(...all: readonly Device[]): Promise<void> {
  for (let round = 0; round < 4; round++)
    for (const one of all) await one.ask({ v: 1, type: 'ring', reason: 'visible' });
}

/** The ids of the records that live queries hear of meanwhile. */
async function idsHeard(collection: string, during: () => Promise<void>): Promise<Set<string>> {
  const heard = new RangeSet();
  const hear = (parts: ObservabilitySet) => {
    for (const [part, keys] of Object.entries(parts))
      if (part.endsWith(`/${collection}/`)) heard.add(keys);
  };
  Dexie.on.storagemutated.subscribe(hear);
  await during();
  Dexie.on.storagemutated.unsubscribe(hear);
  return new Set([...heard].map(({ from }) => (from as [space: string, id: string])[1]));
}

const titleOf = ({ payload }: SequencedOp) => /"title":"([^"]*)"/.exec(payload)?.[1] ?? '';
const rowOf = async (device: Device, space: SpaceId) => (await device.space(space)) as SpaceRow;
const titles = async (token: string, space: SpaceId) =>
  ((await server.logs(token)).get(space) ?? []).map(titleOf);

async function expectWhole(token: string, ...all: readonly Device[]): Promise<void> {
  const logs = await server.logs(token);
  for (const one of all) {
    expect(await one.engine.status()).toMatchObject({ phase: 'idle', pending: 0, trouble: null });
    expect(faultsOf(await readReplica(one, ['lists', 'items']), logs)).toEqual([]);
    expect(await one.rows('items')).toEqual(await all[0]?.rows('items'));
  }
  for (const log of logs.values()) {
    const payloads = log.map(({ payload }) => payload);
    expect(new Set(payloads).size).toBe(payloads.length);
  }
}

describe.each([
  ['with a new epoch', { newEpoch: true }],
  ['with the epoch that it had', { newEpoch: false }],
])('a server restored %s', (_how, how) => {
  it('[AB31] [SE11] [AB91] has again what each device had written since, once, in its order, and what was pending', async () => {
    const token = await nextToken();
    const [a, b] = [await connected(token), await connected(token)];
    const { space } = await a.put(undefined, [newItem('i1', 'before')]);
    await settle(a, b);
    const backup = await server.backup();
    await settle(a, b);
    await a.put(space, [newItem('ia', 'A 1')]);
    await a.write(
      Array.from({ length: 5 }, (_, i) => ({ space, do: [newItem(`a${i}`, `A bulk ${i}`)] })),
    );
    await b.put(space, [newItem('ib', 'B 1')]);
    await b.put(space, [setTitle('i1', 'B 2')]);
    await settle(a, b);
    a.offline = true;
    await a.put(space, [setTitle('ia', 'A pending')]);
    await server.restore(backup, how);
    a.offline = false;
    await settle(a, b);
    const log = await titles(token, space);
    expect(log.toSorted()).toEqual(
      [
        'before',
        'A 1',
        ...[0, 1, 2, 3, 4].map((i) => `A bulk ${i}`),
        'A pending',
        'B 1',
        'B 2',
      ].toSorted(),
    );
    expect(log.filter((title) => title.startsWith('A'))).toEqual([
      'A 1',
      ...[0, 1, 2, 3, 4].map((i) => `A bulk ${i}`),
      'A pending',
    ]);
    await expectWhole(token, a, b);
    for (const one of [a, b]) expect(await one.engine.status()).toMatchObject({ away: null });
    // Later writing goes on as ever.
    await a.put(space, [setTitle('i1', 'after')]);
    await settle(a, b);
    await expectWhole(token, a, b);
  });

  it('[AB92] a device writes anew what differs alone: neither what is in both, nor what it has to send again', async () => {
    const token = await nextToken();
    const [a, b] = [await connected(token), await connected(token)];
    const { space } = await a.put(undefined, [newItem('i1', 'before')]);
    const ids = Array.from({ length: 60 }, (_, i) => `i${i + 2}`);
    await a.write(ids.map((id) => ({ space, do: [newItem(id, 'before')] })));
    await a.put(space, [remove('items', 'i9')]);
    await settle(a, b);
    const backup = await server.backup();
    await a.put(space, [setTitle('i2', 'A, later')]);
    await a.put(space, [remove('items', 'i3')]);
    await b.put(space, [setTitle('i4', 'B, later')]);
    await settle(a, b);
    await server.restore(backup, how);
    const heard = await idsHeard('items', () => settle(b));
    expect([...heard].toSorted()).toEqual(['i2', 'i3', 'i4']);
    await settle(a, b);
    await expectWhole(token, a, b);
  });

  it('[AB12] [AB92] a home that is built anew names its lists also to an app that had no registry when they came', async () => {
    const token = await nextToken();
    const { registry: _, ...without } = listsConfig;
    const [a, b] = [await connected(token), await connected(token, { config: without })];
    const list = uuid() as SpaceId;
    await a.put(undefined, [newList(list, 'Camp')]);
    await a.put(list, [newItem('i1', 'Tent')]);
    await settle(a, b);
    await b.ask({ v: 1, type: 'hello', config: { ...listsConfig, version: 2 } });
    const backup = await server.backup();
    await a.put(undefined, [newItem('at-home', 'Keys')]);
    await settle(a, b);
    await server.restore(backup, how);
    await settle(b, a, b);
    expect([...(await b.rows('items')).keys()].toSorted()).toEqual(['at-home', 'i1']);
  });

  it('[AB31] does so also when the log has grown past a device’s cursor meanwhile', async () => {
    const token = await nextToken();
    const [a, b] = [await connected(token), await connected(token)];
    const { space } = await a.put(undefined, [newItem('i1', 'before')]);
    await settle(a, b);
    const backup = await server.backup();
    await settle(a, b);
    await a.put(space, [newItem('ia', 'A 1')]);
    await settle(a, b);
    a.offline = true;
    await server.restore(backup, how);
    await settle(b);
    for (const i of [1, 2, 3]) await b.put(space, [newItem(`b${i}`, `B ${i}`)]);
    await settle(b);
    a.offline = false;
    await settle(a, b);
    expect((await titles(token, space)).toSorted()).toEqual(['A 1', 'B 1', 'B 2', 'B 3', 'before']);
    await expectWhole(token, a, b);
  });

  it('[AB31] [AC31] deletes at the end of a move nothing that was written after the restore', async () => {
    const token = await nextToken();
    const [a, b] = [await connected(token), await connected(token)];
    const [x, y] = [uuid() as SpaceId, uuid() as SpaceId];
    await a.write([{ do: [newList(x, 'X')] }, { do: [newList(y, 'Y')] }]);
    await a.put(x, [newItem('i', 'Tent')]);
    await a.put(y, [newItem('there', 'Map')]);
    await settle(a, b);
    const backup = await server.backup();
    for (const title of ['Tarp', 'Big tarp', 'Small tarp']) await b.put(x, [setTitle('i', title)]);
    await settle(b, a);
    // B is never heard of again.
    a.offline = b.offline = true;
    await a.write([
      { space: y, do: [newItem('i', 'Small tarp')] },
      { space: x, do: [remove('items', 'i')] },
    ]);
    await server.restore(backup, how);
    const c = await connected(token);
    await settle(c);
    for (const title of ['one', 'two', 'three']) await c.put(x, [setTitle('i', title)]);
    a.offline = false;
    await settle(a, c);
    await expectWhole(token, a, c);
    for (const one of [a, c]) {
      expect((await one.rows('items', x)).size).toBe(0);
      expect((await one.rows('items', y)).get('i')).toMatchObject({ title: 'Small tarp' });
      // Whoever moved it had not seen this, whatever they had seen before the restore.
      const conflicts = (await one.table('_conflicts').toArray()) as Conflict[];
      const lost = conflicts.filter(({ kind }) => kind === 'delete-edit');
      expect(lost).toMatchObject([{ id: 'i', open: true }]);
      expect(lost[0]?.loser.values?.get('title')).toBe('three');
    }
  });

  it('[AB31] gets void clocks for what was refused, and takes what follows', async () => {
    const token = await nextToken();
    const a = await connected(token);
    const { space } = await a.put(undefined, [newItem('i1', 'before')]);
    const backup = await server.backup();
    await settle(a);
    await a.put(space, [newItem('big', 'x'.repeat(700))]);
    await a.put(space, [newItem('i2', 'small')]);
    await a.put(space, [newItem('big2', 'x'.repeat(700))]);
    expect(await a.table('_aside').count()).toBe(2);
    await server.restore(backup, how);
    await settle(a);
    await a.put(space, [newItem('i3', 'later')]);
    await settle(a);
    expect(await titles(token, space)).toEqual(['before', 'small', 'later']);
    expect(await a.table('_aside').count()).toBe(2);
    await expectWhole(token, a);
  });

  it('[AB31] makes again, by whoever made it, a list that it has no trace of', async () => {
    const token = await nextToken();
    const [a, b] = [await connected(token), await connected(token)];
    await a.put(undefined, [newItem('i0', 'home')]);
    const backup = await server.backup();
    await settle(a, b);
    const list = uuid() as SpaceId;
    await a.put(undefined, [newList(list, 'Camp')]);
    await a.put(list, [newItem('i1', 'Tent')]);
    await a.put(list, [newItem('i2', 'Stove')]);
    await settle(a, b);
    await b.put(list, [setTitle('i1', 'Tarp')]);
    await b.put(list, [remove('items', 'i2')]);
    await settle(a, b);
    await server.restore(backup, how);
    await settle(b, a, b);
    expect((await titles(token, list)).toSorted()).toEqual(['', 'Stove', 'Tarp', 'Tent']);
    await expectWhole(token, a, b);
    for (const one of [a, b])
      expect((await one.rows('lists')).get(list)).toMatchObject({ title: 'Camp' });
  });
});

describe('a device that meets another history', () => {
  it('[AB31] keeps what it had confirmed from others beside it, where the server has it no more', async () => {
    const token = await nextToken();
    const [a, b] = [await connected(token), await connected(token)];
    const { space } = await a.put(undefined, [newItem('i1', 'before')]);
    const backup = await server.backup();
    await settle(a, b);
    await b.put(space, [newItem('ib', 'of a device that is gone')]);
    await settle(a);
    b.offline = true;
    await server.restore(backup, { newEpoch: true });
    await settle(a);
    expect([...(await a.rows('items')).keys()]).toEqual(['i1']);
    expect(await missingOn(a)).toEqual(['items ib: new, title of a device that is gone']);
  });

  it('[AB31] that has nothing the log lacks goes on in the new epoch as it is', async () => {
    const token = await nextToken();
    const a = await connected(token);
    const { space } = await a.put(undefined, [newItem('i1', 'before')]);
    const backup = await server.backup();
    await settle(a);
    a.offline = true;
    await a.put(space, [setTitle('i1', 'pending')]);
    await server.restore(backup, { newEpoch: true });
    a.offline = false;
    await settle(a);
    expect(await titles(token, space)).toEqual(['before', 'pending']);
    expect(await a.table('_missing').count()).toBe(0);
    expect((await rowOf(a, space)).rebuilt).toBeUndefined();
    await expectWhole(token, a);
  });

  it('[AB31] [AC18] shows the one and then the other, and tells its pages; what they had seen of the former counts as far as both have it', async () => {
    const token = await nextToken();
    const [a, b] = [await connected(token), await connected(token)];
    const { space } = await a.put(undefined, [newItem('i1', 'before')]);
    const backup = await server.backup();
    await settle(a, b);
    await a.put(space, [setTitle('i1', 'A')]);
    const seen = { [space]: (await rowOf(a, space)).cursor };
    await settle(b);
    await server.restore(backup, { newEpoch: true });
    await settle(b);
    await b.put(space, [setTitle('i1', 'B since')]);
    await settle(a);
    expect(a.notices.filter(({ type }) => type === 'rebuilt')).toMatchObject([{ space }]);
    const reply = await a.ask({ v: 1, type: 'catch-up', rows: [] });
    expect(reply).toMatchObject({ rebuilt: { [space]: 1 } });
    // A page that was not told yet: it shows the former history, and cannot have seen B's.
    await a.write([{ space, do: [setTitle('i1', 'stale page')] }], seen);
    await settle(a, b);
    const log = (await server.logs(token)).get(space) ?? [];
    expect(log.at(-1)).toMatchObject({ base: 1 });
    await expectWhole(token, a, b);
  });

  it('[AB31] tries again where it is cut off, at any request, and is whole in the end', async () => {
    for (let cut = 1; cut <= 6; cut++) {
      const token = await nextToken();
      let requests = -1;
      const a = await connected(token, {
        fetch: async (url, init) => {
          if (requests >= 0 && ++requests === cut) throw new TypeError('cut');
          const response = await fetch(url, init);
          if (requests >= 0 && ++requests === cut) throw new TypeError('cut');
          return response;
        },
      });
      const { space } = await a.put(undefined, [newItem('i1', 'before')]);
      const backup = await server.backup();
      await settle(a);
      await a.put(space, [newItem('i2', 'A 1')]);
      await a.put(space, [setTitle('i2', 'A 2')]);
      await server.restore(backup, { newEpoch: true });
      requests = 0;
      await a.put(space, [setTitle('i1', 'A 3')]);
      a.restart();
      await settle(a);
      expect(await titles(token, space)).toEqual(['before', 'A 1', 'A 2', 'A 3']);
      await expectWhole(token, a);
    }
  });

  it('[AB31] takes part in a second restore as in the first', async () => {
    const token = await nextToken();
    const [a, b] = [await connected(token), await connected(token)];
    const { space } = await a.put(undefined, [newItem('i1', 'before')]);
    const backup = await server.backup();
    await settle(a, b);
    await a.put(space, [newItem('i2', 'A 1')]);
    await b.put(space, [newItem('i3', 'B 1')]);
    await settle(a, b);
    await server.restore(backup, { newEpoch: true });
    await settle(a, b);
    await a.put(space, [newItem('i4', 'A 2')]);
    await settle(a, b);
    await server.restore(backup, { newEpoch: true });
    await settle(b, a, b);
    expect((await titles(token, space)).toSorted()).toEqual(['A 1', 'A 2', 'B 1', 'before']);
    await expectWhole(token, a, b);
  });

  it('[SE16] [AB34] knows its ops again in the history that the server comes back to, also by a clock that was ahead', async () => {
    const token = await nextToken();
    let ahead = 0;
    let isMute = false;
    const a = await connected(token, {
      now: () => Date.now() + ahead,
      fetch: (url, init) =>
        isMute && (init.body as string | undefined)?.includes('"ops":[{')
          ? Promise.reject(new TypeError('network'))
          : fetch(url, init),
    });
    const b = await connected(token);
    const { space } = await a.put(undefined, [newItem('i1', 'Tent')]);
    const early = await server.backup();
    await server.restore(early, { newEpoch: true });
    await settle(a, b);
    await b.put(space, [newItem('i2', 'since')]);
    await settle(a);
    ahead = 3 * 24 * 3_600_000;
    await a.put(space, [setTitle('i1', 'of a day to come')]);
    ahead = 0;
    const late = await server.backup();
    await server.restore(early, { newEpoch: true });
    // It learns of that history, and what it offers does not arrive there.
    isMute = true;
    await settle(a);
    expect(await a.engine.status()).toMatchObject({ pending: 1 });
    isMute = false;
    await server.restore(late, { newEpoch: false });
    await settle(a, b);
    expect(await titles(token, space)).toEqual(['Tent', 'since', 'of a day to come']);
    await expectWhole(token, a, b);
  });
});
