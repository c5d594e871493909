/** PouchDB's own server, on LevelDB. */
import { join, sep } from 'node:path';
import express from 'express';
import expressPouch from 'express-pouchdb';
import PouchDB from 'pouchdb';
import { listen } from './listen.mjs';

/** @type {import('./listen.mjs').StartServer} */
export async function start({ data, pageDir }) {
  const Stored = PouchDB.defaults({ prefix: data + sep });
  const app = express();
  app.use(
    '/db',
    expressPouch(Stored, {
      mode: 'minimumForPouchDB',
      inMemoryConfig: true,
      logPath: join(data, 'log.txt'),
    }),
  );
  const { port } = await listen({ pageDir, listener: app });
  const db = new Stored('bench');
  return { port, count: async () => (await db.info()).doc_count };
}
