/** A short run of `npm run crash`: a real browser on a profile on disk, killed while it writes and sends. */
import { killBrowsers, MOMENTS } from '../crash/browser-kills.ts';
import { expect, test } from './support/fixtures.ts';

const SEED = Number(process.env['OFFING_SEED'] ?? 1);

test(`[HO11] [AC1] [AC2] a browser that is killed has everything that was accepted, and it reaches the server once: seed ${SEED}`, async () => {
  test.setTimeout(180_000);
  const { faults, lost, doubled, kills, accepted, withOutbox } = await killBrowsers({
    kills: MOMENTS.length,
    seed: SEED,
  });
  expect(faults).toEqual([]);
  expect({ lost, doubled }).toEqual({ lost: 0, doubled: 0 });
  expect(kills).toEqual({ write: 1, request: 1, answer: 1 });
  expect(accepted).toBeGreaterThan(0);
  // Otherwise nothing of this device's own was put to the test.
  expect(withOutbox).toBeGreaterThan(0);
});
