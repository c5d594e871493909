/**
 * Ports that hang. A browser has been seen to lose its database process, its network process, a lock
 * or a message without a word; whichever it is, and wherever in a drain, the drain ends and the next
 * one sends what waits.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Fetch } from '../sw/adapters/http-transport.ts';
import type { Ports } from '../sw/engine/ports.ts';
import { openLab } from './support/lab.ts';
import { newItem } from './support/lists-config.ts';

const lab = openLab();

type Call = keyof typeof METHODS;
/** All that a drain waits for. */
const METHODS = {
  'session.load': (ports: Ports) => [ports.session, 'load'],
  'session.save': (ports: Ports) => [ports.session, 'save'],
  'store.read': (ports: Ports) => [ports.store, 'read'],
  'store.write': (ports: Ports) => [ports.store, 'write'],
  'transport.push': (ports: Ports) => [ports.transport, 'push'],
  'transport.bootstrap': (ports: Ports) => [ports.transport, 'bootstrap'],
  'broadcast.tell': (ports: Ports) => [ports.broadcast, 'tell'],
  'bell.ring': (ports: Ports) => [ports.bell, 'ring'],
  'locks.exclusive': (ports: Ports) => [ports.locks, 'exclusive'],
} as const;

/** Ports of which one call hangs, and a clock that runs only while the test turns it. */
function hanging() {
  const calls: Call[] = [];
  const waits: (() => void)[] = [];
  const script = { hangAt: -1, hangOn: '', isNoting: false, hung: () => {} };
  function around(ports: Ports): Ports {
    const wrapped = { ...ports } as Record<string, object>;
    for (const [call, find] of Object.entries(METHODS) as [Call, (ports: Ports) => unknown[]][]) {
      const [port, name] = call.split('.') as [keyof Ports, string];
      const really = find(ports)[0] as Record<string, (...args: unknown[]) => unknown>;
      wrapped[port] = {
        ...(wrapped[port] as object),
        [name]: (...args: unknown[]) => {
          if (!script.isNoting) return really[name]?.(...args);
          const isIt = calls.push(call) - 1 === script.hangAt || call === script.hangOn;
          if (!isIt) return really[name]?.(...args);
          script.hung();
          return new Promise(() => {});
        },
      };
    }
    const wait = () => new Promise<void>((pass) => void waits.push(pass));
    return { ...(wrapped as unknown as Ports), clock: { ...ports.clock, wait } };
  }
  /** Lets all timers go off that are set, until `done`. */
  async function turnUntil(done: Promise<unknown>): Promise<void> {
    await again(() => waits.splice(0).forEach((pass) => pass()), done);
  }
  return { calls, script, around, turnUntil };
}

/** A device with an op to send and one to fetch, on the point of draining. */
async function beforeDrain(fetchAs: Fetch = fetch) {
  const world = hanging();
  let ahead = 0;
  const device = lab.device({
    listens: false,
    around: world.around,
    fetch: (url, init) => fetchAs(url, init),
    now: () => Date.now() + ahead,
  });
  const token = await lab.nextToken();
  await device.connect(lab.server.url, token);
  const other = lab.device({ listens: false });
  await other.connect(lab.server.url, token);
  await other.put(undefined, [newItem('theirs', 'Tarp')]);
  await device.session.save({ paused: true });
  const putting = device.put(undefined, [newItem('mine', 'Tent')]);
  await world.turnUntil(putting);
  await putting;
  await device.session.save({ paused: undefined });
  return { ...world, device, token, later: (ms: number) => void (ahead += ms) };
}

/** Longer than a drain of one request is. */
const MOST_CALLS = 24;
let sequence: readonly Call[] = [];
beforeAll(async () => {
  const { device, calls, script } = await beforeDrain();
  script.isNoting = true;
  await device.engine.drain({ force: false });
  sequence = calls;
});

