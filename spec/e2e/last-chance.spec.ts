/** What becomes of a Background Sync that the browser gives up: it tries a few times, and then forgets it. */
import type { Page } from '@playwright/test';
import { BROWSER_ARGS, findBrowser } from '../../scripts/find-browser.mjs';
import { ListsApp } from './pages/lists-app.ts';
import { expectEachOnce } from './support/each-once.ts';
import { expect, test } from './support/fixtures.ts';

/** Seconds instead of minutes between the tries, and two of them: time to see that one is waited for. */
const TRIES =
  'initial_retry_delay_sec/5/retry_delay_factor/1/min_recovery_time_sec/1/max_sync_attempts/2';
const executablePath = findBrowser();
test.use({
  launchOptions: {
    ...(executablePath === undefined ? {} : { executablePath }),
    args: [
      ...BROWSER_ARGS,
      '--force-fieldtrials=BackgroundSync/Test',
      `--force-fieldtrial-params=BackgroundSync.Test:${TRIES}`,
    ],
  },
});

const tagsOf = (page: Page) =>
  page.evaluate(async () => {
    const { sync } = (await navigator.serviceWorker.getRegistration('/')) as unknown as {
      readonly sync: { getTags(): Promise<string[]> };
    };
    return sync.getTags();
  });

test('[DR35] after its last chance the next poll asks for a sync anew, which sends with no page open', async ({
  server,
  newDevice,
}) => {
  test.setTimeout(180_000);
  const { app, page, context } = await newDevice();
  await app.connect(`${server.url}/#connect=${await server.token('ann')}`);
  await app.addList('Camp');
  await app.expectStatus('All changes on the server');
  // Of the same origin, and not the app: it sees what is registered, and rings nobody.
  const onlooker = await context.newPage();
  await onlooker.goto(`${server.url}/healthz`);

  await context.route('**/sync/push', (route) => route.abort());
  await app.addItem('Tent');
  await expect.poll(async () => (await tagsOf(onlooker)).length).toBeGreaterThan(0);
  const { href } = new URL(page.url());
  await page.close();
  await expect.poll(() => tagsOf(onlooker), { timeout: 60_000 }).toEqual([]);

  const again = await context.newPage();
  await new ListsApp(again).open(href);
  // After so many failures in a row the next try may be a minute away.
  await expect
    .poll(async () => (await tagsOf(onlooker)).length, { timeout: 75_000 })
    .toBeGreaterThan(0);
  await again.close();
  await context.unroute('**/sync/push');
  await expect
    .poll(() => server.ops().filter(({ payload }) => payload.includes('"Tent"')).length, {
      timeout: 30_000,
    })
    .toBe(1);
  expectEachOnce(server);
});
