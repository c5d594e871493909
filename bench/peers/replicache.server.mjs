/** Replicache's push and pull with a global version, as its documentation shows them, over SQLite. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { listen } from './listen.mjs';

/** @typedef {{ id: string, title: string }} Item */
/** @typedef {{ clientID: string, id: number, name: 'add' | 'addMany' | 'edit', args: Item | readonly Item[] }} Mutation */

/** @type {import('./listen.mjs').StartServer} */
export async function start({ data, pageDir }) {
  const db = new Database(join(data, 'entries.db'));
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec(`
    CREATE TABLE entry (id TEXT PRIMARY KEY, version INTEGER NOT NULL, text TEXT NOT NULL);
    CREATE INDEX entry_by_version ON entry (version);
    CREATE TABLE client (id TEXT PRIMARY KEY, grp TEXT NOT NULL, last INTEGER NOT NULL, version INTEGER NOT NULL);
  `);
  const put = db.prepare('INSERT OR REPLACE INTO entry (id, version, text) VALUES (?, ?, ?)');
  const get = db.prepare('SELECT text FROM entry WHERE id = ?').pluck();
  const since = db.prepare('SELECT id, text FROM entry WHERE version > ?');
  const rows = db.prepare('SELECT count(*) FROM entry').pluck();
  const lastOf = db.prepare('SELECT last FROM client WHERE id = ?').pluck();
  const keep = db.prepare(
    'INSERT OR REPLACE INTO client (id, grp, last, version) VALUES (?, ?, ?, ?)',
  );
  const clients = db.prepare('SELECT id, last FROM client WHERE grp = ? AND version > ?');
  let version = 0;
  let count = 0;
  /** @type {Set<() => void>} */
  const listeners = new Set();

  const push = db.transaction(
    (/** @type {{ clientGroupID: string, mutations: readonly Mutation[] }} */ asked) => {
      version += 1;
      for (const { clientID, id, name, args } of asked.mutations) {
        const last = /** @type {number | undefined} */ (lastOf.get(clientID)) ?? 0;
        if (id <= last) continue;
        const items = Array.isArray(args) ? args : [args];
        for (const item of items) {
          const before = name === 'edit' ? itemOf(get.get(item.id)) : {};
          put.run(item.id, version, JSON.stringify({ ...before, ...item }));
        }
        keep.run(clientID, asked.clientGroupID, id, version);
      }
    },
  );

  const app = new Hono()
    .post('/push', async (c) => {
      push(await c.req.json());
      count = /** @type {number} */ (rows.get());
      for (const tell of listeners) tell();
      return c.json({});
    })
    .post('/pull', async (c) => {
      const { cookie, clientGroupID } = await c.req.json();
      const from = cookie ?? 0;
      const found = /** @type {{ id: string, text: string }[]} */ (since.all(from));
      const known = /** @type {{ id: string, last: number }[]} */ (
        clients.all(clientGroupID, from)
      );
      const last = JSON.stringify(Object.fromEntries(known.map(({ id, last }) => [id, last])));
      const patch = found.map(({ id, text }) => `{"op":"put","key":"${id}","value":${text}}`);
      return c.body(
        `{"cookie":${version},"lastMutationIDChanges":${last},"patch":[${patch.join()}]}`,
      );
    })
    .get('/events', (c) =>
      streamSSE(c, async (stream) => {
        const tell = () => void stream.writeSSE({ data: 'poke' });
        listeners.add(tell);
        await new Promise((done) => stream.onAbort(() => done(undefined)));
        listeners.delete(tell);
      }),
    );
  const { port } = await listen({ pageDir, fetch: app.fetch });
  return { port, count: () => count };
}

/** @param {unknown} text of a row, or nothing @returns {object} */
const itemOf = (text) => (typeof text === 'string' ? JSON.parse(text) : {});
