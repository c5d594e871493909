/** What the server is asked to do, and what came of it. Each returns figures of one run. */
import { once } from 'node:events';
import { connect } from 'node:net';
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
    'p50, ms': percentile(times, 0.5),
    'p99, ms': percentile(times, 0.99),
  };
}

/** One client sends batches of 500, one after the other. @param {Variant} server @param {number} count */
export async function batches(server, count) {
  const [client] = await clientsOf(server, 1);
  if (!client) throw new Error('no client');
  await pushBatches(server, client, 1);
  const rates = await pushBatches(server, client, count);
  client.connection.close();
  // Of the time in all: the mean of the rates would forget the slow ones.
  return { 'ops/s': rates.length / rates.reduce((seconds, rate) => seconds + 1 / rate, 0) };
}

/** The rate of each, in ops a second. @param {Variant} server @param {Client} client @param {number} count */
async function pushBatches(server, { connection, author }, count) {
  const texts = Array.from({ length: 500 }, (_, i) => payload(i));
  /** @type {number[]} */
  const rates = [];
  for (let i = 0; i < count; i++) {
    const request = author.push(server.token, texts);
    const start = performance.now();
    const answer = await connection.ask(request);
    rates.push(500 / ((performance.now() - start) / 1000));
    author.hear(answer);
  }
  return rates;
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

/** Listeners of one space, all told of one op: how long until the last has heard. @param {Variant} server @param {number} count */
export async function listeners(server, count) {
  const [client] = await clientsOf(server, 1);
  if (!client) throw new Error('no client');
  const { connection, author } = client;
  const push = async () =>
    author.hear(await connection.ask(author.push(server.token, [payload(0)])));
  await push();
  const before = await server.memory();
  const streams = await Promise.all(
    Array.from({ length: count }, () => openStream(server, author.space)),
  );
  const each = ((await server.memory()) - before) / count;
  /** @type {number[]} */
  const times = [];
  for (let i = 0; i < POKES; i++) {
    const heard = streams.map((stream) => stream.next());
    const start = performance.now();
    await push();
    await Promise.all(heard);
    times.push(performance.now() - start);
  }
  for (const stream of streams) stream.close();
  connection.close();
  return { 'all told, ms': percentile(times, 0.5), 'memory each, kB': each / 1000 };
}

const POKES = 10;

/** @param {Variant} server @param {string} space */
async function openStream(server, space) {
  const socket = connect({ port: server.port, host: '127.0.0.1' });
  await once(socket, 'connect');
  socket.write(
    `GET /sync/events?spaces=${space} HTTP/1.1\r\nHost: bench\r\n` +
      `Authorization: Bearer ${server.token}\r\n\r\n`,
  );
  const [head] = await once(socket, 'data');
  if (!String(head).startsWith('HTTP/1.1 200')) throw new Error(String(head));
  /** @type {() => void} */
  let tell = () => {};
  socket.on('data', (chunk) => {
    if (chunk.includes(POKE)) tell();
  });
  return {
    next: () => new Promise((done) => (tell = () => done(undefined))),
    close: () => socket.destroy(),
  };
}

/** Comments keep a stream open; only a poke has data. */
const POKE = Buffer.from('data:');

/** What a log costs as it grows: the rate of its last batches, memory, disk. @param {Variant} server @param {number} ops */
export async function growth(server, ops) {
  /** @type {Record<string, number>} */
  const figures = {};
  const [client] = await clientsOf(server, 1);
  if (!client) throw new Error('no client');
  let there = 0;
  for (const size of new Set([...SIZES.filter((size) => size < ops), ops])) {
    const count = Math.max(2, Math.round((size - there) / 500));
    const rates = await pushBatches(server, client, count);
    there += count * 500;
    const block = `a log of ${size.toLocaleString('en')} ops`;
    figures[`${block}: ops/s`] = percentile(rates.slice(-Math.max(2, LAST)), 0.5);
    figures[`${block}: memory, MB`] = (await server.memory()) / 1e6;
    figures[`${block}: disk for each op, bytes`] = (await server.diskBytes()) / there;
  }
  client.connection.close();
  return figures;
}

const SIZES = [1000, 10_000, 100_000];
/** Batches, of which the median counts: where the log has just that size. */
const LAST = 10;
