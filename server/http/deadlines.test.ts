import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { actorId, op, spaceId } from '../testing/log-words.ts';
import { answerIn, openApp } from '../testing/open-app.ts';
import type { TestApp } from '../testing/open-app.ts';

let app: TestApp;
afterEach(() => app.stop());

const heardBy = (text: string): Promise<string> => heardOn(connect(app.port, '127.0.0.1'), text);

/** Sends these bytes and no more, and gives what comes back until the server hangs up. */
async function heardOn(socket: Socket, text: string): Promise<string> {
  socket.write(text);
  let heard = '';
  for await (const chunk of socket) heard += String(chunk);
  return heard;
}

const [S, A] = [spaceId(1), actorId(1)];

describe('a request that does not arrive', () => {
  it('[WI24] is answered when its body stalls, and nothing of it is taken', async () => {
    app = await openApp({ deadlines: { stallMs: 50 } });
    const token = await app.tokenFor('ann');
    const ask = { actor: A, since: 0, create: true };
    const body = JSON.stringify({ spaces: { [S]: { ...ask, ops: [op(1)] } } });
    const head = [
      'POST /sync/push HTTP/1.1',
      'Host: x',
      `Authorization: Bearer ${token}`,
      'Content-Type: application/json',
      `Content-Length: ${body.length}`,
    ];
    const heard = await heardBy(`${head.join('\r\n')}\r\n\r\n${body.slice(0, -1)}`);
    expect(heard).toMatch(/^HTTP\/1\.1 503 /);
    expect(heard).toContain('"code":"overloaded"');
    expect(answerIn(await app.push(token, { [S]: ask }), S)).toMatchObject({ head: 0, acked: 0 });
  });

  it('[WI25] is refused for its size at once, and the connection that still carries it is closed soon after', async () => {
    app = await openApp({ limits: { bodyBytes: 1000 } });
    const head = [
      'POST /sync/push HTTP/1.1',
      'Host: x',
      `Authorization: Bearer ${await app.tokenFor('ann')}`,
      'Content-Type: application/json',
      'Content-Length: 5000',
    ];
    const heard = await heardBy(`${head.join('\r\n')}\r\n\r\n{`);
    expect(heard).toMatch(/^HTTP\/1\.1 413 /);
    expect(heard).toContain('"code":"too_large"');
  });

  it('[WI24] is cut off when its head does not end', async () => {
    app = await openApp({ deadlines: { headersMs: 50 } });
    expect(await heardBy('GET /healthz HTTP/1.1\r\nHost: x\r\n')).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('[OPS2] does not keep the server from stopping', async () => {
    app = await openApp({ deadlines: { headersMs: 100 } });
    const socket = connect(app.port, '127.0.0.1');
    await once(socket, 'connect');
    // The server may break it off.
    const heard = heardOn(socket, 'GET /healthz HTTP/1.1\r\nHost: x\r\n').catch(() => '');
    await app.close();
    expect(await heard).not.toContain('200');
  });
});
