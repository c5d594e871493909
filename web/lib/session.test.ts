import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { asSeq, CHANNEL_VERSION, STARTING, type HostReply } from '../../core/index.ts';
import { OffingError } from './errors.ts';
import { createSession, type Session } from './session.ts';
import { FakeHost, GROCERIES, HOME, IDLE, settled } from './test-doubles.ts';

const config = { name: 'lists', version: 1, collections: {} };

const NOW = 1_700_000_000_000;
let host: FakeHost;
let session: Session;

beforeEach(() => {
  host = new FakeHost();
  session = createSession({ host, config, now: () => NOW });
});
afterEach(() => session.close());

const types = () => host.asked.map(({ type }) => type);
const write = () => session.ask({ type: 'write', ops: [], seen: {} });

/** Holds back answers to one type of request until it is called. */
function hold(type: string): () => void {
  const waiting: (() => void)[] = [];
  let isOpen = false;
  host.answer = (request) => {
    if (request.type !== type || isOpen) return undefined;
    const { cursors, status } = host;
    return new Promise<HostReply>((resolve) => {
      const reply: HostReply =
        type === 'catch-up'
          ? { type: 'caught-up', status, cursors: { ...cursors }, outcomes: [] }
          : { type: 'ok', status };
      waiting.push(() => resolve(reply));
    });
  };
  return () => {
    isOpen = true;
    for (const release of waiting.splice(0)) release();
  };
}

describe('greeting the host', () => {
  test('[PL12] hello and a catch-up come before all else, once', async () => {
    await Promise.all([write(), write()]);
    expect(types()).toEqual(['hello', 'catch-up', 'write', 'write']);
    expect(host.requests('hello')[0]).toEqual({ v: CHANNEL_VERSION, type: 'hello', config });
  });

  test('[PL12] a host that replaces it is greeted before it is asked anything', async () => {
    await session.greeted();
    host.replace();
    await write();
    expect(types().slice(2)).toEqual(['hello', 'catch-up', 'write']);
  });

  test('[PL12] one that fails is tried again by the next who asks', async () => {
    const gone = new OffingError('unreachable', 'No service worker.');
    host.answer = () => Promise.reject(gone);
    await expect(session.greeted()).rejects.toBe(gone);
    await expect(write()).rejects.toBe(gone);
    host.answer = () => undefined;
    await expect(write()).resolves.toBeDefined();
  });

  test('[PL12] a host that lost its storage is greeted again and asked again', async () => {
    await session.greeted();
    let isConfigured = false;
    host.answer = ({ type }) => {
      if (type === 'hello') isConfigured = true;
      if (type !== 'write' || isConfigured) return undefined;
      return { type: 'error', code: 'not_configured', detail: '' };
    };
    await expect(write()).resolves.toMatchObject({ type: 'accepted' });
    expect(types().slice(2)).toEqual(['write', 'hello', 'catch-up', 'write']);
  });

  test('[PL12] after close nothing is asked', async () => {
    await session.greeted();
    session.close();
    await expect(write()).rejects.toMatchObject({ code: 'closed' });
    session.wake();
    expect(types()).toEqual(['hello', 'catch-up']);
    expect(host.isClosed).toBe(true);
  });
});

describe('catching up', () => {
  test('[PL11] a notice that does not follow on the last one asks where the host stands', async () => {
    host.cursors = { [HOME]: asSeq(3) };
    await session.greeted();
    host.postApplied(HOME, 4);
    expect(host.requests('catch-up')).toHaveLength(1);
    const missed = vi.fn();
    session.missed.subscribe(missed);
    host.cursors = { [HOME]: asSeq(7) };
    host.postApplied(HOME, 7);
    await settled();
    expect(host.requests('catch-up')).toHaveLength(2);
    expect(missed).toHaveBeenCalledTimes(1);
    expect(session.seen.view()?.seen).toEqual({ [HOME]: 7 });
  });

  test('[PL11] one request at a time, and one more for what was missed meanwhile', async () => {
    await session.greeted();
    const release = hold('catch-up');
    session.wake();
    session.wake();
    host.postApplied(HOME, 5);
    host.postApplied(GROCERIES, 5);
    await settled();
    expect(host.requests('catch-up')).toHaveLength(2);
    host.cursors = { [HOME]: asSeq(5), [GROCERIES]: asSeq(5) };
    release();
    await settled();
    expect(host.requests('catch-up')).toHaveLength(3);
    expect(session.seen.view()?.seen).toEqual({ [HOME]: 5, [GROCERIES]: 5 });
  });

  test('[PL11] asks about the rows that are still awaited, and settles those that are done', async () => {
    const first = await session.fates.follow(Promise.resolve([{ space: HOME, row: 1, index: 0 }]));
    await session.fates.follow(Promise.resolve([{ space: HOME, row: 2, index: 0 }]));
    const synced = first.whenSynced();
    host.answer = ({ type }) =>
      type === 'catch-up'
        ? {
            type: 'caught-up',
            status: IDLE,
            cursors: {},
            outcomes: [{ row: 1, kind: 'synced', seq: asSeq(9) }],
          }
        : undefined;
    session.wake();
    expect(await synced).toBe(9);
    expect(host.requests('catch-up')[0]?.rows).toEqual([1]);
    await settled();
    session.wake();
    await settled();
    expect(host.requests('catch-up')[1]?.rows).toEqual([]);
  });

  test('[PL11] a notice during the greeting is caught up with after it', async () => {
    const release = hold('hello');
    void session.greeted();
    await settled();
    host.postApplied(HOME, 5);
    host.cursors = { [HOME]: asSeq(5) };
    release();
    await session.greeted();
    expect(types()).toEqual(['hello', 'catch-up']);
    expect(session.seen.view()?.seen).toEqual({ [HOME]: 5 });
  });
});

