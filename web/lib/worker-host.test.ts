import { beforeEach, describe, expect, test, vi } from 'vitest';
import { CHANNEL_VERSION, type Notice, type PageRequest } from '../../core/index.ts';
import { SIGN_WITHIN_MS } from './registration.ts';
import { FakeEnvironment, IDLE, settled } from './test-doubles.ts';
import { createWorkerHost } from './worker-host.ts';

const status: PageRequest = { v: CHANNEL_VERSION, type: 'status' };

class FakeWorker extends EventTarget {
  state: ServiceWorkerState;
  readonly scriptURL: string;
  readonly asked: unknown[] = [];

  constructor(state: ServiceWorkerState, script = '/worker.js') {
    super();
    this.state = state;
    this.scriptURL = `https://app.example${script}`;
  }

  become(state: ServiceWorkerState): void {
    this.state = state;
    this.dispatchEvent(new Event('statechange'));
  }

  postMessage(request: unknown, [port]: readonly MessagePort[] = []): void {
    this.asked.push(request);
    port?.postMessage({ type: 'ok', status: IDLE });
  }
}

class FakeRegistration extends EventTarget {
  installing: FakeWorker | null = null;
  waiting: FakeWorker | null = null;
  active: FakeWorker | null = null;
  readonly update = vi.fn(() => Promise.resolve());
}

class FakeContainer extends EventTarget {
  controller: FakeWorker | null = null;
  existing: FakeRegistration | undefined;
  readonly startMessages = vi.fn();
  register = vi.fn((..._: unknown[]): Promise<unknown> => Promise.resolve(registration));
  getRegistration() {
    return Promise.resolve(this.existing);
  }
}

let environment: FakeEnvironment;
let container: FakeContainer;
let registration: FakeRegistration;

beforeEach(() => {
  environment = new FakeEnvironment();
  container = new FakeContainer();
  registration = new FakeRegistration();
});

const open = (door: 'auto' | 'fetch' = 'auto') =>
  createWorkerHost({
    environment,
    container: container as unknown as ServiceWorkerContainer,
    script: { url: '/worker.js' },
    door,
  });

describe('reaching the worker', () => {
  test('[PL17] requests made during the first install wait for the worker', async () => {
    const worker = (registration.installing = new FakeWorker('installing'));
    const reply = open().ask(status);
    await environment.advance(60_000);
    expect(worker.asked).toEqual([]);
    worker.become('activating');
    expect(await reply).toMatchObject({ type: 'ok' });
  });

  test('[PL17] a worker that is there already is asked at once, whatever registering waits for', async () => {
    registration.active = new FakeWorker('activated');
    container.existing = registration;
    container.register.mockReturnValue(new Promise(() => {}));
    expect(await open().ask(status)).toMatchObject({ type: 'ok' });
  });

  test('[PL17] where a worker is there already, failing to register disturbs nobody', async () => {
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    registration.active = new FakeWorker('activated');
    container.existing = registration;
    container.register.mockRejectedValue(new Error('offline'));
    expect(await open().ask(status)).toMatchObject({ type: 'ok' });
    await settled();
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });

  test('[PL17] one of another script is not taken for it', async () => {
    const other = new FakeRegistration();
    other.active = new FakeWorker('activated', '/old.js');
    container.existing = other;
    registration.active = new FakeWorker('activated');
    await open().ask(status);
    expect(other.active.asked).toEqual([]);
    expect(registration.active.asked).toEqual([status]);
  });

  test('[PL17] after an update the new worker is asked', async () => {
    const old = (registration.active = new FakeWorker('activated'));
    const host = open();
    await host.ask(status);
    const next = (registration.active = new FakeWorker('activated'));
    old.become('redundant');
    await host.ask(status);
    expect([old.asked.length, next.asked.length]).toEqual([1, 1]);
  });

  test.each<[string, () => void]>([
    ['registering is blocked', () => container.register.mockResolvedValue(undefined)],
    ['registering fails', () => container.register.mockRejectedValue(new Error('404'))],
    ['there is no worker in the registration', () => {}],
  ])(
    '[PL17] says `unreachable` where %s, and tries again when asked again',
    async (_why, spoil) => {
      spoil();
      const host = open();
      await expect(host.ask(status)).rejects.toMatchObject({ code: 'unreachable' });
      container.register.mockResolvedValue(registration);
      registration.active = new FakeWorker('activated');
      expect(await host.ask(status)).toMatchObject({ type: 'ok' });
    },
  );

  test('[PL17] says `unreachable` where nothing comes of it in time', async () => {
    container.register.mockReturnValue(new Promise(() => {}));
    const reply = expect(open().ask(status)).rejects.toMatchObject({ code: 'unreachable' });
    await settled();
    // Asked twice: a status may be.
    await environment.advance(2 * SIGN_WITHIN_MS);
    await reply;
  });

  test('[PL17] says `unreachable` where the install fails', async () => {
    registration.installing = new FakeWorker('installing');
    const reply = open().ask({ v: CHANNEL_VERSION, type: 'sync-now' });
    await settled();
    registration.installing.become('redundant');
    await expect(reply).rejects.toMatchObject({ code: 'unreachable' });
  });

  test('[PL17] the fetch door waits for control over the page', async () => {
    registration.active = new FakeWorker('activated');
    const fetched = vi.fn(() => Promise.resolve(Response.json({ type: 'ok', status: IDLE })));
    environment.fetch = fetched;
    const reply = open('fetch').ask(status);
    await settled();
    expect(fetched).not.toHaveBeenCalled();
    container.dispatchEvent(new Event('controllerchange'));
    expect(await reply).toMatchObject({ type: 'ok' });
  });
});

