/** What the servers of all contestants have in common: a port, and the page beside it. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';

/**
 * A server under way. `count` is of the items that it would have after it was killed, or of those that
 * it has where it keeps nothing; which, its entry among the contestants says.
 * @typedef {{ port: number, token?: string, count(): number | Promise<number> }} Started
 * @typedef {(place: { data: string, pageDir: string }) => Promise<Started>} StartServer
 */

const FILES = new Map([
  ['/', { name: 'index.html', type: 'text/html; charset=utf-8' }],
  ['/bench.js', { name: 'bench.js', type: 'text/javascript' }],
  ['/worker.js', { name: 'worker.js', type: 'text/javascript' }],
]);

/**
 * Answers for the page's own files, and says whether it did.
 * @param {string} pageDir
 * @returns {(incoming: import('node:http').IncomingMessage, outgoing: import('node:http').ServerResponse) => boolean}
 */
export const pagesOf = (pageDir) => (incoming, outgoing) => {
  const file = incoming.method === 'GET' ? FILES.get(incoming.url ?? '') : undefined;
  if (!file) return false;
  outgoing.writeHead(200, { 'content-type': file.type });
  outgoing.end(readFileSync(join(pageDir, file.name)));
  return true;
};

/**
 * @param {{
 *   pageDir: string,
 *   fetch?: (request: Request) => Response | Promise<Response>,
 *   listener?: import('node:http').RequestListener,
 * }} options what is not the page's goes to one of the two
 */
export async function listen({ pageDir, fetch, listener }) {
  const pages = pagesOf(pageDir);
  const otherwise = listener ?? (fetch && getRequestListener(fetch));
  const server = createServer((incoming, outgoing) => {
    if (pages(incoming, outgoing)) return undefined;
    if (otherwise) return otherwise(incoming, outgoing);
    outgoing.writeHead(404).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return { port, server };
}
