/** Jazz's sync server over a WebSocket, in memory: its SQLite storage is not on npm for this version. */
import { once } from 'node:events';
import { LocalNode } from 'cojson';
import { WasmCrypto } from 'cojson/crypto/WasmCrypto';
import { createWebSocketPeer } from 'cojson-transport-ws';
import { Hono } from 'hono';
import { WebSocketServer } from 'ws';
import { listen } from './listen.mjs';

const PING_EVERY_MS = 1500;

/** @type {import('./listen.mjs').StartServer} */
export async function start({ pageDir }) {
  const crypto = await WasmCrypto.create();
  const secret = crypto.newRandomAgentSecret();
  const session = crypto.newRandomSessionID(crypto.getAgentID(secret));
  const node = new LocalNode(secret, session, crypto);
  let root = '';
  const app = new Hono()
    .get('/root', (c) => c.text(root))
    .post('/root', async (c) => {
      root ||= await c.req.text();
      return c.text(root);
    });
  const { port, server } = await listen({ pageDir, fetch: app.fetch });
  let clients = 0;
  new WebSocketServer({ server }).on('connection', (websocket) => {
    const ping = () =>
      websocket.send(JSON.stringify({ type: 'ping', time: Date.now(), dc: 'unknown' }));
    const pinging = setInterval(ping, PING_EVERY_MS);
    void once(websocket, 'close').then(() => clearInterval(pinging));
    ping();
    const id = `client-${clients++}`;
    const peer = {
      id,
      role: 'client',
      websocket,
      expectPings: false,
      deletePeerStateOnClose: true,
    };
    node.syncManager.addPeer(createWebSocketPeer({ ...peer, batchingByDefault: false }));
  });
  return { port, count: () => itemsIn(node) };
}

/** What groups own: the items, and the few maps that every account has. @param {LocalNode} node */
function itemsIn(node) {
  let owned = 0;
  for (const { verified } of node.coValues.values()) {
    const { ruleset, type, meta } = verified?.header ?? {};
    if (ruleset?.type === 'ownedByGroup' && type === 'comap' && meta === null) owned += 1;
  }
  return owned;
}
