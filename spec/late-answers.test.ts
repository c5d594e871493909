/**
 * Answers that are no longer, or never were, about what they seem to be about: of a space that has
 * moved on since, of ops that the request did not carry, of a log that is another one by now.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { pendingIndexes, type PushRequest, type SpaceId } from '../core/index.ts';
import { createEngine } from '../sw/engine/create-engine.ts';
import type { Locks, Ports } from '../sw/engine/ports.ts';
import { copyOnto } from './support/clone.ts';
import { createDevice, type Device, type DeviceOptions } from './support/device.ts';
import { listsConfig, newItem, setTitle } from './support/lists-config.ts';
import { startRestorable, type RestorableServer } from './support/restorable-server.ts';

let server: RestorableServer;
const devices: Device[] = [];
beforeAll(async () => {
  server = await startRestorable({ limits: { payloadBytes: 600, opsPerAnswer: 2 } });
});
afterAll(() => server.stop());
afterEach(() => devices.splice(0).forEach((device) => device.close()));

let users = 0;
const nextToken = () => server.tokenFor(`user-${users++}`);
const RING = { v: 1, type: 'ring', reason: 'visible' } as const;

function deviceWith(options: Partial<DeviceOptions> = {}): Device {
  const device = createDevice({ config: listsConfig, listens: false, ...options });
  devices.push(device);
  return device;
}

async function connected(token: string, options: Partial<DeviceOptions> = {}): Promise<Device> {
  const device = deviceWith(options);
  await device.connect(server.url, token);
  return device;
}

const titleOf = async (device: Device) => (await device.rows('items')).get('i1')?.['title'];
const titlesIn = async (token: string, space: SpaceId) =>
  ((await server.logs(token)).get(space) ?? []).map(
    ({ payload }) => /"title":"([^"]*)"/.exec(payload)?.[1] ?? '',
  );

/** What the request carries of a space. */
const carriedIn = (body: unknown, space: SpaceId): number =>
  (JSON.parse(body as string) as PushRequest).spaces[space]?.ops?.length ?? 0;

describe('an answer about a space that has moved on', () => {
  it('[AB42] meanwhile, in another context that took the drain over, is not folded again', async () => {
    const held = { isNext: false, isOver: false, answered: () => {}, release: () => {} };
    const answered = new Promise<void>((resolve) => (held.answered = resolve));
    const released = new Promise<void>((resolve) => (held.release = resolve));
    let ports: Ports | undefined;
    const token = await nextToken();
    const a = await connected(token, {
      around: (each) => (ports = { ...each, locks: LOST_AT_ONCE }),
      fetch: async (url, init) => {
        // What it would ask next must not mend what the late answer did.
        if (held.isOver) throw new TypeError('offline');
        const response = await fetch(url, init);
        if (!held.isNext) return response;
        held.isNext = false;
        held.answered();
        await released;
        held.isOver = true;
        return response;
      },
    });
    const { space } = await a.put(undefined, [newItem('i1', 'Tent')]);
    const b = await connected(token);
    await b.put(space, [setTitle('i1', 'B 1')]);
    held.isNext = true;
    const late = a.ask(RING);
    await answered;

    await b.put(space, [setTitle('i1', 'B 2')]);
    if (!ports) throw new Error('It has no ports.');
    const { afterwards } = await createEngine(ports).handle(RING);
    await afterwards;
    const standing = await a.space(space);
    expect([standing, await titleOf(a)]).toEqual([expect.objectContaining({ cursor: 3 }), 'B 2']);

    held.release();
    await late;
    expect(await a.space(space)).toEqual(standing);
    expect(await titleOf(a)).toBe('B 2');
  });
});

describe('an answer that settles a clock', () => {
  it('[AB43] under which this device has sent nothing yet speaks of what a copy of it sent', async () => {
    const script = { isFull: true, now: Date.now() };
    const token = await nextToken();
    const a = await connected(token);
    const { space } = await a.put(undefined, [newItem('i1', 'Tent')]);
    const b = await copyOnto(
      deviceWith({
        now: () => script.now,
        fetch: async (url, init) => {
          const isPush = url.pathname === '/sync/push' && carriedIn(init.body, space) > 0;
          if (!isPush || !script.isFull) return fetch(url, init);
          return Response.json({ now: script.now, spaces: { [space]: { error: FULL } } });
        },
      }),
      a,
    );
    await b.put(space, [setTitle('i1', 'of the copy')]);
    await a.put(space, [setTitle('i1', 'too large '.repeat(100))]);
    expect(await a.engine.status()).toMatchObject({ pending: 0, setAside: 1 });

    // It hears of the refusal while its own op is held back.
    await b.ask(RING);
    script.isFull = false;
    script.now += 61_000;
    for (let round = 0; round < 3; round++) await b.ask(RING);
    expect(await titlesIn(token, space)).toEqual(['Tent', 'of the copy']);
    expect(await b.engine.status()).toMatchObject({ pending: 0, setAside: 0, trouble: null });
  });

  it.each([
    ['with a new epoch', { newEpoch: true }],
    ['in the same epoch', { newEpoch: false }],
  ])(
    '[AB44] and is forgotten by a server restored %s before the op was folded counts no more',
    async (_, how) => {
      const line = { requestsLeft: Infinity };
      const token = await nextToken();
      const a = await connected(token, {
        fetch: (url, init) =>
          line.requestsLeft-- > 0 ? fetch(url, init) : Promise.reject(new TypeError('offline')),
      });
      const { space } = await a.put(undefined, [newItem('i1', 'Tent')]);
      line.requestsLeft = 0;
      const b = await connected(token);
      for (const title of ['B 1', 'B 2', 'B 3']) await b.put(space, [setTitle('i1', title)]);
      const backup = await server.backup();

      await a.put(space, [setTitle('i1', 'mine')]);
      line.requestsLeft = 1;
      await a.ask(RING);
      expect(await a.space(space)).toMatchObject({
        cursor: 3,
        progress: { acked: 2, folded: 1 },
      });
      await server.restore(backup, how);
      line.requestsLeft = Infinity;
      for (let round = 0; round < 3; round++) await a.ask(RING);
      expect(await titlesIn(token, space)).toEqual(['Tent', 'B 1', 'B 2', 'B 3', 'mine']);
      expect(await a.engine.status()).toMatchObject({ pending: 0, setAside: 0, trouble: null });
    },
  );
});

describe('what an answer brings', () => {
  it('[AB45] leaves the outbox in the commit that folds it: a kill finds no row that waits for nothing', async () => {
    const idle: number[] = [];
    const a = await connected(await nextToken(), {
      around: (ports) => ({
        ...ports,
        store: {
          ...ports.store,
          write: async (work) => {
            const result = await ports.store.write(work);
            idle.push(...(await rowsWaitingForNothing(ports)));
            return result;
          },
        },
      }),
    });
    await a.put(undefined, [newItem('i1', 'Tent')]);
    await a.put(undefined, [setTitle('i1', 'Large tent')]);
    expect(await a.table('_settled').count()).toBe(2);
    expect(idle).toEqual([]);
  });
});

const rowsWaitingForNothing = ({ store }: Ports): Promise<number[]> =>
  store.read(async (tx) => {
    const found: number[] = [];
    for (const { space, progress } of await tx.spaces())
      for (const row of await tx.rowsOf(space))
        if (pendingIndexes(row, progress).length === 0) found.push(row.row);
    return found;
  });

/** Whoever asks for it has the drain: what another context holds is lost by then. */
const LOST_AT_ONCE: Locks = { exclusive: (_name, work) => work({ isLost: false }) };
const FULL = { code: 'space_full', limit: 1 };
