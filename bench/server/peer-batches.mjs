/** Batches of 500 records for the servers of peers that take a plain request with many. */
import { randomUUID } from 'node:crypto';
import { openConnection, pushRequest } from './connection.mjs';

/** @typedef {{ id: string, title: string, note: string, done: boolean, order: string }} Item */

/** What each is sent. @type {Record<string, { path: string, body(items: readonly Item[], nth: number): unknown }>} */
const REQUESTS = {
  limit: { path: '/push', body: (items) => ({ from: 'bench', items }) },
  rxdb: {
    path: '/push',
    body: (items) => items.map((item) => ({ newDocumentState: { ...item, _deleted: false } })),
  },
  replicache: {
    path: '/push',
    body: (items, nth) => ({
      clientGroupID: 'bench',
      mutations: [{ clientID: 'bench', id: nth, name: 'addMany', args: items }],
    }),
  },
  pouchdb: {
    path: '/db/bench/_bulk_docs',
    body: (items) => ({ docs: items.map(({ id, ...fields }) => ({ _id: id, ...fields })) }),
  },
};

/**
 * @param {import('../start-server.mjs').RunningServer} server
 * @param {string} name
 * @param {number} batches
 */
export async function peerBatches(server, name, batches) {
  const asked = REQUESTS[name];
  if (!asked) throw new Error(`${name} takes no batches`);
  const connection = await openConnection(server.port);
  // Its database is there once it was asked for.
  await server.count();
  let ms = 0;
  for (let nth = 1; nth <= batches + 1; nth++) {
    const body = JSON.stringify(asked.body(fiveHundred(), nth));
    const request = pushRequest('', body, asked.path);
    const start = performance.now();
    await connection.ask(request);
    if (nth > 1) ms += performance.now() - start;
  }
  connection.close();
  const there = await server.count();
  if (there !== (batches + 1) * 500) throw new Error(`it has ${there} of ${(batches + 1) * 500}`);
  return { 'batches of 500: ops/s': (batches * 500) / (ms / 1000) };
}

/** @returns {Item[]} */
const fiveHundred = () =>
  Array.from({ length: 500 }, (_, i) => ({
    id: randomUUID(),
    title: `Item ${i}, thirty characters long`,
    note: 'A note of about sixty characters, as people write them.',
    done: false,
    order: `a${i}`,
  }));
