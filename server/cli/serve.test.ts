import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { actorId, op, spaceId } from '../testing/log-words.ts';
import { answerIn, answersOf } from '../testing/open-app.ts';
import { buildServer, offing, startServing } from '../testing/process.ts';
import type { Running } from '../testing/process.ts';

beforeAll(buildServer, 120_000);

let data: string;
let token: string;
let server: Running | null;
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'offing-serve-'));
  const made = offing(['token', 'create', '--user', 'ann', '--data', data]);
  expect(made).toMatchObject({ code: 0, err: '', out: expect.stringMatching(/^off_\S+\n$/) });
  token = made.out.trim();
  server = null;
});
afterEach(async () => {
  server?.kill('SIGKILL');
  await server?.ended;
  rmSync(data, { recursive: true });
});

const start = async (...args: string[]) => (server = await startServing(data, ...args));
const authorized = () => ({ Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' });

const [S, A] = [spaceId(1), actorId(1)];
const pushOf = (ops: unknown[], since = 0) =>
  JSON.stringify({ spaces: { [S]: { actor: A, since, create: true, ops } } });

async function push(url: string, ops: unknown[], since?: number) {
  const init = { method: 'POST', headers: authorized(), body: pushOf(ops, since) };
  const response = await fetch(`${url}/sync/push`, init);
  return answerIn(answersOf(await response.json()), S);
}

/** A push whose body has begun to arrive, and goes on when the test says so. */
async function beginPush(url: string): Promise<{ req: ClientRequest; rest: string }> {
  const body = pushOf([op(1)]);
  const headers = { ...authorized(), 'Content-Length': String(body.length) };
  const req = request(`${url}/sync/push`, { method: 'POST', headers });
  req.write(body.slice(0, 20));
  await once(req, 'socket');
  // Its head and first bytes are with the server when a later request has been answered.
  await fetch(`${url}/healthz`);
  return { req, rest: body.slice(20) };
}

async function finish({ req, rest }: Awaited<ReturnType<typeof beginPush>>) {
  req.end(rest);
  const [response] = (await once(req, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return {
    status: response.statusCode,
    body: JSON.parse(Buffer.concat(chunks).toString()) as never,
  };
}

describe('offing serve', () => {
  it('[OPS2] answers what is in flight, ends its streams, and exits with 0', async () => {
    const { url, kill, ended } = await start();
    const stream = await fetch(`${url}/sync/events`, { headers: authorized() });
    // As a browser does: a connection opened in advance, that never asked for anything.
    const silent = connect(Number(new URL(url).port), '127.0.0.1');
    await once(silent, 'connect');
    const pushing = await beginPush(url);
    kill('SIGTERM');
    await stream.text();
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
    const { status, body } = await finish(pushing);
    expect(status).toBe(200);
    expect(answerIn(answersOf(body), S)).toMatchObject({ head: 1, acked: 1 });
    expect(await ended).toMatchObject({ code: 0, err: '' });
    const again = await start();
    expect(await push(again.url, [op(1)])).toMatchObject({ head: 1, acked: 1 });
  });

  it('[OPS3] exits at once at the second signal', async () => {
    const { url, kill, ended } = await start();
    const { req } = await beginPush(url);
    const cut = once(req, 'error');
    kill('SIGINT');
    await new Promise((resolve) => setTimeout(resolve, 200));
    kill('SIGINT');
    expect(await ended).toMatchObject({ code: 130 });
    await cut;
  });

  it('[LG21] has every acknowledged op after it was killed', async () => {
    let clock = 0;
    for (const round of [1, 2, 3]) {
      const { url, kill, ended } = await start();
      const dies = new Promise((resolve) => setTimeout(resolve, 150 * round)).then(() =>
        kill('SIGKILL'),
      );
      // As fast as it answers, until it is gone; what was answered is counted.
      for (;;) {
        const answer = await push(url, [op(clock + 1)], clock).catch(() => null);
        if (!answer) break;
        expect(answer.acked).toBe(clock + 1);
        clock += 1;
      }
      await dies;
      await ended;
      const restarted = await start();
      const { head } = await push(restarted.url, [], clock);
      // One more may have been committed whose answer was cut off. It is settled by its repetition.
      expect(head - clock).toBeLessThanOrEqual(1);
      if (head > clock)
        expect(await push(restarted.url, [op(clock + 1)], clock)).toMatchObject({ head });
      clock = head;
      restarted.kill('SIGKILL');
      await restarted.ended;
    }
    expect(clock).toBeGreaterThan(3);
  });

  it('[OPS4] is alone on its data, and the token commands work beside it', async () => {
    const { url } = await start();
    const second = offing(['serve', '--data', data, '--port', '0']);
    expect(second).toMatchObject({ code: 1, out: '' });
    expect(second.err).toContain('Another Offing is serving');
    const made = offing(['token', 'create', '--user', 'bob', '--data', data]).out.trim();
    const ask = () =>
      fetch(`${url}/sync/account`, { headers: { Authorization: `Bearer ${made}` } });
    expect((await ask()).status).toBe(200);
    const line = offing(['token', 'list', '--data', data]).out.split('\n')[1] ?? '';
    offing(['token', 'revoke', line.slice(0, 12), '--data', data]);
    const response = await ask();
    expect([response.status, await response.json()]).toMatchObject([
      401,
      { code: 'token_revoked' },
    ]);
  });

  it('[EV3] ends the stream of a token that another process revoked', async () => {
    const { url } = await start();
    const stream = await fetch(`${url}/sync/events`, { headers: authorized() });
    const line = offing(['token', 'list', '--data', data]).out;
    offing(['token', 'revoke', line.slice(0, 12), '--data', data]);
    // Before the first ping after the one at once.
    expect(await stream.text()).toMatch(/^event: ping\ndata: {}\n\nevent: revoked\n/);
  });

  it('[OPS4] says which port is taken', async () => {
    const { url } = await start();
    const other = mkdtempSync(join(tmpdir(), 'offing-serve-'));
    const { code, err } = offing(['serve', '--data', other, '--port', new URL(url).port]);
    expect([code, err]).toEqual([
      2,
      expect.stringContaining(`port ${new URL(url).port} is in use`),
    ]);
    rmSync(other, { recursive: true });
  });

  it('[OPS69] says that it is the port of the metrics, or what it is of the directory', async () => {
    const { url } = await start();
    const { port } = new URL(url);
    const other = mkdtempSync(join(tmpdir(), 'offing-serve-'));
    const serve = (...args: string[]) => offing(['serve', '--data', other, ...args]);
    const { code, err } = serve('--port', '0', '--metrics', port);
    expect([code, err]).toEqual([2, expect.stringContaining(`--metrics: port ${port} is in use`)]);
    expect(serve('--port', port, '--metrics', port).err).toContain('--metrics names the same one');
    writeFileSync(join(other, 'file'), '');
    const within = offing(['serve', '--data', join(other, 'file', 'data'), '--port', '0']);
    expect([within.code, within.err]).toEqual([
      1,
      expect.stringMatching(/^offing: ENOTDIR.*file.*\n$/),
    ]);
    rmSync(other, { recursive: true });
  });

  it('[OPS6] says which address is none of this machine', () => {
    const { code, err } = offing(['serve', '--data', data, '--port', '0', '--host', '203.0.113.9']);
    expect([code, err]).toEqual([2, expect.stringContaining('--host: 203.0.113.9 is no address')]);
  });

  it('[OPS9] prints a link that connects, and ends the one that nobody used', async () => {
    const linkOf = async (running: Running) => {
      for (let i = 0; i < 100 && !running.out().includes('#connect='); i++) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      return /(http:\S+)\/#connect=(off_\S+)/.exec(running.out()) ?? [];
    };
    const first = await start('--link', '--qr');
    const [, origin, unused = ''] = await linkOf(first);
    expect(origin).toBe(first.url);
    first.kill('SIGTERM');
    expect((await first.ended).out).toContain('█');
    const second = await start('--link');
    const [, , used = ''] = await linkOf(second);
    const ask = async (each: string) =>
      (
        await fetch(`${second.url}/sync/account`, { headers: { Authorization: `Bearer ${each}` } })
      ).json();
    expect(await ask(unused)).toMatchObject({ code: 'token_invalid' });
    expect(await ask(used)).toMatchObject({ name: 'ann' });
    expect(second.out()).not.toContain('█');
  });

  it('[WI3] a body that is too large is answered, whether it admits it or not', async () => {
    const { url } = await start();
    const chunk = new Uint8Array(64 * 1024);
    let sent = 0;
    const body = new ReadableStream({
      pull(controller) {
        if ((sent += chunk.length) > 8e6) controller.close();
        else controller.enqueue(chunk);
      },
    });
    const init = { method: 'POST', headers: authorized(), duplex: 'half' } as const;
    const streamed = await fetch(`${url}/sync/push`, { ...init, body });
    expect([streamed.status, await streamed.json()]).toMatchObject([413, { code: 'too_large' }]);
    const whole = await fetch(`${url}/sync/push`, { ...init, body: new Uint8Array(4e6) });
    expect([whole.status, await whole.json()]).toMatchObject([413, { code: 'too_large' }]);
  });

  it('[SN2] [SN10] builds snapshots in its thread, and keeps its log whole when it is killed then', async () => {
    const { url, kill, ended } = await start('--snapshot-every', '100');
    const ops = (from: number) => Array.from({ length: 100 }, (_, i) => op(from + i));
    const bootstrap = async (at: string) => {
      const response = await fetch(`${at}/sync/bootstrap/${S}`, { headers: authorized() });
      return JSON.parse((await response.text()).split('\n')[0] ?? '') as { seq: number };
    };
    await push(url, ops(1));
    await expect.poll(async () => (await bootstrap(url)).seq, { timeout: 10_000 }).toBe(100);
    await push(url, ops(101), 100);
    kill('SIGKILL');
    await ended;
    const again = await start('--snapshot-every', '100');
    expect([100, 200]).toContain((await bootstrap(again.url)).seq);
    expect(await push(again.url, [op(201)], 100)).toMatchObject({ head: 201, acked: 201 });
    await expect
      .poll(async () => (await bootstrap(again.url)).seq, { timeout: 10_000 })
      .toBeGreaterThanOrEqual(200);
    again.kill('SIGTERM');
    expect((await again.ended).code).toBe(0);
  });
});