describe('hearing the worker', () => {
  const notice: Notice = { offing: CHANNEL_VERSION, type: 'status', status: IDLE };
  const post = (data: unknown) =>
    container.dispatchEvent(Object.assign(new Event('message'), { data }));

  test("[PL11] notices are heard from the start, and others' messages are not", () => {
    const told = vi.fn();
    open().onNotice(told);
    expect(container.startMessages).toHaveBeenCalled();
    post('hello');
    post({ type: 'status' });
    post(notice);
    expect(told.mock.calls).toEqual([[notice]]);
  });

  test('[PL12] a change of the controller is a replacement; after close nothing is heard', () => {
    const host = open();
    const replaced = vi.fn();
    const told = vi.fn();
    host.onReplaced(replaced);
    host.onNotice(told);
    container.dispatchEvent(new Event('controllerchange'));
    host.close();
    container.dispatchEvent(new Event('controllerchange'));
    post(notice);
    expect(replaced).toHaveBeenCalledTimes(1);
    expect(told).not.toHaveBeenCalled();
  });
});

describe('a new version of the app', () => {
  const SKIP_WAITING = { type: 'SKIP_WAITING' };

  /** Another worker is found and installed; the browser's events, in their order. */
  function arrives(): FakeWorker {
    const coming = (registration.installing = new FakeWorker('installing'));
    registration.dispatchEvent(new Event('updatefound'));
    registration.installing = null;
    registration.waiting = coming;
    coming.become('installed');
    return coming;
  }

  test('[PL19] is told of, takes over when it is applied, and the page reloads once', async () => {
    registration.active = new FakeWorker('activated');
    const host = open();
    await host.ask(status);
    const told = vi.fn();
    host.update?.subscribe(told);
    const coming = arrives();
    await environment.advance(1000);
    expect(told.mock.calls).toEqual([[false], [true]]);
    expect(host.update?.ready).toBe(true);
    host.update?.apply();
    host.update?.apply();
    expect(coming.asked).toEqual([SKIP_WAITING]);
    expect(environment.reloads).toBe(0);
    container.dispatchEvent(new Event('controllerchange'));
    coming.become('activated');
    expect(environment.reloads).toBe(1);
  });

  test('[PL19] that waited before the page was opened is told of at once', async () => {
    registration.active = new FakeWorker('activated');
    const waiting = (registration.waiting = new FakeWorker('installed'));
    const host = open();
    await host.ask(status);
    expect(host.update?.ready).toBe(true);
    host.update?.apply();
    expect(waiting.asked).toEqual([SKIP_WAITING]);
    // A page that no worker controls hears of no new controller.
    waiting.become('activated');
    expect(environment.reloads).toBe(1);
  });

  test('[PL19] that is being installed when the page opens is told of once it waits', async () => {
    registration.active = new FakeWorker('activated');
    const coming = (registration.installing = new FakeWorker('installing'));
    const host = open();
    await host.ask(status);
    registration.installing = null;
    registration.waiting = coming;
    coming.become('installed');
    await environment.advance(1000);
    expect(host.update?.ready).toBe(true);
  });

  test('[PL19] is none where the first worker of all is installed, or one does not wait', async () => {
    registration.active = new FakeWorker('activated');
    const host = open();
    await host.ask(status);
    const coming = arrives();
    registration.waiting = null;
    registration.active = coming;
    coming.become('activating');
    await environment.advance(1000);
    expect(host.update?.ready).toBe(false);
  });

  test('[PL19] is heard of through either door, of the script in its scope', async () => {
    container.controller = new FakeWorker('activated');
    environment.fetch = () => Promise.resolve(Response.json({ type: 'ok', status: IDLE }));
    await open('fetch').ask(status);
    expect(container.register.mock.calls).toEqual([['/worker.js', {}]]);
  });

  test('[PL19] that another page let take over already only wants a reload', async () => {
    registration.active = new FakeWorker('activated');
    const host = open();
    await host.ask(status);
    host.update?.apply();
    expect(environment.reloads).toBe(1);
  });

  test('[PL19] is looked for when an app that stayed open comes back, at most hourly', async () => {
    registration.active = new FakeWorker('activated');
    await open().ask(status);
    environment.fire('visibilitychange');
    expect(registration.update).not.toHaveBeenCalled();
    await environment.advance(3_600_000);
    environment.fire('visibilitychange');
    environment.fire('visibilitychange');
    expect(registration.update).toHaveBeenCalledTimes(1);
  });
});
