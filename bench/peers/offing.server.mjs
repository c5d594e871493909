/** Offing's server as it is, on a database on disk. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { openServer } from '../../dist/server/index.js';

/** @type {import('./listen.mjs').StartServer} */
export const start = (around) => startWith(around, {});

/**
 * @param {Parameters<import('./listen.mjs').StartServer>[0]} around
 * @param {Partial<import('../../dist/server/index.js').ServerOptions>} options
 */
export async function startWith({ data, pageDir }, options) {
  const server = await openServer({ data, appDir: pageDir, port: 0, ...options });
  const account = await server.accounts.named('bench');
  const token = await server.tokens.mint({ account: account.id, label: 'bench' });
  const log = new Database(join(data, 'offing.db'), { readonly: true });
  const heads = log.prepare('SELECT coalesce(sum(head), 0) AS count FROM space');
  const count = () => /** @type {{ count: number }} */ (heads.get()).count;
  // A space's log may begin with ops that the server or the device wrote to it: they are no items.
  return { port: server.port, token, count };
}
