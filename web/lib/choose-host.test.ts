import { beforeEach, describe, expect, it, vi } from 'vitest';
import { CHANNEL_VERSION, type Notice, type PageRequest } from '../../core/index.ts';
import { chooseHost, WORKER_WITHIN_MS, type LateHost, type StandInFor } from './choose-host.ts';
import { OffingError } from './errors.ts';
import type { Host } from './host.ts';
import { createNotices } from './notices.ts';
import { FakeEnvironment, FakeHost, FakeLateHost, IDLE, settled } from './test-doubles.ts';

const v = CHANNEL_VERSION;
const status: PageRequest = { v, type: 'status' };
const idle: Notice = { offing: v, type: 'status', status: IDLE };

let environment: FakeEnvironment;
let worker: FakeLateHost;
let page: FakeHost;
let around: StandInFor | undefined;
let openStandIn: (around: StandInFor) => Promise<Host>;

beforeEach(() => {
  environment = new FakeEnvironment();
  worker = new FakeLateHost();
  page = new FakeHost();
  around = undefined;
  openStandIn = vi.fn(async (given) => {
    around = given;
    return page;
  });
});

const choose = (late: LateHost | null = worker) =>
  chooseHost({
    environment,
    notices: createNotices(environment),
    worker: late,
    openStandIn: (given) => openStandIn(given),
  });

describe('which host a page talks to', () => {
  it('[HO35] is a worker that is there, and the other is not even loaded', async () => {
    const host = choose();
    worker.arrive();
    expect(await host.ask(status)).toMatchObject({ type: 'ok' });
    await environment.advance(2 * WORKER_WITHIN_MS);
    expect(worker.asked).toEqual([status]);
    expect(openStandIn).not.toHaveBeenCalled();
    expect(host.place.current).toEqual({ in: 'worker' });
  });

  it('[HO35] is the page at once where there can be no worker, or it is refused', async () => {
    const refusal = new OffingError('unreachable', 'Refused.', { cause: new Error('why') });
    for (const late of [null, worker]) {
      worker.refuse(refusal);
      const host = choose(late);
      expect(await host.ask(status)).toMatchObject({ type: 'ok' });
      expect(host.place.current).toMatchObject({ in: 'page', why: { code: 'unreachable' } });
      if (late) expect(host.place.current).toEqual({ in: 'page', why: refusal });
    }
    expect(page.asked).toHaveLength(2);
  });

  it('[HO36] is the page for a reason, with what the browser threw as its cause', async () => {
    const thrown = new DOMException('not here', 'SecurityError');
    worker.refuse(thrown);
    const host = choose();
    await host.ask(status);
    const why = { name: 'OffingError', code: 'unreachable', cause: thrown };
    expect(host.place.current).toMatchObject({ in: 'page', why });
  });

  it('[HO35] is the page after three seconds without a worker', async () => {
    const host = choose();
    const reply = host.ask(status);
    await environment.advance(WORKER_WITHIN_MS - 1);
    expect(page.asked).toEqual([]);
    await environment.advance(1);
    await reply;
    expect(page.asked).toEqual([status]);
    expect(host.place.current.in).toBe('page');
  });

  it('[HO30] is the worker, to be greeted, once the stand-in has handed over', async () => {
    const host = choose();
    const replaced = vi.fn();
    host.onReplaced(replaced);
    worker.refuse();
    await host.ask(status);
    worker.replace();
    expect(replaced).not.toHaveBeenCalled();
    around?.onHandedOver();
    expect(replaced).toHaveBeenCalledTimes(1);
    expect(host.place.current).toEqual({ in: 'worker' });
  });

  it('[PL17] is tried again by the next who asks where neither can be had', async () => {
    const host = choose(null);
    openStandIn = () => Promise.reject(new TypeError('not loaded'));
    await expect(host.ask(status)).rejects.toMatchObject({ code: 'unreachable' });
    openStandIn = async () => page;
    expect(await host.ask(status)).toMatchObject({ type: 'ok' });
  });

  it('[PL6] gets what was asked while it was chosen, in that order', async () => {
    const host = choose();
    const types = ['hello', 'catch-up', 'status'] as const;
    const replies = types.map((type) => host.ask({ v, type } as PageRequest));
    await environment.advance(WORKER_WITHIN_MS);
    await Promise.all(replies);
    expect(page.asked.map(({ type }) => type)).toEqual(types);
  });

  it('closes what it has opened, also what it is still opening', async () => {
    let opened: (host: Host) => void = () => {};
    openStandIn = () => new Promise((resolve) => (opened = resolve));
    const host = choose(null);
    const reply = host.ask(status);
    await settled();
    host.close();
    opened(page);
    await reply;
    expect(page.isClosed).toBe(true);
  });
});

describe('the notices that a page hears', () => {
  it('[HO33] are those of the worker and of other tabs, each once', async () => {
    const host = choose();
    worker.arrive();
    const told = vi.fn();
    host.onNotice(told);
    const otherTab = createNotices(environment);
    const outcomes: Notice = { offing: v, type: 'outcomes', outcomes: [] };
    await otherTab.tell(outcomes);
    worker.post(idle);
    expect(told.mock.calls).toEqual([[outcomes], [idle]]);
    host.close();
    await otherTab.tell(outcomes);
    otherTab.close();
  });

  it('[HO36] a page’s status is no news where a worker is the host', async () => {
    const host = choose();
    const told = vi.fn();
    host.onNotice(told);
    const otherTab = createNotices(environment);
    await otherTab.tell(idle);
    expect(told).toHaveBeenCalledTimes(1);
    worker.arrive();
    await host.ask(status);
    await otherTab.tell(idle);
    expect(told).toHaveBeenCalledTimes(1);
    host.close();
    otherTab.close();
  });

  it('[HO33] a tab hears itself as it hears others, later and as a copy', async () => {
    const [tab, other] = [createNotices(environment), createNotices(environment)];
    const heard: Notice[] = [];
    const others = vi.fn();
    tab.subscribe((notice) => heard.push(notice));
    tab.onOthers(others);
    const telling = tab.tell(idle);
    expect(heard).toEqual([]);
    await telling;
    await settled();
    expect(heard).toEqual([idle]);
    expect(heard[0]).not.toBe(idle);
    expect(others).not.toHaveBeenCalled();
    await other.tell(idle);
    expect(others).toHaveBeenCalledTimes(1);
    tab.close();
    other.close();
  });
});
