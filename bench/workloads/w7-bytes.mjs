/** W7: what an app downloads, minified and gzipped. No run differs from another. */
import { join } from 'node:path';
import { sizesOf } from '../../scripts/bundle-sizes.mjs';
import { measureSizes } from '../sizes.mjs';

const KB = 1000;

/** @type {import('./workload.mjs').Workload} */
export const workload = {
  id: 'W7',
  title: 'Bytes',
  about:
    'What a page of each contestant loads, minified and gzipped, with the few lines of its adapter here; for Offing, the library and its worker, whole and beyond Dexie.',
  plot: { figures: (name) => name.startsWith('page'), better: 'less' },
  entrants: (contestants) => contestants.filter(({ workloads }) => workloads.includes('W7')),
  async run({ entrant: { id } }) {
    if (id === 'offing') {
      const sizes = await measureSizes();
      return {
        'page, kB': sizes.pageWhole / KB,
        'page beyond Dexie, kB': sizes.pageBeyondDexie / KB,
        'worker, kB': sizes.workerWhole / KB,
        'worker beyond Dexie, kB': sizes.workerBeyondDexie / KB,
        'page without a worker, more, kB': sizes.pageHost / KB,
      };
    }
    const page = await sizesOf(join('bench', 'peers', `${id}.page.ts`), []);
    const worker = id === 'workbox' ? await sizesOf('bench/peers/workbox.worker.ts', []) : null;
    return {
      'page, kB': page.atOnce / KB,
      ...(worker ? { 'worker, kB': worker.atOnce / KB } : {}),
    };
  },
};
