import { beforeEach, describe, expect, it, vi } from 'vitest';
import { CHANNEL_VERSION, type HostReply, type PageRequest } from '../../core/index.ts';
import type { HostPlace } from './api.ts';
import { chooseHost } from './choose-host.ts';
import { createNotices } from './notices.ts';
import { createStandIn, TRY_AGAIN_AFTER_MS } from './page-host-stand-in.ts';
import { createSession } from './session.ts';
import { FakeEnvironment, FakeHost, FakeLateHost, settled } from './test-doubles.ts';

const v = CHANNEL_VERSION;
const write: PageRequest = { v, type: 'write', ops: [{ do: [] as never }], seen: {}, rebuilt: {} };
const status: PageRequest = { v, type: 'status' };
const config = { name: 'app', version: 1, collections: {} };

let environment: FakeEnvironment;
let worker: FakeLateHost;
let page: FakeHost;

beforeEach(() => {
  environment = new FakeEnvironment();
  worker = new FakeLateHost();
  page = new FakeHost();
});

/** A page without a worker so far. */
function open() {
  worker.refuse();
  return chooseHost({
    environment,
    worker,
    notices: createNotices(environment),
    openStandIn: async (around) => createStandIn(around, page),
  });
}

describe('handing over to a worker', () => {
  it('[HO30] happens when it has come late after all', async () => {
    const host = chooseHost({
      environment,
      worker,
      notices: createNotices(environment),
      openStandIn: async (around) => createStandIn(around, page),
    });
    const reply = host.ask(status);
    await environment.advance(3_000);
    await reply;
    worker.arrive();
    await settled();
    await host.ask(status);
    expect([page.asked.length, worker.asked.length]).toEqual([1, 1]);
    expect(page.isClosed).toBe(true);
    host.close();
  });

  it('[HO30] waits until the page’s own writes are answered: none that is asked later overtakes them', async () => {
    const host = open();
    let answer: (reply: HostReply) => void = () => {};
    page.answer = (request) =>
      request.type === 'write' ? new Promise((resolve) => (answer = resolve)) : undefined;
    const first = host.ask(write);
    await settled();
    worker.arrive();
    worker.replace();
    await settled();
    const second = host.ask(write);
    await settled();
    expect([page.asked.length, worker.asked.length]).toEqual([1, 0]);
    expect(page.isClosed).toBe(false);
    answer({ type: 'accepted', receipts: [] });
    await Promise.all([first, second]);
    expect([page.asked.length, worker.asked.length]).toEqual([1, 1]);
    expect(page.isClosed).toBe(true);
    host.close();
  });

  it('[HO30] does not wait for a request that may take as long as the network', async () => {
    const host = open();
    page.answer = () => new Promise(() => {});
    void host.ask({ v, type: 'sync-now' });
    await settled();
    worker.arrive();
    worker.replace();
    await settled();
    expect(await host.ask(status)).toMatchObject({ type: 'ok' });
    expect(worker.asked).toEqual([status]);
    host.close();
  });

  it('[HO30] a write that waits for the server hears of it from either', async () => {
    const host = open();
    const session = createSession({ host, config, now: () => 0 });
    await session.greeted();
    const written = await session.fates.follow(
      session
        .ask({ type: 'write', ops: [], seen: {}, rebuilt: {} })
        .then((reply) => [...reply.receipts, { space: 'x' as never, row: 5, index: 0 }]),
    );
    const synced = written.whenSynced();
    worker.answer = (request) =>
      request.type === 'catch-up'
        ? {
            type: 'caught-up',
            status: worker.status,
            cursors: {},
            outcomes: request.rows.map((row) => ({ row, kind: 'synced', seq: 9 as never })),
          }
        : undefined;
    worker.arrive();
    worker.replace();
    expect(await synced).toBe(9);
    expect(worker.asked.map(({ type }) => type)).toEqual(['hello', 'catch-up']);
    session.close();
  });

  it('[HO30] is tried again when the network or the person comes back, at most once a minute', async () => {
    const host = open();
    const places: HostPlace['in'][] = [];
    host.place.subscribe((place) => places.push(place.in));
    await host.ask(status);
    const reachable = vi.spyOn(worker, 'reachable');
    environment.fire('online');
    expect(reachable).not.toHaveBeenCalled();
    await environment.advance(TRY_AGAIN_AFTER_MS);
    environment.fire('online');
    environment.fire('visibilitychange');
    expect(reachable).toHaveBeenCalledTimes(1);
    await environment.advance(TRY_AGAIN_AFTER_MS);
    worker.arrive();
    environment.fire('visibilitychange');
    await settled();
    await host.ask(status);
    expect(worker.asked).toEqual([status]);
    expect(places).toEqual([null, 'page', 'worker']);
    host.close();
  });

  it('after it was closed there is none', async () => {
    const host = open();
    await host.ask(status);
    host.close();
    worker.arrive();
    worker.replace();
    await settled();
    expect(host.place.current.in).toBe('page');
    expect([page.isClosed, worker.isClosed]).toEqual([true, true]);
  });
});
