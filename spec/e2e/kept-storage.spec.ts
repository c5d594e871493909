/** The device's own storage as a person sees it: asked to be kept, and what is said when it is lost. */
import { expect, test } from './support/fixtures.ts';

declare global {
  /** How often this page has asked the browser to keep what is here. */
  var persistAsked: number;
}

test('[AP24] the browser is asked to keep what is here after the first list, not at first sight, and not again', async ({
  server,
  newDevice,
}) => {
  const { app, page, context } = await newDevice();
  await context.addInitScript(() => {
    globalThis.persistAsked = 0;
    StorageManager.prototype.persist = async () => {
      globalThis.persistAsked += 1;
      return false;
    };
  });
  const asked = () => page.evaluate(() => globalThis.persistAsked);
  await app.open(server.url);
  await expect(page.getByTestId('first-run')).toBeVisible();
  expect(await asked()).toBe(0);
  await app.addList('Camp');
  await expect.poll(asked).toBe(1);
  await app.addItem('Tent');
  await app.addList('Home');
  await app.addItem('Pot');
  expect(await asked()).toBe(1);

  expect((await app.statusFacts())['Kept by the browser']).toBe('Until it wants the space back');
  await app.statusText.click();
  await page.getByRole('button', { name: 'Ask the browser to keep it' }).click();
  await expect(app.toasts.filter({ hasText: 'does not promise it yet' })).toBeVisible();
  expect(await asked()).toBe(2);
});

test('[AP23] what the browser deleted is told, with what had not been sent; the rest comes back', async ({
  server,
  newDevice,
}) => {
  const { app, page, context } = await newDevice();
  await app.connect(`${server.url}/#connect=${await server.token('ann')}`);
  await app.whenControlled();
  await app.addList('Camp');
  await app.addItem('Tent');
  await app.expectStatus('All changes on the server');
  expect((await app.statusFacts())['Space used']).toMatch(/ of \d/);
  await context.setOffline(true);
  await expect(app.offlineBanner).toBeVisible();
  await app.addItem('Stove');
  await app.expectStatus('Offline · 1 change kept here');
  await page.evaluate(
    () =>
      new Promise<void>((resolve, reject) => {
        const request = indexedDB.deleteDatabase('offing-lists');
        request.addEventListener('success', () => resolve());
        request.addEventListener('error', () => reject(new Error('The database is still there.')));
      }),
  );
  await context.setOffline(false);

  const banner = page.getByTestId('lost-banner');
  await expect(banner).toContainText('1 change had not been sent and is lost.', {
    timeout: 30_000,
  });
  await expect(app.statusText).toHaveText('Some was lost here');
  await expect.poll(() => app.titles()).toEqual(['Tent']);
  await expect(app.toasts).toHaveCount(0);
  await banner.getByRole('button', { name: 'Seen' }).click();
  await expect(banner).toHaveCount(0);
  await app.expectStatus('All changes on the server');
});
