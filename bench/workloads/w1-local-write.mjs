/** W1: one local write, awaited, at several depths of the outbox. */
import { timesOf } from '../statistics.mjs';
import { inWorld } from '../world.mjs';

const WARM_UP = 10;

/** @type {import('./workload.mjs').Workload} */
export const workload = {
  id: 'W1',
  title: 'One local write',
  about:
    'A record is written and awaited, one after the other, with nobody to send it to and so many writes waiting already. “Durable” is until it is in IndexedDB; who says “written” earlier has that beside it.',
  plot: { figures: (name) => name.endsWith('p50, ms') && !name.includes('said'), better: 'less' },
  entrants: (contestants) => contestants.filter(({ workloads }) => workloads.includes('W1')),
  async run({ entrant, site, scale }) {
    /** @type {Record<string, number>} */
    const figures = {};
    return inWorld(entrant.id, await site.pagesOf(entrant.id), async (world) => {
      const device = await world.device();
      await device.ask('writes', WARM_UP);
      let written = WARM_UP;
      for (const depth of scale.depths) {
        if (depth > written) {
          await device.ask('addEach', depth - written);
          written = depth;
        }
        const { said, kept } = await device.ask('writes', scale.writes);
        written += scale.writes;
        const name = depth === 0 ? 'outbox empty' : `${depth.toLocaleString('en')} waiting`;
        for (const [percent, ms] of timesOf(kept, [50, 95, 99])) {
          figures[`${name}: durable p${percent}, ms`] = ms;
        }
        if (entrant.fromMemory) figures[`${name}: said p50, ms`] = timesOf(said, [50])[0]?.[1] ?? 0;
      }
      const found = (await device.ask('digest')).split(' ')[0];
      if (Number(found) !== written) throw new Error(`${written} written, ${found} there`);
      return figures;
    });
  },
};
