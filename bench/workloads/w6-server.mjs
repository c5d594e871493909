/** W6: the server alone, asked by a client that does as little as can be. */
import { startVariant } from '../server/start-variant.mjs';
import { batches, growth, idlePolls, listeners, singleOps } from '../server/workloads.mjs';
import { bareOpLog } from '../server/bare-op-log.mjs';
import { peerBatches } from '../server/peer-batches.mjs';
import { inWorld, whileOpen } from '../world.mjs';
import { variant } from './workload.mjs';

const CLIENTS = [1, 64, 256];
const VARIANTS = [
  variant('offing', 'Offing'),
  variant('one-by-one', 'Offing, a commit a request'),
  variant('bare', 'bare Hono, keeps nothing'),
  variant('sqlite', 'better-sqlite3, no server'),
];
/** Those whose server takes a plain request with many records. */
const PEERS = ['limit', 'rxdb', 'pouchdb', 'replicache'];

/** @type {import('./workload.mjs').Workload} */
export const workload = {
  id: 'W6',
  title: 'The server',
  about:
    'Clients that push one op each, wait for the answer and go on; one client that pushes batches of 500; devices that poll and have nothing new; listeners of one space that are all told of one op; and a log that grows. Bare Hono parses and validates the same body. Client and server share the machine.',
  plot: { figures: (name) => name.includes('ops/s') || name.includes('pushes/s'), better: 'more' },
  entrants: (contestants) => [...VARIANTS, ...contestants.filter(({ id }) => PEERS.includes(id))],
  async run({ entrant: { id }, site, scale }) {
    switch (id) {
      case 'sqlite':
        return bareOpLog();
      case 'offing':
        return { ...(await pushes(id, scale)), ...(await crowds(scale)) };
      case 'one-by-one':
        return pushes(id, scale);
      case 'bare':
        return pushes(id, scale);
      default: {
        return inWorld(id, await site.pagesOf(id), ({ server }) =>
          peerBatches(server, id, scale.server.batches),
        );
      }
    }
  },
};

/**
 * @param {import('../server/start-variant.mjs').Kind} kind
 * @param {import('../scale.mjs').Scale} scale
 */
async function pushes(kind, { server: { pushes, batches: count } }) {
  /** @type {Record<string, number>} */
  const figures = {};
  for (const clients of CLIENTS) {
    const found = await on(kind, (server) =>
      singleOps(server, clients, Math.ceil(pushes / clients)),
    );
    note(figures, `${clients} ${clients === 1 ? 'client' : 'clients'} of one op each`, found);
  }
  note(figures, 'batches of 500', await on(kind, (server) => batches(server, count)));
  return figures;
}

/** @param {import('../scale.mjs').Scale} scale */
async function crowds({ server: { pollers, listeners: count, log } }) {
  /** @type {Record<string, number>} */
  const figures = {};
  const many = (/** @type {number} */ n) => n.toLocaleString('en');
  note(
    figures,
    `${many(pollers)} idle devices`,
    await on('offing', (s) => idlePolls(s, pollers, 2)),
  );
  note(figures, `${many(count)} listeners`, await on('offing', (s) => listeners(s, count)));
  Object.assign(figures, await on('offing', (s) => growth(s, log)));
  return figures;
}

/** @param {Record<string, number>} figures @param {string} block @param {Record<string, number>} found */
function note(figures, block, found) {
  for (const [what, value] of Object.entries(found)) figures[`${block}: ${what}`] = value;
}

/** @template T @param {import('../server/start-variant.mjs').Kind} kind @param {(server: import('../server/start-variant.mjs').Variant) => Promise<T>} work */
async function on(kind, work) {
  const server = await startVariant(kind);
  return whileOpen(server.stop, () => work(server));
}
