/** A device whose storage is full, fails, or is held by another: what of it a person loses, and is told. */
import { describe, expect, it, vi } from 'vitest';
import type { SpaceId, StorageFigures } from '../core/index.ts';
import { StorageError, type Ports } from '../sw/engine/ports.ts';
import { uuid, type Device, type DeviceOptions } from './support/device.ts';
import { faultyDisk } from './support/faulty-disk.ts';
import { openLab } from './support/lab.ts';
import { newItem, newList, setTitle } from './support/lists-config.ts';

const lab = openLab();
const HOUR = 3_600_000;

/** A device on a disk of its own, with a clock that the test turns. */
function device(options: Partial<DeviceOptions> = {}) {
  const disk = faultyDisk();
  let now = 1_800_000_000_000;
  let pushes = 0;
  const made = lab.device({
    listens: false,
    indexedDB: disk.indexedDB,
    now: () => now,
    fraction: () => 0.5,
    fetch: (url, init) => {
      if (url.pathname === '/sync/push') pushes += 1;
      return fetch(url, init);
    },
    ...options,
  });
  return { device: made, disk, later: (ms: number) => void (now += ms), pushes: () => pushes };
}

const write = (one: Device, ops: object[]) =>
  one.ask({ v: 1, type: 'write', ops: ops as never, seen: {} });
const poll = (one: Device) => one.ask({ v: 1, type: 'ring', reason: 'poll' });

describe('a disk without room', () => {
  it('[AC30] refuses that write by a code, leaves nothing of it, and takes the next when there is room', async () => {
    const { device: a, disk } = device();
    const { space } = await a.put(undefined, [newItem('i1', 'Tent')]);
    const before = await a.table('_outbox').toArray();
    // In the middle: the first of its rows still fit.
    for (const room of [0, 1, 2]) {
      disk.room = room;
      const ops = ['i2', 'i3', 'i4'].map((id) => ({ space, do: [newItem(id, 'Tarp')] }));
      expect(await write(a, ops)).toMatchObject({ type: 'error', code: 'storage_full' });
      expect(await a.table('_outbox').toArray()).toEqual(before);
      expect([...(await a.rows('items')).keys()]).toEqual(['i1']);
    }
    disk.room = Infinity;
    expect(await write(a, [{ space, do: [setTitle('i1', 'Big tent')] }])).toMatchObject({
      type: 'accepted',
    });
    expect((await a.rows('items')).get('i1')).toMatchObject({ title: 'Big tent' });
  });

  it('[AC30] refuses one of two writes made at once as it refuses both: neither is half there', async () => {
    const { device: a, disk } = device();
    await a.put(undefined, [newItem('i1', 'Tent')]);
    disk.room = 3;
    const both = await Promise.all(
      ['i2', 'i3'].map((id) => write(a, [{ do: [newItem(id, 'Tarp')] }])),
    );
    expect(both.map((reply) => reply.type)).toEqual(['error', 'error']);
    expect((await a.rows('items')).size).toBe(1);
    expect(await a.table('_outbox').count()).toBe(1);
  });

  it('[ST8] is said in the status with what is wrong, until something is written again', async () => {
    const { device: a, disk } = device();
    await a.put(undefined, [newItem('i1', 'Tent')]);
    disk.room = 0;
    await write(a, [{ do: [newItem('i2', 'Tarp')] }]);
    const full = { phase: 'storage-failed', storageFault: 'full', pending: 1 };
    expect(await a.engine.status()).toMatchObject(full);
    expect(a.notices.at(-1)).toMatchObject({ type: 'status', status: full });
    disk.room = Infinity;
    await write(a, [{ do: [newItem('i2', 'Tarp')] }]);
    expect(await a.engine.status()).toMatchObject({ phase: 'idle', storageFault: null });
  });

  it.each([
    ['fails', 'UnknownError', 'failed'],
    ['has no room', 'QuotaExceededError', 'full'],
  ])(
    '[ST8] that %s is said until it takes writes again: that a server was asked in vain says nothing of it',
    async (_, roomFault, storageFault) => {
      const token = await lab.nextToken();
      const { device: a, disk } = device();
      await a.connect(lab.server.url, token);
      await a.put(undefined, [newItem('i1', 'Tent')]);
      await poll(a);
      disk.room = 0;
      disk.roomFault = roomFault;
      expect(await write(a, [{ do: [newItem('i2', 'Tarp')] }])).toMatchObject({ type: 'error' });
      const failed = { phase: 'storage-failed', storageFault };
      await poll(a);
      expect(await a.engine.status()).toMatchObject(failed);
      disk.room = Infinity;
      await poll(a);
      expect(await a.engine.status()).toMatchObject({ phase: 'idle', storageFault: null });
    },
  );

  it('[AC33] gives up what is kept for recovery before it refuses a write, but not of the last hour', async () => {
    const { device: a, disk, later } = device();
    await a.connect(lab.server.url, await lab.nextToken());
    const old = await a.put(undefined, [newItem('i1', 'Tent')]);
    later(2 * HOUR);
    const young = await a.put(undefined, [newItem('i2', 'Tarp')]);
    expect(await a.table('_settled').count()).toBe(2);
    a.offline = true;
    // With the hour-old one gone there is room for as many rows as a write has, and no more.
    disk.onDelete = () => (disk.room = 20);
    disk.room = 0;
    expect(await write(a, [{ do: [newItem('i3', 'Stove')] }])).toMatchObject({ type: 'accepted' });
    expect(await a.table('_settled').toArray()).toMatchObject([{ row: young.row }]);
    disk.room = 0;
    const refused = { type: 'error', code: 'storage_full' };
    expect(await write(a, [{ do: [newItem('i4', 'Mat')] }])).toMatchObject(refused);
    expect(await a.table('_settled').toArray()).toMatchObject([{ row: young.row }]);
    expect(old.row).not.toBe(young.row);
  });
});