describe('the status', () => {
  test('[PL15] is `starting` until the host has spoken; then what it last said', async () => {
    const phases: string[] = [];
    session.status.subscribe(({ phase }) => phases.push(phase));
    expect(session.status.current).toEqual(STARTING);
    await session.greeted();
    const status = { ...IDLE, phase: 'syncing' } as const;
    host.post({ offing: CHANNEL_VERSION, type: 'status', status });
    expect(session.status.current).toEqual(status);
    expect(phases[0]).toBe('starting');
    expect(phases.at(-1)).toBe('syncing');
  });

  test('[PL15] who stops listening is told no more', async () => {
    const told = vi.fn();
    session.status.subscribe(told)();
    await session.greeted();
    expect(told).toHaveBeenCalledTimes(1);
  });
});

describe('a loss of what was kept here', () => {
  const lost = { at: 5, pending: 1 };

  test('[AC37] is told to who waits for a write that went with it', async () => {
    await session.greeted();
    const receipts = [{ space: HOME, row: 7, index: 0 }];
    const written = await session.fates.follow(Promise.resolve(receipts));
    const synced = written.whenSynced();
    synced.catch(() => {});
    host.answer = ({ type }) =>
      type === 'catch-up'
        ? {
            type: 'caught-up',
            status: { ...IDLE, lost },
            cursors: {},
            outcomes: [{ row: 7, kind: 'lost' }],
          }
        : undefined;
    host.post({ offing: CHANNEL_VERSION, type: 'status', status: { ...IDLE, lost } });
    await expect(synced).rejects.toMatchObject({ code: 'storage_gone' });
    expect(host.requests('catch-up').at(-1)?.rows).toEqual([7]);
    // The same loss again is no news.
    const before = host.asked.length;
    host.post({ offing: CHANNEL_VERSION, type: 'status', status: { ...IDLE, lost } });
    await settled();
    expect(host.asked).toHaveLength(before);
  });
});

describe('a host that does not answer', () => {
  const waiting = { ...IDLE, phase: 'syncing', account: {} as never, pending: 1 } as const;

  test.each([
    ['what waits has waited for long', NOW - 61_000, true],
    ['nothing has waited for long', NOW - 1_000, false],
  ])('[PL41] does not go on looking well: %s', async (_, oldestPendingAt, stalled) => {
    host.status = { ...waiting, oldestPendingAt };
    await session.greeted();
    expect(session.status.current.stalled).toBe(false);
    host.answer = () => Promise.reject(new OffingError('unreachable', 'No answer.'));
    await expect(session.ask({ type: 'ring', reason: 'poll' })).rejects.toThrow('No answer.');
    expect(session.status.current).toMatchObject({ stalled, pending: 1 });
    // What it says when it is back counts.
    host.answer = () => undefined;
    host.status = IDLE;
    await session.ask({ type: 'ring', reason: 'poll' });
    expect(session.status.current).toEqual(IDLE);
  });
});

test('[PL15] the status of a host of an earlier version is whole: what it does not say is as at the start', async () => {
  const { lost: _, storage: __, conflicts: ___, ...earlier } = IDLE;
  host.status = earlier as typeof IDLE;
  await session.greeted();
  expect(session.status.current).toEqual(IDLE);
  host.post({ offing: CHANNEL_VERSION, type: 'status', status: earlier as typeof IDLE });
  expect(session.status.current).toEqual(IDLE);
});
