/** W5: a new device fetches what there is. */
import { expectSame, inWorld } from '../world.mjs';

const SCREENFUL = 50;

/** @type {import('./workload.mjs').Workload} */
export const workload = {
  id: 'W5',
  title: 'A new device',
  about:
    'The server has so many records. From the moment at which a new device connects until it can read fifty of them, all of them, and has all of them in IndexedDB; with the bytes that the server sent for it.',
  plot: { figures: (name) => name.includes('complete'), better: 'less' },
  entrants: (contestants) => contestants.filter(({ workloads }) => workloads.includes('W5')),
  async run({ entrant, site, scale }) {
    /** @type {Record<string, number>} */
    const figures = {};
    for (const count of scale.records) {
      if (count > (entrant.most ?? Infinity)) continue;
      await inWorld(entrant.id, await site.pagesOf(entrant.id), async (world) => {
        const a = await world.device();
        await a.ask('addBatch', count);
        const before = await world.server.count();
        await Promise.all([world.server.has(before + count), a.ask('connect')]);
        await a.ask('atRest');
        const last = await a.ask('lastId');
        const b = await world.device();
        const sent = await world.server.bytesSent();
        const [{ usable, complete, durable }, start] = await Promise.all([
          b.ask('arrived', SCREENFUL, count, last),
          b.ask('connect'),
        ]);
        const name = `${count.toLocaleString('en')}:`;
        figures[`${name} usable, ms`] = usable - start;
        figures[`${name} complete, ms`] = durable - start;
        if (entrant.fromMemory) figures[`${name} readable, ms`] = complete - start;
        figures[`${name} sent, kB`] = ((await world.server.bytesSent()) - sent) / 1e3;
        await expectSame([a, b]);
      });
    }
    return figures;
  },
};
