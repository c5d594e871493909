/**
 * One server to measure, in a process of its own: `node variant.mjs KIND DATA`. Prints a line of JSON
 * with its port and token, and its memory for each line that it reads.
 *
 *   offing       as it is
 *   one-by-one   the same, but each request commits by itself
 *   bare         Hono parses and validates the same body and answers; nothing is kept
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { DEFAULT_LIMITS, PushRequestSchema } from '../../dist/core/index.js';
import { checked } from '../../dist/server/http/door.js';
import { readJson } from '../../dist/server/http/read-body.js';
import { replyJson } from '../../dist/server/http/reply.js';
import { openServer } from '../../dist/server/index.js';

const [kind = '', data = ''] = process.argv.slice(2);
const ready = kind === 'bare' ? await bare() : await offing();
console.log(JSON.stringify(ready));
for await (const _ of createInterface({ input: process.stdin })) {
  globalThis.gc?.();
  console.log(JSON.stringify(process.memoryUsage()));
}
process.exit(0);

async function offing() {
  const together = kind === 'one-by-one' ? { together: 1 } : {};
  const server = await openServer({ data, port: 0, streamsPerAccount: 10_000, ...together });
  const account = await server.accounts.named('bench');
  const token = await server.tokens.mint({ account: account.id, label: 'bench' });
  return { port: server.port, token };
}

async function bare() {
  const app = new Hono().post('/sync/push', async (c) => {
    const push = checked(PushRequestSchema, await readJson(c.req.raw, DEFAULT_LIMITS));
    const answers = Object.entries(push.spaces).map(([space, asked]) => {
      const ops = asked?.ops ?? [];
      return [space, { head: ops.length, acked: ops.at(-1)?.clock ?? 0, ops: [], digest: '' }];
    });
    return replyJson(c.req.raw, { now: Date.now(), spaces: Object.fromEntries(answers) });
  });
  const answer = getRequestListener(app.fetch);
  const server = createServer((incoming, outgoing) => void answer(incoming, outgoing));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: /** @type {import('node:net').AddressInfo} */ (server.address()).port, token: '' };
}
