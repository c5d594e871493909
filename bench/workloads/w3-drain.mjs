/** W3: what was written offline goes to the server, and on to a second device. */
import { expectSame, inWorld } from '../world.mjs';

/** @type {import('./workload.mjs').Workload} */
export const workload = {
  id: 'W3',
  title: 'Drain',
  about:
    'So many writes were made offline. From the moment at which device A may send until the server has them all, and until a second device that listens can read them all and has them in IndexedDB.',
  plot: { figures: (name) => name.includes('server'), better: 'more' },
  entrants: (contestants) => contestants.filter(({ workloads }) => workloads.includes('W3')),
  async run({ entrant, site, scale }) {
    /** @type {Record<string, number>} */
    const figures = {};
    for (const count of scale.records) {
      if (count > (entrant.most ?? Infinity)) continue;
      for (const way of scale.drains) {
        if (way === 'addEach' ? count > scale.most : entrant.batch === '') continue;
        const name = `${count.toLocaleString('en')} ${way === 'addEach' ? 'one by one' : 'as a batch'}`;
        for (const [what, value] of Object.entries(await drain(entrant, site, way, count))) {
          figures[`${name}: ${what}`] = value;
        }
      }
    }
    return figures;
  },
};

/**
 * @param {import('./workload.mjs').Entrant} entrant
 * @param {import('../site.mjs').Site} site
 * @param {'addEach' | 'addBatch'} way
 * @param {number} count
 */
async function drain(entrant, site, way, count) {
  return inWorld(entrant.id, await site.pagesOf(entrant.id), async (world) => {
    // Who can begin with nothing can receive.
    const listens = entrant.workloads.includes('W5');
    const a = await world.device();
    const b = listens ? await world.device() : undefined;
    await b?.ask('connect');
    await a.ask(way, count);
    const last = b ? await a.ask('lastId') : '';
    const before = await world.server.count();
    const [onServer, onB, start] = await Promise.all([
      world.server.has(before + count),
      b?.ask('arrived', 0, count, last),
      a.ask('connect'),
    ]);
    const rate = (/** @type {number} */ end) => count / ((end - start) / 1000);
    const figures = { 'on the server, records/s': rate(onServer) };
    if (!b || !onB) return figures;
    await expectSame([a, b]);
    return { ...figures, 'on device B, records/s': rate(onB.durable) };
  });
}
