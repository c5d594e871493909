/** The device's own storage as a person sees it: asked to be kept, and what is said when it is lost. */
import type { Page } from '@playwright/test';
import { readTable } from './support/ask.ts';
import { expect, test } from './support/fixtures.ts';
import { DATABASE } from './support/replica.ts';

declare global {
  /** From now on the lists' database fails at every write, until it is deleted. */
  function breakStorage(): void;
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
  await allSent(page);
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
  await expect(banner).toContainText('1 change was only here and is lost.', {
    timeout: 30_000,
  });
  await expect(app.statusText).toHaveText('Some was lost here');
  await expect.poll(() => app.titles()).toEqual(['Tent']);
  await expect(app.toasts).toHaveCount(0);
  await banner.getByRole('button', { name: 'Seen' }).click();
  await expect(banner).toHaveCount(0);
  await app.expectStatus('All changes on the server');
});

test.describe('a storage that fails for good', () => {
  // In the page, where its faults can be made.
  test.use({ serviceWorkers: 'block' });

  test('[AP27] is begun anew by the person, and what had not been sent is sent again', async ({
    server,
    newDevice,
  }) => {
    const { app, page, context } = await newDevice();
    await context.addInitScript(makeBreakable);
    await app.connect(`${server.url}/#connect=${await server.token('ann')}`);
    await app.addList('Camp');
    await app.addItem('Tent');
    await allSent(page);
    await app.expectStatus('All changes on the server');
    await context.setOffline(true);
    await expect(app.offlineBanner).toBeVisible();
    await app.addItem('Stove');
    await page.evaluate(() => globalThis.breakStorage());
    await app.addItemField.fill('Lamp');
    await app.addItemField.press('Enter');
    await app.expectStatus('Cannot save on this device');
    // What could not be kept is in the field again.
    await expect(app.addItemField).toHaveValue('Lamp');

    // With the network cut: a way back would let go what was about to be sent, and needs no write for it.
    await app.statusText.click();
    await page.getByRole('button', { name: 'Begin anew on this device…' }).click();
    const asked = page.getByRole('group', { name: 'Begin anew' });
    await expect(asked).toContainText('What was not sent is taken out first');
    await asked.getByRole('button', { name: 'Begin anew' }).click();
    await expect.poll(() => readTable(page, DATABASE, '_aside')).toHaveLength(1);
    await context.setOffline(false);
    await expect(app.statusText).toHaveText('1 change set aside', { timeout: 30_000 });
    await page.getByRole('button', { name: 'Look at what needs you…' }).click();
    const aside = page.getByTestId('aside-entry');
    await expect(aside).toContainText('New item “Stove”');
    await aside.getByRole('button', { name: 'Send again', exact: true }).click();
    await expect(page.getByTestId('nothing-to-decide')).toBeVisible();
    await app.closeSheet();
    await expect.poll(() => app.titles()).toEqual(['Tent', 'Stove']);
    await app.expectStatus('All changes on the server');
  });
});

/** What the status says may still be of the write before. */
const allSent = (page: Page) =>
  expect.poll(() => readTable(page, DATABASE, '_outbox')).toHaveLength(0);

/** Runs in the page before its own scripts. */
function makeBreakable(): void {
  const { put, add } = IDBObjectStore.prototype;
  const { deleteDatabase } = IDBFactory.prototype;
  let isBroken = false;
  globalThis.breakStorage = () => {
    isBroken = true;
  };
  const check = ({ transaction }: IDBObjectStore): void => {
    if (isBroken && transaction.db.name === 'offing-lists')
      throw new DOMException('The disk is at fault.', 'UnknownError');
  };
  IDBObjectStore.prototype.put = function (...args) {
    check(this);
    return put.apply(this, args);
  };
  IDBObjectStore.prototype.add = function (...args) {
    check(this);
    return add.apply(this, args);
  };
  IDBFactory.prototype.deleteDatabase = function (...args) {
    isBroken = false;
    return deleteDatabase.apply(this, args);
  };
}