describe('a drain that finds no room', () => {
  it('[DR32] [ST8] keeps all, says so, and is tried again after ever longer pauses, not at each poll', async () => {
    const { device: a, disk, later, pushes } = device();
    const token = await lab.nextToken();
    await a.connect(lab.server.url, token);
    const { space } = await a.put(undefined, [newItem('i1', 'Tent')]);
    const b = lab.device({ listens: false });
    await b.connect(lab.server.url, token);
    await b.put(space, [setTitle('i1', 'Big tent')]);

    disk.room = 0;
    let asked = pushes();
    await expect(poll(a)).rejects.toMatchObject({ code: 'storage_full' });
    expect(pushes() - asked).toBe(1);
    expect(await a.engine.status()).toMatchObject({
      phase: 'storage-failed',
      storageFault: 'full',
    });
    for (const pause of [1_000, 2_000, 4_000]) {
      asked = pushes();
      await poll(a);
      later(pause - 1);
      await poll(a);
      expect(pushes() - asked).toBe(0);
      later(1);
      await expect(poll(a)).rejects.toMatchObject({ code: 'storage_full' });
      expect(pushes() - asked).toBe(1);
    }
    expect((await a.rows('items')).get('i1')).toMatchObject({ title: 'Tent' });

    // A person need not wait for it.
    disk.room = Infinity;
    await a.ask({ v: 1, type: 'sync-now' });
    expect((await a.rows('items')).get('i1')).toMatchObject({ title: 'Big tent' });
    expect(await a.engine.status()).toMatchObject({ phase: 'idle', storageFault: null });
  });
});

describe('the status of a device’s storage', () => {
  it('[ST8] keeps what was known to wait when the database cannot be read, and when not even the session can', async () => {
    let isSessionLost = false;
    const { device: a, disk } = device({
      around: (ports: Ports): Ports => ({
        ...ports,
        session: {
          ...ports.session,
          load: () =>
            isSessionLost ? Promise.reject(new StorageError('failed')) : ports.session.load(),
        },
      }),
    });
    await a.connect(lab.server.url, await lab.nextToken());
    a.offline = true;
    await a.put(undefined, [newItem('i1', 'Tent')]);
    const { account } = await a.engine.status();
    disk.lost = 'UnknownError';
    const failed = { phase: 'storage-failed', storageFault: 'failed', pending: 1, account };
    expect(await a.engine.status()).toMatchObject(failed);
    isSessionLost = true;
    expect(await a.engine.status()).toMatchObject(failed);
    expect(await write(a, [{ do: [newItem('i2', 'Tarp')] }])).toMatchObject({
      code: 'storage_failed',
    });
    isSessionLost = false;
    disk.lost = null;
    a.offline = false;
    await a.ask({ v: 1, type: 'sync-now' });
    expect(await a.engine.status()).toMatchObject({
      phase: 'idle',
      pending: 0,
      storageFault: null,
    });
  });

  it('[ST9] has the browser’s figures, asks for them once a minute, and waits for none', async () => {
    const asked: ((figures: StorageFigures) => void)[] = [];
    const storage = { figures: () => new Promise<StorageFigures>((say) => asked.push(say)) };
    const { device: a, later } = device({
      around: (ports: Ports): Ports => ({ ...ports, storage }),
    });
    expect(await a.engine.status()).toMatchObject({ storage: null });
    asked[0]?.({ persisted: false, usage: 95, quota: 100 });
    await vi.waitFor(async () =>
      expect(await a.engine.status()).toMatchObject({
        storage: { persisted: false, usage: 95, quota: 100, nearlyFull: true, asked: false },
      }),
    );
    expect(asked).toHaveLength(1);
    // Pages hear of it without asking.
    expect(a.notices.at(-1)).toMatchObject({ status: { storage: { usage: 95 } } });
    for (const ms of [61_000, -10 * HOUR]) {
      later(ms);
      await a.engine.status();
      await a.engine.status();
    }
    expect(asked).toHaveLength(3);
    await a.ask({ v: 1, type: 'persistence-asked' });
    asked[3]?.({ persisted: true, usage: 5, quota: 100 });
    await vi.waitFor(async () =>
      expect(await a.engine.status()).toMatchObject({
        storage: { persisted: true, nearlyFull: false, asked: true },
      }),
    );
  });

  it('[ST10] counts the spaces in trouble, and names the first', async () => {
    const codes = new Map<string, string>();
    const { device: a } = device({
      fetch: async (url: URL, init: RequestInit) => {
        const response = await fetch(url, init);
        if (url.pathname !== '/sync/push') return response;
        const answer = (await response.json()) as { spaces: Record<string, object> };
        for (const [space, code] of codes)
          if (answer.spaces[space]) answer.spaces[space] = { error: { code } };
        return Response.json(answer);
      },
    });
    await a.connect(lab.server.url, await lab.nextToken());
    const lists = [uuid(), uuid()] as SpaceId[];
    for (const list of lists) await a.put(undefined, [newList(list, 'Camp')]);
    expect(await a.engine.status()).toMatchObject({ trouble: null, troubled: 0 });
    for (const list of lists) codes.set(list, 'space_full');
    for (const list of lists) await a.put(list, [newItem('i', 'Tent')]);
    const { trouble, troubled } = await a.engine.status();
    expect(troubled).toBe(2);
    expect(lists).toContain(trouble?.space);
    expect(trouble?.code).toBe('space_full');
  });
});
