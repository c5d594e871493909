/**
 * Ops that waited when a device was copied: either copy may send them, under clocks that both give, and
 * they are in the log once, whatever the server and the other's recovery have made of them.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { saidBy, type MutationJson, type SpaceId } from '../core/index.ts';
import type { SpaceRow } from '../sw/engine/ports.ts';
import { copyOnto, online } from './support/clone.ts';
import { createDevice, type Device } from './support/device.ts';
import { listsConfig, newItem, setTitle } from './support/lists-config.ts';
import { faultsOf, readReplica } from './support/replica-check.ts';
import { startRestorable, type RestorableServer } from './support/restorable-server.ts';

let server: RestorableServer;
const devices: Device[] = [];
// An answer has room for two ops: what a copy has written is on several pages.
beforeAll(async () => void (server = await startRestorable({ limits: { opsPerAnswer: 2 } })));
afterAll(() => server.stop());
afterEach(() => {
  ahead = 0;
  devices.splice(0).forEach((device) => device.close());
});

/** How far the clocks of the devices are ahead of the server's. */
let ahead = 0;
const now = () => Date.now() + ahead;
let users = 0;
const nextToken = () => server.tokenFor(`user-${users++}`);

function opened(): Device {
  const device = createDevice({ config: listsConfig, listens: false, now });
  devices.push(device);
  return device;
}

const copyOf = (device: Device) => copyOnto(opened(), device);

const ring = (one: Device) => one.ask({ v: 1, type: 'ring', reason: 'visible' });

/** As after a refusal for want of room: the device sends nothing for a minute, and so gives no clocks. */
const hold = (device: Device, space: SpaceId) =>
  device.table('_spaces').update(space, { pullOnlyUntil: now() + 59_000, trouble: 'space_full' });
const release = (device: Device, space: SpaceId) =>
  device.table('_spaces').update(space, { pullOnlyUntil: 0 });

const actorOf = async (device: Device, space: SpaceId) =>
  ((await device.space(space)) as SpaceRow).actor;
const counted: MutationJson = {
  kind: 'increment',
  collection: 'items',
  id: 'i1',
  field: 'packed',
  by: 1,
};
const i1On = async (device: Device) => (await device.rows('items')).get('i1');

async function expectWhole(token: string, ...all: readonly Device[]): Promise<void> {
  const logs = await server.logs(token);
  // No two ops of these tests say the same.
  const said = [...logs.values()].flat().map(({ payload }) => saidBy(payload));
  expect(said).toEqual([...new Set(said)]);
  for (const one of all) {
    const healthy = { phase: 'idle', pending: 0, setAside: 0, trouble: null };
    expect(await one.engine.status()).toMatchObject(healthy);
    expect(faultsOf(await readReplica(one, ['lists', 'items']), logs)).toEqual([]);
    expect(await one.rows('items')).toEqual(await all[0]?.rows('items'));
  }
}

/** A device whose clock is ahead by an hour, with ops that wait, and a copy of it. */
async function copiedAhead() {
  const token = await nextToken();
  ahead = 3_600_000;
  const a = opened();
  await a.connect(server.url, token);
  const { space } = await a.put(undefined, [newItem('i1', 'Tent')]);
  await online(a);
  a.offline = true;
  await hold(a, space);
  await a.put(space, [setTitle('i1', 'of both')]);
  await a.put(space, [counted]);
  await a.put(space, [counted]);
  await a.write([
    { space, do: [newItem('i2', 'of both, too')] },
    { space, do: [counted] },
  ]);
  const b = await copyOf(a);
  return { token, space, a, b };
}

/** The one sends what it has, and the other reads it before it gives any clocks. */
async function bringFrom(a: Device, b: Device, space: SpaceId): Promise<void> {
  await release(a, space);
  await online(a);
  await online(b);
  await release(b, space);
}

describe('ops that wait in two copies', () => {
  it('[SE14] are known in the log by the clocks that they would have, though the server has set back their time', async () => {
    const { token, space, a, b } = await copiedAhead();
    await bringFrom(a, b, space);
    expect(await b.table('_outbox').count()).toBe(0);
    await online(b, a);
    expect(await i1On(b)).toMatchObject({ title: 'of both', packed: 3 });
    expect(await actorOf(b, space)).toBe(await actorOf(a, space));
    await expectWhole(token, a, b);
  });

  it('[SE14] [SE10] are told from what the other wrote after them, and only that needs another id', async () => {
    const { token, space, a, b } = await copiedAhead();
    await a.put(space, [counted]);
    await b.put(space, [counted]);
    await bringFrom(a, b, space);
    await online(b, a);
    expect(await i1On(b)).toMatchObject({ title: 'of both', packed: 5 });
    expect(await actorOf(b, space)).not.toBe(await actorOf(a, space));
    await expectWhole(token, a, b);
  });

  it('[SE14] are in the log once, though the copies found another past that they had in common with it', async () => {
    const token = await nextToken();
    const a = opened();
    await a.connect(server.url, token);
    const backup = await server.backup();
    a.offline = true;
    // Of base 0, before anything was seen: sent again they are what they were, to the byte.
    const { space } = await a.put(undefined, [newItem('i1', 'Tent')]);
    await a.put(space, [counted]);
    await online(a);
    a.offline = true;
    await a.put(space, [setTitle('i1', 'of both')]);
    await a.put(space, [counted]);
    // Sealed: a try to send them, of which nothing arrived.
    await ring(a);
    const b = await copyOf(a);
    await server.restore(backup, { newEpoch: true });
    // To the one the server is empty, and to the other it has the first ops already.
    await online(a);
    await online(b, a);
    expect(await i1On(b)).toMatchObject({ title: 'of both', packed: 2 });
    expect(await actorOf(b, space)).toBe(await actorOf(a, space));
    await expectWhole(token, a, b);
  });
});
