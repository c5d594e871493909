/** Hocuspocus with the document as a blob in SQLite, two seconds after a change, as it does by default. */
import { join } from 'node:path';
import { Server } from '@hocuspocus/server';
import Database from 'better-sqlite3';
import { applyUpdate, encodeStateAsUpdate } from 'yjs';
import { pagesOf } from './listen.mjs';

/** @type {import('./listen.mjs').StartServer} */
export async function start({ data, pageDir }) {
  const db = new Database(join(data, 'docs.db'));
  db.exec('CREATE TABLE doc (name TEXT PRIMARY KEY, state BLOB NOT NULL)');
  const put = db.prepare('INSERT OR REPLACE INTO doc (name, state) VALUES (?, ?)');
  const get = db.prepare('SELECT state FROM doc WHERE name = ?').pluck();
  const pages = pagesOf(pageDir);
  const server = new Server({
    port: 0,
    address: '127.0.0.1',
    quiet: true,
    stopOnSignals: false,
    async onRequest({ request, response }) {
      if (!pages(request, response)) return;
      // oxlint-disable-next-line no-throw-literal, typescript/only-throw-error -- its way to say: answered
      throw undefined;
    },
    async onLoadDocument({ documentName, document }) {
      const state = get.get(documentName);
      if (state) applyUpdate(document, /** @type {Uint8Array} */ (state));
    },
    async onStoreDocument({ documentName, document }) {
      put.run(documentName, encodeStateAsUpdate(document));
    },
  });
  await server.listen();
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.httpServer.address());
  const document = () => server.hocuspocus.documents.get('bench');
  return { port, count: () => document()?.getMap('items').size ?? 0 };
}
