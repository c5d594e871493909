/** The server's figures: pushes, batches, idle polls, memory and disk, beside the limits of the same run. */
import { startVariant } from './start-variant.mjs';
import { bareOpLog, batches, idlePolls, singleOps } from './workloads.mjs';

/** @typedef {import('./start-variant.mjs').Kind} Kind */

const CLIENTS = [1, 64, 256];
const KINDS = /** @type {const} */ (['offing', 'one-by-one', 'bare']);

/** One run. @param {{ pushes: number, batches: number, pollers: number }} sizes @returns {Promise<Record<string, number>>} */
export async function measureServer(sizes) {
  /** @type {Record<string, number>} */
  const figures = {};
  /** @param {string} name @param {Record<string, number>} found */
  const note = (name, found) => {
    for (const [what, value] of Object.entries(found)) figures[`${name}, ${what}`] = value;
  };
  note('bare op log in SQLite', await bareOpLog());
  for (const kind of KINDS) {
    for (const count of CLIENTS) {
      note(
        `${kind}, ${count} clients`,
        await on(kind, (server) => singleOps(server, count, Math.ceil(sizes.pushes / count))),
      );
    }
  }
  for (const kind of /** @type {const} */ (['offing', 'bare'])) {
    note(`${kind}, batches of 500`, await on(kind, (server) => batches(server, sizes.batches)));
  }
  note(
    `offing, ${sizes.pollers} idle pollers`,
    await on('offing', (server) => idlePolls(server, sizes.pollers, 2)),
  );
  note('offing', await on('offing', (server) => growth(server, sizes.batches)));
  return figures;
}

/** @template T @param {Kind} kind @param {(server: import('./start-variant.mjs').Variant) => Promise<T>} work */
async function on(kind, work) {
  const server = await startVariant(kind);
  try {
    return await work(server);
  } finally {
    await server.stop();
  }
}

/** What a log costs in memory and on disk. @param {import('./start-variant.mjs').Variant} server @param {number} count */
async function growth(server, count) {
  await batches(server, 4);
  const before = { memory: await server.memory(), disk: await server.diskBytes() };
  await batches(server, count);
  const ops = (count + 1) * 500;
  return {
    'memory with 2,500 ops, MB': before.memory / 1e6,
    [`memory with ${ops.toLocaleString('en')} more, MB`]: (await server.memory()) / 1e6,
    'disk bytes for each op': ((await server.diskBytes()) - before.disk) / ops,
  };
}
