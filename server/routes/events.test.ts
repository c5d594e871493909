import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nextDigest, parse, PokeSchema } from '../../core/index.ts';
import type { SequencedOp } from '../../core/index.ts';
import { sha256 } from '../log/op-hash.ts';
import { actorId, op, spaceId } from '../testing/log-words.ts';
import { answerIn, openApp } from '../testing/open-app.ts';
import type { TestApp } from '../testing/open-app.ts';

let app: TestApp;
let ann: string;
const [S, T] = [spaceId(1), spaceId(2)];
const A = actorId(1);
beforeEach(async () => {
  app = await openApp();
  ann = await app.tokenFor('ann');
});
afterEach(() => app.stop());

/** Listens over a real connection. `next` is the next event that is no ping, with its data. */
async function listen(token: string, query = '') {
  const stop = new AbortController();
  const response = await fetch(`${app.url}/sync/events${query}`, {
    headers: { Authorization: `Bearer ${token}` },
    signal: stop.signal,
  });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  async function next(): Promise<[string, unknown] | 'end'> {
    while (!text.includes('\n\n')) {
      const { done, value } = (await reader?.read()) ?? { done: true, value: '' };
      if (done) return 'end';
      text += value;
    }
    const [event = '', ...rest] = text.split('\n\n');
    text = rest.join('\n\n');
    const [, name = '', data = ''] = /^event: (.*)\ndata: (.*)$/.exec(event) ?? [];
    return name === 'ping' ? next() : [name, JSON.parse(data)];
  }
  return { response, next, stop: () => stop.abort() };
}

const push = (space: string, ops: unknown[]) =>
  app.push(ann, { [space]: { actor: A, since: 0, create: true, ops } });

describe('GET /sync/events', () => {
  it('[EV1] pokes after the commit, with the head to be pulled', async () => {
    await push(S, [op(1)]);
    const { response, next, stop } = await listen(ann);
    expect(response.headers.get('Content-Type')).toBe('text/event-stream');
    expect(response.headers.get('Cache-Control')).toBe('no-store');
    await push(S, [op(2), op(3)]);
    expect(await next()).toMatchObject([
      'poke',
      { space: S, epoch: expect.any(String) as string, head: 3 },
    ]);
    stop();
  });

  it('[WI29] a HEAD has the head of the answer, and leaves no stream behind', async () => {
    const small = await openApp({ streamsPerAccount: 1 });
    const token = await small.tokenFor('ann');
    const ask = (method: string) => small.call('/sync/events', { token, method });
    for (let i = 0; i < 2; i++) {
      const { status, headers } = await ask('HEAD');
      expect([status, headers.get('Content-Type')]).toEqual([200, 'text/event-stream']);
    }
    const stream = await ask('GET');
    expect(stream.status).toBe(200);
    await stream.body?.cancel();
    await small.stop();
  });

  it('[EV7] carries a few new ops, between the digests before and behind them', async () => {
    await push(S, [op(1)]);
    const { next, stop } = await listen(ann);
    await push(S, [op(1), op(2), op(3, { key: 'k' })]);
    const [, data] = await next();
    const poke = parse(PokeSchema, data);
    if (!poke.ok) throw new Error(poke.fault);
    const looked = await app.push(ann, { [S]: { actor: actorId(2), since: 0 } });
    const { ops: log, digest } = answerIn(looked, S);
    expect(poke.value.ops).toEqual(log.slice(1));
    const { before = '', ops = [] } = poke.value;
    expect(poke.value.digest).toBe(digest);
    expect(
      ops.reduce((chain, each) => nextDigest(chain, each as SequencedOp, sha256), before),
    ).toBe(digest);
    const atOne = await app.push(ann, { [S]: { actor: actorId(2), since: 1, digest: before } });
    expect(answerIn(atOne, S).head).toBe(3);
    stop();
  });

  it('[EV7] leaves out ops that are many or large', async () => {
    const { next, stop } = await listen(ann);
    const few = Array.from({ length: 20 }, (_, i) => op(i + 1));
    const many = Array.from({ length: 21 }, (_, i) => op(i + 21));
    await push(S, few);
    await push(S, many);
    await push(S, [op(42, { payload: 'é'.repeat(8 * 1024) })]);
    await push(S, [op(43, { payload: `${'é'.repeat(8 * 1024)}x` })]);
    const heard = [await next(), await next(), await next(), await next()];
    const opsIn = heard.map(([, data]) => (data as { ops?: unknown[] }).ops?.length);
    expect(opsIn).toEqual([20, undefined, 1, undefined]);
    stop();
  });

  it('[EV1] is silent about what added nothing', async () => {
    await push(S, [op(1)]);
    const { next, stop } = await listen(ann);
    await push(S, [op(1)]);
    await push(S, [op(2, { base: 99 })]);
    await push(S, []);
    await push(S, [op(3)]);
    expect(await next()).toMatchObject(['poke', { head: 2 }]);
    stop();
  });

  it('[EV5] tells of a space made later, unless spaces were named', async () => {
    const all = await listen(ann);
    const some = await listen(ann, `?spaces=${T}`);
    await push(S, [op(1)]);
    await push(T, []);
    await push(T, [op(1)]);
    expect(await all.next()).toMatchObject(['poke', { space: S, head: 1 }]);
    expect(await all.next()).toMatchObject(['poke', { space: T, head: 0 }]);
    expect(await some.next()).toMatchObject(['poke', { space: T, head: 0 }]);
    expect(await some.next()).toMatchObject(['poke', { space: T, head: 1 }]);
    all.stop();
    some.stop();
  });

  it('[EV2] tells nobody else', async () => {
    const bob = await app.tokenFor('bob');
    const { next, stop } = await listen(bob, `?spaces=${S},${T}`);
    await push(S, [op(1)]);
    await app.push(bob, { [T]: { actor: A, since: 0, create: true } });
    expect(await next()).toMatchObject(['poke', { space: T }]);
    stop();
  });

  it('[EV8] is for so many of an account at once, and no more', async () => {
    const small = await openApp({ streamsPerAccount: 1 });
    const [one, other] = [await small.tokenFor('ann'), await small.tokenFor('bob')];
    const open = async (token: string) => {
      const response = await small.call('/sync/events', { token });
      return { response, leave: () => response.body?.cancel() };
    };
    const first = await open(one);
    const { response } = await open(one);
    expect(response.status).toBe(429);
    expect(response.headers.get('Retry-After')).toBe('30');
    expect(await response.json()).toMatchObject({ code: 'rate_limited', limit: 1 });
    expect((await open(other)).response.status).toBe(200);
    await first.leave();
    expect((await open(one)).response.status).toBe(200);
    await small.stop();
  });

  it('[EV3] ends when the token is revoked', async () => {
    const { next } = await listen(ann);
    const [token] = await app.tokens.list();
    await app.tokens.revoke(token?.id ?? '');
    expect([await next(), await next()]).toEqual([['revoked', {}], 'end']);
  });

  it('[WI2] a fault in the list of spaces is named', async () => {
    const response = await app.call(`/sync/events?spaces=${S},x`, { token: ann });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'bad_request', path: 'spaces.1' });
  });

  it('[OPS2] does not keep the server from stopping', async () => {
    const { next } = await listen(ann);
    const begun = performance.now();
    await app.close();
    expect(await next()).toBe('end');
    expect(performance.now() - begun).toBeLessThan(3000);
  });
});
