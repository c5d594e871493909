/** The limit of the server's figures: the same rows by the same database, and nobody who asks for them. */
import { rm, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { payload } from './author.mjs';

export async function bareOpLog() {
  const folder = await mkdtemp(join(tmpdir(), 'offing-bench-sqlite-'));
  const db = new Database(join(folder, 'ops.db'));
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec(
    'CREATE TABLE op (seq INTEGER PRIMARY KEY, actor TEXT, clock INTEGER, base INTEGER, at INTEGER, payload TEXT, UNIQUE (actor, clock))',
  );
  const insert = db.prepare(
    'INSERT INTO op (actor, clock, base, at, payload) VALUES (?, ?, ?, ?, ?)',
  );
  const texts = Array.from({ length: 500 }, (_, i) => payload(i));
  let clock = 0;
  /** @param {readonly string[]} some */
  const add = db.transaction((some) => {
    for (const text of some)
      insert.run('0199aaaa-0000-7000-8000-000000000001', ++clock, 0, 1, text);
  });
  add(texts);
  const batchStart = performance.now();
  for (let i = 0; i < 40; i++) add(texts);
  const batched = (40 * 500) / ((performance.now() - batchStart) / 1000);
  const singleStart = performance.now();
  for (let i = 0; i < 2000; i++) add([texts[i % 500] ?? '']);
  const single = 2000 / ((performance.now() - singleStart) / 1000);
  db.close();
  await rm(folder, { recursive: true });
  return { 'batches of 500: ops/s': batched, '1 client of one op each: pushes/s': single };
}
