/** The endpoints that RxDB's documentation asks for, over SQLite: one durable commit a request. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { listen } from './listen.mjs';

/** @typedef {{ id: string } & Record<string, unknown>} Doc */
/** @typedef {{ newDocumentState: Doc, assumedMasterState?: Doc }} PushRow */

/** @type {import('./listen.mjs').StartServer} */
export async function start({ data, pageDir }) {
  const db = new Database(join(data, 'docs.db'));
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec(
    'CREATE TABLE doc (id TEXT PRIMARY KEY, seq INTEGER NOT NULL UNIQUE, text TEXT NOT NULL)',
  );
  const put = db.prepare('INSERT OR REPLACE INTO doc (id, seq, text) VALUES (?, ?, ?)');
  const get = db.prepare('SELECT text FROM doc WHERE id = ?').pluck();
  const after = db.prepare('SELECT seq, text FROM doc WHERE seq > ? ORDER BY seq LIMIT ?');
  const rows = db.prepare('SELECT count(*) FROM doc').pluck();
  let seq = 0;
  let count = 0;
  /** @type {Set<(data: string) => void>} */
  const listeners = new Set();

  const push = db.transaction((/** @type {readonly PushRow[]} */ asked) => {
    /** @type {string[]} */
    const written = [];
    /** @type {Doc[]} */
    const conflicts = [];
    for (const { newDocumentState, assumedMasterState } of asked) {
      const text = /** @type {string | undefined} */ (get.get(newDocumentState.id));
      const master = text === undefined ? undefined : /** @type {Doc} */ (JSON.parse(text));
      if (master && master['title'] !== assumedMasterState?.['title']) conflicts.push(master);
      else {
        const next = JSON.stringify(newDocumentState);
        put.run(newDocumentState.id, ++seq, next);
        written.push(next);
      }
    }
    return { written, conflicts };
  });

  const app = new Hono()
    .post('/push', async (c) => {
      const { written, conflicts } = push(await c.req.json());
      count = /** @type {number} */ (rows.get());
      const pulled = `{"documents":[${written.join()}],"checkpoint":{"seq":${seq}}}`;
      if (written.length > 0) for (const tell of listeners) tell(pulled);
      return c.json(conflicts);
    })
    .post('/pull', async (c) => {
      const { since, size } = await c.req.json();
      const found = /** @type {{ seq: number, text: string }[]} */ (after.all(since, size));
      const checkpoint = { seq: found.at(-1)?.seq ?? since };
      const documents = found.map(({ text }) => text).join();
      return c.body(`{"documents":[${documents}],"checkpoint":${JSON.stringify(checkpoint)}}`);
    })
    .get('/events', (c) =>
      streamSSE(c, async (stream) => {
        const tell = (/** @type {string} */ data) => void stream.writeSSE({ data });
        listeners.add(tell);
        await new Promise((done) => stream.onAbort(() => done(undefined)));
        listeners.delete(tell);
      }),
    );
  const { port } = await listen({ pageDir, fetch: app.fetch });
  return { port, count: () => count };
}
