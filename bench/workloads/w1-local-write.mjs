/** W1: one local write, awaited, at several depths of the outbox. */
import { median, timesOf } from '../statistics.mjs';
import { expectCount, inWorld } from '../world.mjs';

const WARM_UP = 10;

/** @type {import('./workload.mjs').Workload} */
export const workload = {
  id: 'W1',
  title: 'One local write',
  about:
    'A record is written and awaited, one after the other, with nobody to send it to and so many writes waiting already. “Durable” is until it is in IndexedDB; who says “written” earlier has that beside it.',
  plot: { figures: (name) => /(?:empty|waiting): durable p50/.test(name), better: 'less' },
  entrants: (contestants) => contestants.filter(({ workloads }) => workloads.includes('W1')),
  async run(setting) {
    const figures = await atDepths(setting);
    return STOCKED.includes(setting.entrant.id)
      ? { ...figures, ...(await withStock(setting)) }
      : figures;
  },
};

/** Those of which it is of interest whether a write costs more where there is more. */
const STOCKED = ['offing', 'limit', 'dexie'];

/** @param {import('./workload.mjs').Setting} setting @returns {Promise<Record<string, number>>} */
async function atDepths({ entrant, site, scale }) {
  return inWorld(entrant.id, await site.pagesOf(entrant.id), async (world) => {
    const device = await world.device();
    /** @type {Record<string, number>} */
    const figures = {};
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
      if (entrant.fromMemory) figures[`${name}: said p50, ms`] = median(said);
    }
    await expectCount(device, written);
    return figures;
  });
}

/** The same where so many records came in as batches before. @param {import('./workload.mjs').Setting} setting */
async function withStock({ entrant, site, scale }) {
  return inWorld(entrant.id, await site.pagesOf(entrant.id), async (world) => {
    const device = await world.device();
    /** @type {Record<string, number>} */
    const figures = {};
    let there = 0;
    for (const stock of scale.stock) {
      await device.ask('addBatch', stock - there);
      const { kept } = await device.ask('writes', scale.writes);
      there = stock + scale.writes;
      figures[`${stock.toLocaleString('en')} records there: durable p50, ms`] = median(kept);
    }
    await expectCount(device, there);
    return figures;
  });
}
