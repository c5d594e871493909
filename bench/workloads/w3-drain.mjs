/** W3: what was written offline goes to the server, and on to a second device. */
import { setTimeout } from 'node:timers/promises';
import { expectSame, inWorld } from '../world.mjs';

/** For what a contestant does when all is sent or taken in and nobody says when. */
const AT_REST_MS = 1_000;

/** @type {import('./workload.mjs').Workload} */
export const workload = {
  id: 'W3',
  title: 'Drain',
  about:
    'So many writes were made offline. From the moment at which device A may send until the server has them all, and until a second device that listens can read them all and has them in IndexedDB. And with that device closed meanwhile: the same of A, and afterwards of B from the moment at which its page is asked for again.',
  plot: { figures: (name) => name.endsWith('on the server, records/s'), better: 'more' },
  entrants: (contestants) => contestants.filter(({ workloads }) => workloads.includes('W3')),
  async run({ entrant, site, scale }) {
    /** @type {Record<string, number>} */
    const figures = {};
    for (const count of scale.records) {
      if (count > (entrant.most ?? Infinity)) continue;
      for (const way of scale.drains) {
        if (way === 'addEach' ? count > scale.most : entrant.batch === '') continue;
        const name = `${count.toLocaleString('en')} ${way === 'addEach' ? 'one by one' : 'as a batch'}`;
        const drained = await drain(entrant, site, way, count);
        if (canReceive(entrant)) {
          Object.assign(drained, await oneAfterTheOther(entrant, site, way, count));
        }
        for (const [what, value] of Object.entries(drained)) figures[`${name}: ${what}`] = value;
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
    const a = await world.device();
    const b = canReceive(entrant) ? await world.device() : undefined;
    await b?.ask('connect');
    await a.ask(way, count);
    const last = b ? await a.ask('lastId') : '';
    const before = await world.server.count();
    const [onServer, onB, start] = await Promise.all([
      world.server.has(before + count),
      b?.ask('arrived', 0, count, last),
      a.ask('connect'),
    ]);
    const figures = { 'on the server, records/s': rate(count, start, onServer) };
    if (!b || !onB) return figures;
    await expectSame([a, b]);
    return { ...figures, 'on device B, records/s': rate(count, start, onB.durable) };
  });
}

/**
 * The two halves apart: as where the other device is not on the same two cores, and is not there at all.
 * @param {import('./workload.mjs').Entrant} entrant
 * @param {import('../site.mjs').Site} site
 * @param {'addEach' | 'addBatch'} way
 * @param {number} count
 */
async function oneAfterTheOther(entrant, site, way, count) {
  return inWorld(entrant.id, await site.pagesOf(entrant.id), async (world) => {
    const a = await world.device();
    const b = await world.device();
    await b.ask('connect');
    await setTimeout(AT_REST_MS);
    await b.relaunch('about:blank');
    await a.ask(way, count);
    const last = await a.ask('lastId');
    const before = await world.server.count();
    const [onServer, start] = await Promise.all([
      world.server.has(before + count),
      a.ask('connect'),
    ]);
    await a.ask('atRest');
    await setTimeout(AT_REST_MS);

    const { server } = world;
    await b.page.goto(server.url);
    const back = await b.page.evaluate(() => performance.timeOrigin);
    await b.ask('open', server.token);
    await b.ask('connect');
    const { durable } = await b.ask('arrived', 0, count, last);
    await expectSame([a, b]);
    return {
      'on the server, B closed, records/s': rate(count, start, onServer),
      'on B when it is back, records/s': rate(count, back, durable),
    };
  });
}

/** Who can begin with nothing can. @param {import('./workload.mjs').Entrant} entrant */
const canReceive = (entrant) => entrant.workloads.includes('W5');

/** @param {number} count @param {number} start in ms, as is the end @param {number} end */
const rate = (count, start, end) => count / ((end - start) / 1000);
