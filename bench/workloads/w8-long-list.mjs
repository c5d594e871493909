/** W8: one list with very many items, from a cold start; in Offing Lists, and as plainly as can be. */
import { join } from 'node:path';
import { openLongList } from '../server/long-list.mjs';
import { inWorld } from '../world.mjs';
import { arrived, edited, painted, scrolled, told, watchFromTheStart } from './in-the-app.mjs';
import { variant } from './workload.mjs';

const APP = join(import.meta.dirname, '..', '..', 'dist', 'app');

/** @type {import('./workload.mjs').Workload} */
export const workload = {
  id: 'W8',
  title: 'A long list',
  about:
    'One list with so many items, on a device that has had it open and whose browser is started anew. First paint is from the moment at which the page is asked for until the first rows are drawn: of the app, with all that it shows, and of a bare page that draws every row from what its contestant has kept; the app draws those in view, and says when all can be worked on. An edit is timed until it is drawn, one from elsewhere from its message in the page.',
  plot: { figures: (name) => name.includes('first paint'), better: 'less' },
  entrants: (contestants) => [
    variant('app', 'Offing Lists, the app'),
    ...contestants.filter(({ workloads, batch }) => workloads.includes('W2') && batch !== ''),
  ],
  async run({ entrant, site, scale: { list } }) {
    const found = await (entrant.id === 'app' ? inTheApp(list) : plainly(entrant.id, site, list));
    const block = `${list.toLocaleString('en')} items`;
    return Object.fromEntries(
      Object.entries(found).map(([name, value]) => [`${block}: ${name}`, value]),
    );
  },
};

/** @param {string} id @param {import('../site.mjs').Site} site @param {number} count */
async function plainly(id, site, count) {
  return inWorld(id, await site.pagesOf(id), async (world) => {
    const device = await world.device();
    await device.ask('addBatch', count);
    await device.relaunch(world.server.url);
    await device.ask('open', world.server.token);
    return { 'first paint, ms': await device.ask('paintList') };
  });
}

/** @param {number} count @returns {Promise<Record<string, number>>} */
const inTheApp = (count) =>
  inWorld('offing', APP, async ({ server, open }) => {
    const list = await openLongList(server, count);
    const device = await open(`${server.url}/#connect=${server.token}`);
    await device.page.evaluate(arrived, count);
    // Whoever has a list of thousands has had it open before.
    await device.page.goto(`${server.url}/list/${list.id}`);
    await device.page.getByTestId('list-counts').waitFor();
    await device.relaunch(`${server.url}/list/${list.id}`, watchFromTheStart);
    const { page } = device;
    const { rows, whole } = await page.evaluate(painted);
    const byHand = await page.evaluate(edited);
    const shown = await page.locator('[data-testid=item]').nth(1).getAttribute('data-id');
    const title = 'An edit that was made elsewhere';
    const [fromElsewhere] = await Promise.all([
      page.evaluate(told, title),
      list.edit(shown ?? '', title),
    ]);
    const frames = await page.evaluate(scrolled);
    return {
      'first paint, ms': rows,
      'all can be worked on, ms': whole,
      'an edit by hand, ms': byHand,
      'an edit from elsewhere, ms': fromElsewhere,
      'scrolling: a frame p95, ms': frames.p95,
      'scrolling: the longest frame, ms': frames.longest,
    };
  });
