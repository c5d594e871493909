/** W4: one edit, from the start of the write on one device until the page of another is told. */
import { setTimeout } from 'node:timers/promises';
import { timesOf } from '../statistics.mjs';
import { expectSame, inWorld } from '../world.mjs';

const SOME = 10;
const LONGEST_PAUSE_MS = 150;

/** @type {import('./workload.mjs').Workload} */
export const workload = {
  id: 'W4',
  title: 'From one device to the other',
  about:
    'Both devices are online and at rest. From the start of one edit on A until the page of B is told of it; a pause of chance between two edits.',
  plot: { figures: () => true, better: 'less' },
  entrants: (contestants) => contestants.filter(({ workloads }) => workloads.includes('W4')),
  async run({ entrant, site, scale }) {
    return inWorld(entrant.id, await site.pagesOf(entrant.id), async (world) => {
      const [a, b] = await Promise.all([world.device(), world.device()]);
      await Promise.all([a.ask('connect'), b.ask('connect')]);
      await a.ask('addEach', SOME);
      await b.ask('arrived', SOME, SOME, await a.ask('lastId'));
      const id = await a.ask('firstId');
      /** @type {number[]} */
      const times = [];
      for (let i = -3; i < scale.edits; i++) {
        const title = `Edit ${i}, thirty characters long`;
        // A call later the listener is in place.
        const editing = async () => {
          await b.ask('firstId');
          return a.ask('edit', id, title);
        };
        const [heard, start] = await Promise.all([b.ask('heard', title), editing()]);
        const ms = heard - start;
        if (i >= 0) times.push(ms);
        await setTimeout(Math.random() * LONGEST_PAUSE_MS);
      }
      await expectSame([a, b]);
      return Object.fromEntries(
        timesOf(times, [50, 95]).map(([percent, ms]) => [`p${percent}, ms`, ms]),
      );
    });
  },
};
