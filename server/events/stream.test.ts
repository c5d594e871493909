import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { asSeq, EMPTY_DIGEST } from '../../core/index.ts';
import type { Poke } from '../../core/index.ts';
import { accountId, ACTOR, ANN, EPOCH, op, SPACE, spaceId } from '../testing/log-words.ts';
import { createHub } from './hub.ts';
import type { Hub } from './hub.ts';
import { eventStream } from './stream.ts';
import type { StreamOptions } from './stream.ts';

const ASKER = { account: ANN, token: 't1', onlySpace: null, readOnly: false };
const poke = (head: number, space = SPACE): Poke => ({ space, epoch: EPOCH, head: asSeq(head) });

let hub: Hub;
beforeEach(() => {
  vi.useFakeTimers();
  hub = createHub();
});
afterEach(() => vi.useRealTimers());

/** A listener, and the events that it has read. */
function listen(more: Partial<StreamOptions> = {}) {
  const options = { asker: ASKER, spaces: null, pingEveryMs: 25_000, isRevoked: async () => false };
  const reader = eventStream(hub, { ...options, ...more }).getReader();
  const text = new TextDecoder();
  /** The next event as one line, or `end`. */
  async function next(): Promise<string> {
    const { done, value } = await reader.read();
    return done ? 'end' : text.decode(value).trim().replace('\n', ' ');
  }
  return { next, leave: () => reader.cancel() };
}

const said = (name: string, data: unknown = {}) => `event: ${name} data: ${JSON.stringify(data)}`;

describe('a listener', () => {
  it('[EV1] is told at once that it listens, and then of what is new', async () => {
    const { next } = listen();
    expect(await next()).toBe(said('ping'));
    hub.poke(poke(1), [ANN]);
    expect(await next()).toBe(said('poke', poke(1)));
  });

  it('[EV2] hears nothing of spaces that are not its own, or that it did not ask for', async () => {
    const all = listen();
    const some = listen({ spaces: new Set([spaceId(2)]) });
    const narrow = listen({ asker: { ...ASKER, onlySpace: spaceId(3) } });
    for (const each of [all, some, narrow]) await each.next();
    hub.poke(poke(9), [accountId(2)]);
    hub.poke(poke(1, SPACE), [ANN]);
    hub.poke(poke(2, spaceId(2)), [accountId(2), ANN]);
    hub.poke(poke(3, spaceId(3)), [ANN]);
    expect(await all.next()).toBe(said('poke', poke(1)));
    expect(await some.next()).toBe(said('poke', poke(2, spaceId(2))));
    expect(await narrow.next()).toBe(said('poke', poke(3, spaceId(3))));
  });

  it('[EV3] is pinged, and left when its token was revoked elsewhere', async () => {
    let isRevoked = false;
    const { next } = listen({ isRevoked: async () => isRevoked });
    await next();
    await vi.advanceTimersByTimeAsync(25_000);
    expect(await next()).toBe(said('ping'));
    isRevoked = true;
    await vi.advanceTimersByTimeAsync(2000);
    expect([await next(), await next()]).toEqual([said('revoked'), 'end']);
  });

  it('[EV3] is left at once when its token is revoked here, and others are not', async () => {
    const gone = listen();
    const other = listen({ asker: { ...ASKER, token: 't2' } });
    for (const each of [gone, other]) await each.next();
    hub.revoked('t1');
    hub.poke(poke(1), [ANN]);
    expect([await gone.next(), await gone.next()]).toEqual([said('revoked'), 'end']);
    expect(await other.next()).toBe(said('poke', poke(1)));
  });

  it('[EV3] is pinged although the check of its token fails', async () => {
    const { next } = listen({ isRevoked: () => Promise.reject(new Error('busy')) });
    await next();
    await vi.advanceTimersByTimeAsync(25_000);
    expect(await next()).toBe(said('ping'));
  });

  it('[EV4] that does not read has only the newest poke of each space waiting', async () => {
    const { next } = listen();
    for (let head = 1; head <= 1000; head++) {
      hub.poke(poke(head), [ANN]);
      hub.poke(poke(head, spaceId(2)), [ANN]);
    }
    const heard = [await next(), await next(), await next()];
    expect(heard).toEqual([
      said('ping'),
      said('poke', poke(1000)),
      said('poke', poke(1000, spaceId(2))),
    ]);
    hub.poke(poke(1001), [ANN]);
    expect(await next()).toBe(said('poke', poke(1001)));
  });

  it('[EV4] that does not read costs a bounded amount, however many spaces there are', async () => {
    const { next } = listen();
    for (let n = 1; n <= 500; n++) hub.poke(poke(1, spaceId(n)), [ANN]);
    hub.stop();
    const heard: string[] = [];
    for (let event = await next(); event !== 'end'; event = await next()) heard.push(event);
    expect(heard.length).toBeLessThanOrEqual(101);
  });

  it('[EV7] that does not read has no ops waiting', async () => {
    const { next } = listen();
    const ops = [{ ...op(1), seq: asSeq(1), actor: ACTOR }];
    for (const head of [1, 2]) hub.poke({ ...poke(head), ops, before: EMPTY_DIGEST }, [ANN]);
    expect([await next(), await next()]).toEqual([said('ping'), said('poke', poke(2))]);
    hub.poke({ ...poke(3), ops, before: EMPTY_DIGEST }, [ANN]);
    expect(await next()).toContain('"ops":[{');
  });

  it('[EV6] that goes away is forgotten', async () => {
    const { next, leave } = listen();
    await next();
    await leave();
    hub.poke(poke(1), [ANN]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('[OPS2] is let go when the server stops, also one that comes too late', async () => {
    const early = listen();
    hub.stop();
    const late = listen();
    for (const { next } of [early, late]) {
      expect([await next(), await next()]).toEqual([said('ping'), 'end']);
    }
    expect(vi.getTimerCount()).toBe(0);
  });
});
