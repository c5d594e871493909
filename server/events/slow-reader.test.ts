import { once } from 'node:events';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { asSeq, EMPTY_DIGEST } from '../../core/index.ts';
import { ACTOR, ANN, EPOCH, op, SPACE } from '../testing/log-words.ts';
import { createHub } from './hub.ts';
import type { Hub } from './hub.ts';
import { eventStream } from './stream.ts';

const ASKER = { account: ANN, token: 't1', onlySpace: null, readOnly: false };
const POKES = 3000;
const OPS = [{ ...op(1, { payload: 'x'.repeat(16 * 1024) }), seq: asSeq(1), actor: ACTOR }];

let hub: Hub;
let server: Server;
beforeEach(async () => {
  hub = createHub();
  const options = { asker: ASKER, spaces: null, pingEveryMs: 25_000, isRevoked: async () => false };
  const app = new Hono().get('/', (c) => c.body(eventStream(hub, options)));
  server = createAdaptorServer({ fetch: app.fetch }) as Server;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => {
  server.close();
  server.closeAllConnections();
});

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Asks, hears the first ping, and then leaves the bytes where they are. */
async function listenerThatStops(): Promise<Socket> {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  let text = '';
  while (!text.includes('event: ping')) {
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    text += chunk.toString();
  }
  socket.pause();
  return socket;
}

describe('a listener on a real connection', () => {
  it('[EV4] that does not read is not written for, and then hears the newest', async () => {
    const socket = await listenerThatStops();
    for (let head = 1; head <= POKES; head++) {
      const poke = { space: SPACE, epoch: EPOCH, head: asSeq(head) };
      hub.poke({ ...poke, ops: OPS, before: EMPTY_DIGEST }, [ANN]);
      if (head % 10 === 0) await turn();
    }
    let received = 0;
    let end = '';
    for await (const chunk of socket) {
      received += (chunk as Buffer).length;
      end = (end + (chunk as Buffer).toString()).slice(-400);
      if (end.includes(`"head":${POKES}}`)) break;
    }
    // What the system's own buffers hold, and not what was told.
    expect(received).toBeLessThan((POKES * 16 * 1024) / 2);
  });
});
