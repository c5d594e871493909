/** The physical limit of a server: bare Hono over an op log in SQLite, one durable commit a request. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { listen } from './listen.mjs';

const OPS_IN_AN_ANSWER = 5000;

/** @typedef {(head: number, ops: string) => void} Listener */

/** @type {import('./listen.mjs').StartServer} */
export async function start({ data, pageDir }) {
  const db = new Database(join(data, 'log.db'));
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec('CREATE TABLE op (seq INTEGER PRIMARY KEY, op TEXT NOT NULL)');
  const insert = db.prepare('INSERT INTO op (op) VALUES (?)');
  const read = db.prepare('SELECT seq, op FROM op WHERE seq > ? ORDER BY seq LIMIT ?');
  /** @type {Set<Listener>} */
  const listeners = new Set();
  let head = 0;

  /** @param {readonly string[]} ops */
  const append = db.transaction((ops) => {
    for (const op of ops) insert.run(op);
  });

  const app = new Hono()
    .post('/push', async (c) => {
      const { from, items } = await c.req.json();
      const ops = items.map((/** @type {unknown} */ item) => JSON.stringify({ from, item }));
      append(ops);
      head += ops.length;
      for (const tell of listeners) tell(head, ops.join());
      return c.json({ head });
    })
    .get('/pull', (c) => {
      const since = Number(c.req.query('since'));
      const rows = /** @type {{ seq: number, op: string }[]} */ (read.all(since, OPS_IN_AN_ANSWER));
      return c.body(answer(rows.at(-1)?.seq ?? since, rows.map(({ op }) => op).join()));
    })
    .get('/events', (c) =>
      streamSSE(c, async (stream) => {
        /** @type {Listener} */
        const tell = (seq, ops) => void stream.writeSSE({ data: answer(seq, ops) });
        listeners.add(tell);
        await new Promise((done) => stream.onAbort(() => done(undefined)));
        listeners.delete(tell);
      }),
    );
  const { port } = await listen({ pageDir, fetch: app.fetch });
  return { port, count: () => head };
}

/** @param {number} head @param {string} ops texts of ops, with commas between */
const answer = (head, ops) => `{"head":${head},"ops":[${ops}]}`;
