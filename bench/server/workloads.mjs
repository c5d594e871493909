/** What the server is asked to do, and what came of it. Each returns figures of one run. */
import { rm, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { percentile } from '../statistics.mjs';
import { Author, payload } from './author.mjs';
import { openConnection } from './connection.mjs';

/** @typedef {import('./start-variant.mjs').Variant} Variant */
/** @typedef {{ connection: import('./connection.mjs').Connection, author: Author }} Client */

/** @param {Variant} server @param {number} count @returns {Promise<Client[]>} */
const clientsOf = (server, count) =>
  Promise.all(
    Array.from({ length: count }, async () => ({
      connection: await openConnection(server.port),
      author: new Author(),
    })),
  );

/** Each of `count` clients pushes one op, waits for the answer, and goes on. @param {Variant} server @param {number} count @param {number} each */
export async function singleOps(server, count, each) {
  const clients = await clientsOf(server, count);
  const texts = Array.from({ length: each }, (_, i) => payload(i));
  /** @type {number[]} */
  const times = [];
  /** @param {Client} client @param {string} text */
  const one = async ({ connection, author }, text) => {
    const request = author.push(server.token, [text]);
    const start = performance.now();
    const answer = await connection.ask(request);
    times.push(performance.now() - start);
    author.hear(answer);
  };
  for (const client of clients) await one(client, payload(0));
  times.length = 0;
  const start = performance.now();
  await Promise.all(
    clients.map(async (client) => {
      for (const text of texts) await one(client, text);
    }),
  );
  const seconds = (performance.now() - start) / 1000;
  for (const { connection } of clients) connection.close();
  return {
    'pushes/s': (count * each) / seconds,
    'p50 ms': percentile(times, 0.5),
    'p99 ms': percentile(times, 0.99),
  };
}

/** One client sends batches of 500, one after the other. @param {Variant} server @param {number} batches */
export async function batches(server, batches) {
  const [client] = await clientsOf(server, 1);
  if (!client) throw new Error('no client');
  const { connection, author } = client;
  const texts = Array.from({ length: 500 }, (_, i) => payload(i));
  author.hear(await connection.ask(author.push(server.token, texts)));
  let ms = 0;
  for (let i = 0; i < batches; i++) {
    const request = author.push(server.token, texts);
    const start = performance.now();
    const answer = await connection.ask(request);
    ms += performance.now() - start;
    author.hear(answer);
  }
  connection.close();
  return { 'ops/s': (batches * 500) / (ms / 1000) };
}

/** `count` devices, each with a space of its own and nothing new, poll over 64 connections. @param {Variant} server @param {number} count @param {number} rounds */
export async function idlePolls(server, count, rounds) {
  const clients = await clientsOf(server, 64);
  const authors = Array.from({ length: count }, () => new Author());
  /** @param {(connection: Client['connection'], author: Author) => Promise<void>} visit */
  const byAll = (visit) =>
    Promise.all(
      clients.map(async ({ connection }, i) => {
        for (let at = i; at < authors.length; at += clients.length) {
          const author = authors[at];
          if (author) await visit(connection, author);
        }
      }),
    );
  await byAll(async (connection, author) =>
    author.hear(await connection.ask(author.push(server.token, [payload(0)]))),
  );
  // The first poll says what was folded: that is written down.
  await byAll(async (connection, author) =>
    author.hear(await connection.ask(author.poll(server.token))),
  );
  const requests = new Map(authors.map((author) => [author, author.poll(server.token)]));
  const start = performance.now();
  for (let round = 0; round < rounds; round++) {
    await byAll(
      async (connection, author) => void (await connection.ask(requests.get(author) ?? '')),
    );
  }
  const seconds = (performance.now() - start) / 1000;
  for (const { connection } of clients) connection.close();
  return { 'polls/s': (count * rounds) / seconds };
}

/** The limit: the same rows by the same database, without a server. */
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
  return { 'batches of 500, ops/s': batched, 'one commit each, ops/s': single };
}
