/** Bytes that an app downloads for the layer: minified and gzipped, whole and beyond Dexie. */
import { BUNDLES, sizesOf } from '../scripts/bundle-sizes.mjs';

/** In bytes. */
export async function measureSizes() {
  const { page, worker } = BUNDLES;
  const pageBeyondDexie = await sizesOf(page.entry, ['dexie']);
  return {
    pageBeyondDexie: pageBeyondDexie.atOnce,
    pageWhole: (await sizesOf(page.entry, [])).atOnce,
    pageHost: pageBeyondDexie.later,
    workerBeyondDexie: (await sizesOf(worker.entry, ['dexie'])).atOnce,
    workerWhole: (await sizesOf(worker.entry, [])).atOnce,
  };
}
