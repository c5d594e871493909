/** W2: many writes without a server, each its own without waiting for each, and as one batch. */
import { expectCount, inWorld } from '../world.mjs';

const WAYS = /** @type {const} */ (['addEach', 'addBatch']);

/** @type {import('./workload.mjs').Workload} */
export const workload = {
  id: 'W2',
  title: 'Many writes at once',
  about:
    'So many writes with nobody to send them to: each its own but without waiting for each, and all as one batch; until the last is durable. Who writes many down before their records has the rate at which these are all in their table beside that.',
  plot: { figures: (name) => name.includes('durable'), better: 'more' },
  entrants: (contestants) => contestants.filter(({ workloads }) => workloads.includes('W2')),
  async run({ entrant, site, scale }) {
    /** @type {Record<string, number>} */
    const figures = {};
    for (const count of scale.records) {
      if (count > (entrant.most ?? Infinity)) continue;
      for (const way of WAYS) {
        if (way === 'addEach' ? count > scale.most : entrant.batch === '') continue;
        await inWorld(entrant.id, await site.pagesOf(entrant.id), async (world) => {
          const device = await world.device();
          const { said, kept, inTables } = await device.ask(way, count);
          const name = `${count.toLocaleString('en')} ${way === 'addEach' ? 'one by one' : 'as a batch'}`;
          figures[`${name}: durable, records/s`] = count / (kept / 1000);
          if (entrant.goesAhead)
            figures[`${name}: in tables, records/s`] = count / (inTables / 1000);
          if (entrant.fromMemory) figures[`${name}: said, records/s`] = count / (said / 1000);
          await expectCount(device, count);
        });
      }
    }
    return figures;
  },
};
