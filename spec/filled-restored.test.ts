/** A server that is put back to an earlier day while a new device is filled from its snapshot. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { SpaceId } from '../core/index.ts';
import type { SpaceRow } from '../sw/engine/ports.ts';
import { uuid, type Device } from './support/device.ts';
import { openLab } from './support/lab.ts';
import { newList, setTitle } from './support/lists-config.ts';
import { faultsOf, readReplica } from './support/replica-check.ts';
import { startRestorable, type RestorableServer } from './support/restorable-server.ts';
import {
  cutAt,
  idOf,
  newItems,
  ofShortLogs,
  scripted,
  titleIn,
  write,
} from './support/snapshot-way.ts';

const lab = openLab();
const ring = (one: Device) => one.ask({ v: 1, type: 'ring', reason: 'visible' });
const rowOf = async (one: Device, space: SpaceId) =>
  (await one.table('_spaces').get(space)) as SpaceRow;

describe('a server that is restored while a new device is filled', () => {
  let restorable: RestorableServer;
  beforeAll(async () => {
    restorable = await startRestorable({ snapshots: { every: 30, atLeast: 20 } });
  }, 60_000);
  afterAll(() => restorable.stop());

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
    // The thread that builds it takes its time.
    const headers = { Authorization: `Bearer ${token}` };
    await vi.waitFor(async () => {
      const text = await (
        await fetch(`${restorable.url}/sync/bootstrap/${space}`, { headers })
      ).text();
      expect((JSON.parse(text.split('\n')[0] ?? '') as { seq: number }).seq).toBeGreaterThan(60);
    }, 10_000);
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
});