describe('a port that hangs in a drain', () => {
  it('[DR31] is any of those that a drain waits for, the snapshot’s apart', () => {
    const missing = Object.keys(METHODS).filter((call) => !sequence.includes(call as Call));
    expect(missing).toEqual(['transport.bootstrap', 'bell.ring']);
    expect(sequence.length).toBeLessThanOrEqual(MOST_CALLS);
  });

  it.each(Array.from({ length: MOST_CALLS }, (_, at) => at))(
    '[DR31] at call %i: the drain ends, the lock comes free, and the next one sends and fetches all, once',
    async (at) => {
      if (at >= sequence.length) return;
      const { device, script, token, turnUntil, later } = await beforeDrain();
      const hung = new Promise<void>((resolve) => (script.hung = resolve));
      Object.assign(script, { isNoting: true, hangAt: at });
      const drained = device.engine.drain({ force: false });
      await Promise.race([hung, drained.catch(() => undefined)]);
      await turnUntil(drained);
      script.isNoting = false;
      later(120_000);
      await device.engine.drain({ force: false });
      expect(await device.engine.status()).toMatchObject({
        phase: 'idle',
        pending: 0,
        behind: 0,
        storageFault: null,
      });
      const third = lab.device({ listens: false });
      await third.connect(lab.server.url, token);
      expect([...(await third.rows('items')).keys()].toSorted()).toEqual(['mine', 'theirs']);
      expect(await device.rows('items')).toEqual(await third.rows('items'));
      const home = await third.table('_spaces').toArray();
      expect(home).toMatchObject([{ cursor: 2 }]);
    },
  );

  it('[DR31] is the bell’s: the drain that failed ends all the same', async () => {
    let isDown = false;
    const { device, script, turnUntil, later } = await beforeDrain((url, init) =>
      isDown ? Promise.reject(new TypeError('down')) : fetch(url, init),
    );
    isDown = true;
    Object.assign(script, { isNoting: true, hangOn: 'bell.ring' });
    const drained = device.engine.drain({ force: false });
    await turnUntil(drained);
    expect(await drained).toMatchObject({ kind: 'failed' });
    isDown = false;
    later(120_000);
    await device.engine.drain({ force: false });
    expect(await device.engine.status()).toMatchObject({ phase: 'idle', pending: 0 });
  });

  it('[DR31] is the snapshot’s: the replica is built anew by the next drain', async () => {
    let isExpired = false;
    const { device, script, turnUntil, later } = await beforeDrain(async (url, init) => {
      if (!isExpired || url.pathname !== '/sync/push') return fetch(url, init);
      const { spaces } = JSON.parse(init.body as string) as { spaces: object };
      const expired = Object.keys(spaces).map((space) => [
        space,
        { error: { code: 'cursor_expired', horizon: 1 } },
      ]);
      return Response.json({ now: Date.now(), spaces: Object.fromEntries(expired) as object });
    });
    await device.engine.drain({ force: false });
    isExpired = true;
    Object.assign(script, { isNoting: true, hangOn: 'transport.bootstrap' });
    const drained = device.engine.drain({ force: false });
    await turnUntil(drained);
    expect(await drained).toMatchObject({ kind: 'failed' });
    isExpired = false;
    Object.assign(script, { hangOn: '' });
    later(120_000);
    await device.engine.drain({ force: false });
    expect(await device.engine.status()).toMatchObject({ phase: 'idle', trouble: null });
  });

  it('[DR31] under a write of a page: that write is told to have failed, and the next is taken', async () => {
    const { device, script, turnUntil } = await beforeDrain();
    const write = (id: string) =>
      device.ask({ v: 1, type: 'write', ops: [{ do: [newItem(id, 'Stove')] }], seen: {} });
    await device.session.save({ paused: true });
    // The second comes while the first is under way: it is not of the same commit.
    let second: ReturnType<typeof write> | undefined;
    const hung = () => {
      script.hangOn = '';
      second = write('i2');
    };
    Object.assign(script, { isNoting: true, hangOn: 'store.write', hung });
    const first = write('i1');
    await turnUntil(first);
    expect(await first).toMatchObject({ type: 'error', code: 'storage_failed' });
    await turnUntil(second ?? Promise.reject(new Error('nothing hung')));
    expect(await second).toMatchObject({ type: 'accepted' });
  });
});

describe('while a request is on its way', () => {
  it('[DR34] no transaction is open, however long it takes, and pages write and read as ever', async () => {
    let answer = (): void => {};
    let asked = (): void => {};
    const isAsked = new Promise<void>((resolve) => (asked = resolve));
    let open = 0;
    const counted =
      <Args extends unknown[], T>(really: (...args: Args) => Promise<T>) =>
      async (...args: Args): Promise<T> => {
        open += 1;
        try {
          return await really(...args);
        } finally {
          open -= 1;
        }
      };
    const device = lab.device({
      listens: false,
      around: (ports) => ({
        ...ports,
        store: {
          ...ports.store,
          write: counted(ports.store.write),
          read: counted(ports.store.read),
        },
      }),
      fetch: async (url, init) => {
        if (url.pathname === '/sync/push') {
          asked();
          await new Promise<void>((resolve) => (answer = resolve));
        }
        return fetch(url, init);
      },
    });
    await device.session.save({ paused: true });
    await device.put(undefined, [newItem('i1', 'Tent')]);
    const token = await lab.nextToken();
    const joining = device.connect(lab.server.url, token);
    await isAsked;
    // What the word of its beginning reads may still be under way; nothing that waits for the answer.
    await expect.poll(() => open).toBe(0);
    const { reply, afterwards } = await device.engine.handle({
      v: 1,
      type: 'write',
      ops: [{ do: [newItem('i2', 'Tarp')] }],
      seen: {},
      rebuilt: {},
      instead: [],
      former: [],
    });
    expect(reply).toMatchObject({ type: 'accepted' });
    expect((await device.rows('items')).size).toBe(2);
    await expect.poll(() => open).toBe(0);
    await again(() => answer(), Promise.all([joining, afterwards ?? joining]));
    expect(await device.engine.status()).toMatchObject({ phase: 'idle', pending: 0 });
    expect(open).toBe(0);
  });
});

/** Does it in each turn of the event loop until `done` has settled. */
async function again(what: () => void, done: Promise<unknown>): Promise<void> {
  const state = { isOver: false };
  const over = () => void (state.isOver = true);
  void done.then(over, over);
  while (!state.isOver) {
    what();
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}
