/** A server that is put back to an earlier day while a new device is filled from its snapshot. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SpaceId } from '../core/index.ts';
import type { SpaceRow } from '../sw/engine/ports.ts';
import { uuid, type Device } from './support/device.ts';
import { openLab } from './support/lab.ts';
import { newList, setTitle } from './support/lists-config.ts';
import { faultsOf, readReplica } from './support/replica-check.ts';
import { startRestorable, type RestorableServer } from './support/restorable-server.ts';
import {
  cutAt,
  hasSnapshot,
  idOf,
  newItems,
  ofShortLogs,
  scripted,
  titleIn,
  write,
} from './support/snapshot-way.ts';

const lab = openLab();
const ring = (one: Device) => one.ask({ v: 1, type: 'ring', reason: 'visible' });
const rowOf = async (one: Device, space: SpaceId) => (await one.space(space)) as SpaceRow;

describe('a server that is restored while a new device is filled', () => {
  let restorable: RestorableServer;
  beforeAll(async () => {
    restorable = await startRestorable({
      snapshots: { every: 30, atLeast: 20 },
      retention: { buffer: 0 },
    });
  }, 60_000);
  afterAll(() => restorable.stop());

  const snapshotBehind = (token: string, space: SpaceId, seq: number) =>
    hasSnapshot(restorable, { token, space, behind: seq });

  it('[AB83] has another log: the device begins with that, and what it wrote claims to have seen no more than both have', async () => {
    const token = await restorable.tokenFor('ann');
    const a = lab.device({ listens: false });
    await a.connect(restorable.url, token);
    const space = uuid() as SpaceId;
    await a.put(undefined, [newList(space, 'Packing')]);
    await write(a, space, newItems(0, 60));
    await ring(a);
    const backup = await restorable.backup();
    await write(a, space, newItems(60, 100));
    await ring(a);
    a.close();
    await snapshotBehind(token, space, 60);
    const { script, fetch: between } = scripted({ script: [cutAt(8000)] });
    const device = lab.device({ listens: false, fetch: between, around: ofShortLogs });
    await device.connect(restorable.url, token);
    const seq = (await rowOf(device, space)).filling?.of?.seq;
    expect(seq).toBeGreaterThan(60);
    device.offline = true;
    await device.put(space, [setTitle(idOf(3), 'seen before')]);
    await restorable.restore(backup, { newEpoch: true });
    device.offline = false;
    for (let round = 0; round < 3; round++) await ring(device);
    expect(script).toEqual([]);
    const logs = await restorable.logs(token);
    const op = logs.get(space)?.at(-1);
    expect(op && [titleIn(op.payload), op.base]).toEqual(['seen before', 60]);
    expect(await device.engine.status()).toMatchObject({ phase: 'idle', pending: 0, setAside: 0 });
    expect(faultsOf(await readReplica(device, ['lists', 'items']), logs)).toEqual([]);
    expect((await rowOf(device, space)).cursor).toBe(61);
  });

  it.each([
    { kept: 'from its start', isDropped: false },
    { kept: 'as far as it is kept', isDropped: true },
  ])(
    '[AB87] is looked through $kept where ops wait that were sent with another base: a snapshot does not say whose they are',
    async ({ isDropped }) => {
      const token = await restorable.tokenFor(isDropped ? 'cleo' : 'bob');
      let isHeld = false;
      const a = lab.device({
        listens: false,
        fetch: (url, init) =>
          isHeld && typeof init?.body === 'string' && init.body.includes('"ops":[')
            ? Promise.reject(new TypeError('held'))
            : fetch(url, init),
      });
      await a.connect(restorable.url, token);
      const space = uuid() as SpaceId;
      await a.put(undefined, [newList(space, 'Packing')]);
      await write(a, space, newItems(0, 40));
      await ring(a);
      await snapshotBehind(token, space, 30);
      const early = await restorable.backup();
      if (isDropped) await restorable.pass(1);
      await a.put(space, [setTitle(idOf(3), 'once')]);
      await a.put(space, [setTitle(idOf(3), 'twice')]);
      await write(a, space, newItems(40, 80));
      for (let round = 0; round < 2; round++) await ring(a);
      await snapshotBehind(token, space, 60);
      const known = await restorable.logs(token);
      if (isDropped) await restorable.pass(91);
      const late = await restorable.backup();
      const begin = await pull(token, space, 0);
      expect('error' in begin).toBe(isDropped);

      // In the other history it waits to be sent again, with a base that both have.
      await restorable.restore(early, { newEpoch: true });
      isHeld = true;
      await ring(a);
      expect((await a.engine.status()).pending).toBeGreaterThan(0);
      await restorable.restore(late, { newEpoch: false });
      isHeld = false;
      for (let round = 0; round < 3; round++) await ring(a);

      const logs = await restorable.logs(token, known);
      const titles = (logs.get(space) ?? []).map(({ payload }) => titleIn(payload));
      expect(titles.filter((title) => title === 'once' || title === 'twice')).toEqual([
        'once',
        'twice',
      ]);
      expect(new Set(titles).size).toBe(titles.length);
      expect(await a.engine.status()).toMatchObject({ phase: 'idle', pending: 0, setAside: 0 });
      expect(faultsOf(await readReplica(a, ['lists', 'items']), logs)).toEqual([]);
    },
  );

  it('[AB93] [AB31] a device that missed two restores, and then the start of the log, offers again what neither brought back', async () => {
    const token = await restorable.tokenFor('dora');
    const [a, b] = [lab.device({ listens: false }), lab.device({ listens: false })];
    for (const one of [a, b]) await one.connect(restorable.url, token);
    const space = uuid() as SpaceId;
    await a.put(undefined, [newList(space, 'Packing')]);
    await write(a, space, newItems(0, 3));
    for (const one of [a, b]) await ring(one);
    const early = await restorable.backup();
    await b.put(space, [setTitle(idOf(1), 'by who was away')]);
    await ring(b);
    expect((await rowOf(b, space)).cursor).toBe(4);
    b.offline = true;
    await restorable.restore(early, { newEpoch: true });
    await write(a, space, newItems(3, 43));
    await ring(a);
    // The head of this restore is beyond b's cursor, in a log that b never had.
    await restorable.restore(await restorable.backup(), { newEpoch: true });
    for (const at of [43, 83]) {
      await restorable.pass(1);
      await write(a, space, newItems(at, at + 40));
      await ring(a);
      await snapshotBehind(token, space, at);
    }
    const known = await restorable.logs(token);
    await restorable.pass(91);
    expect(await pull(token, space, 4)).toHaveProperty('error.code', 'cursor_expired');

    b.offline = false;
    for (let round = 0; round < 3; round++) for (const one of [b, a]) await ring(one);
    const logs = await restorable.logs(token, known);
    const titles = (logs.get(space) ?? []).map(({ payload }) => titleIn(payload));
    expect(titles.filter((title) => title === 'by who was away')).toHaveLength(1);
    for (const one of [a, b]) {
      expect(await one.engine.status()).toMatchObject({ phase: 'idle', pending: 0, away: null });
      expect(faultsOf(await readReplica(one, ['lists', 'items']), logs)).toEqual([]);
    }
    expect((await rowOf(b, space)).unproven).toBeUndefined();
  });

  async function pull(token: string, space: SpaceId, since: number): Promise<object> {
    const headers = { Authorization: `Bearer ${token}` };
    const answer = await fetch(`${restorable.url}/sync/pull?since=${space}:${since}`, { headers });
    const { spaces } = (await answer.json()) as { spaces: Record<SpaceId, object> };
    return spaces[space] ?? {};
  }
});
