/** Two people move one item at once, each to another list: two copies, marked, until someone decides. */
import { expect, test, type DevicePage } from './support/fixtures.ts';
import { pair } from './support/pair.ts';
import type { ServerProcess } from './support/server-process.ts';

const marks = ({ page }: DevicePage) => page.getByTestId('copies-mark');

/** Both have the item in two lists, and look at it where they have moved it to: Kitchen and Garden. */
async function movedTwice(server: ServerProcess, newDevice: () => Promise<DevicePage>) {
  const [a, b] = await pair(server, newDevice);
  for (const title of ['Kitchen', 'Garden', 'Camp']) await a.app.addList(title);
  await a.app.addItem('Pot');
  await b.app.openList('Camp');
  await expect.poll(() => b.app.titles()).toEqual(['Pot']);
  await apart(a, b);
  await a.app.moveToList('Pot', 'Kitchen');
  await b.app.moveToList('Pot', 'Garden');
  await together(a, b);
  await a.app.openList('Kitchen');
  await expect(marks(a)).toHaveText('Also in “Garden”');
  await b.app.openList('Garden');
  await expect(marks(b)).toHaveText('Also in “Kitchen”');
  return [a, b] as const;
}

async function apart(...devices: readonly DevicePage[]): Promise<void> {
  for (const { context, app } of devices) {
    await context.setOffline(true);
    await expect(app.offlineBanner).toBeVisible();
  }
}

async function together(...devices: readonly DevicePage[]): Promise<void> {
  for (const { context, app } of devices) {
    await context.setOffline(false);
    await app.expectStatus(/^All changes on the server/);
  }
}

test('[AP21] [AC32] moved on both devices at once, an item is marked in both lists, and one of them keeps it', async ({
  server,
  newDevice,
}) => {
  const [a, b] = await movedTwice(server, newDevice);
  // By keyboard alone, and without the network.
  await b.context.setOffline(true);
  await b.app.row('Pot').locator('[data-part=text]').focus();
  await b.page.keyboard.press('Tab');
  await b.page.keyboard.press('Tab');
  await expect(marks(b)).toBeFocused();
  await b.page.keyboard.press('Enter');
  await expect(b.page.getByRole('menuitem').first()).toHaveText('Keep it in “Garden” only');
  await b.page.keyboard.press('Enter');
  await expect(marks(b)).toHaveCount(0);
  await b.context.setOffline(false);
  await expect.poll(() => a.app.titles()).toEqual([]);

  await b.app.undo();
  await expect(marks(a)).toHaveText('Also in “Garden”');
  await marks(a).click();
  await a.page.getByRole('menuitem', { name: 'Make it an item of its own' }).click();
  await expect(marks(a)).toHaveCount(0);
  expect(await a.app.titles()).toEqual(['Pot']);
  await expect(marks(b)).toHaveCount(0);
  expect(await b.app.titles()).toEqual(['Pot']);
});

test('[AP21] when both keep their own at once, it is gone from both lists, and both are asked to have it back', async ({
  server,
  newDevice,
}) => {
  const [a, b] = await movedTwice(server, newDevice);
  await apart(a, b);
  for (const device of [a, b]) {
    await marks(device).click();
    await device.page
      .getByRole('menuitem', { name: /^Keep it in/ })
      .first()
      .click();
    await expect(marks(device)).toHaveCount(0);
    expect(await device.app.titles()).toEqual(['Pot']);
  }
  await together(a, b);
  for (const { app } of [a, b]) {
    await expect.poll(() => app.titles()).toEqual([]);
    await app.expectStatus('All changes on the server · 2 to decide');
  }
  await a.page.getByTestId('attention-banner').getByRole('button', { name: 'Look…' }).click();
  const kitchen = a.page.getByTestId('conflict').first();
  await expect(kitchen).toContainText('Item “Pot”: deleted, and written to');
  await kitchen.getByRole('button', { name: 'Bring it back' }).click();
  await a.page.getByTestId('conflict').getByRole('button', { name: 'Leave as it is' }).click();
  await expect(a.page.getByTestId('nothing-to-decide')).toBeVisible();
  await expect.poll(() => a.app.titles()).toEqual(['Pot']);
  await b.app.expectStatus('All changes on the server');
});

test('[AP21] it is marked in lists of hundreds of items as well, whichever of the two was made first', async ({
  server,
  newDevice,
}) => {
  const [a, b] = await movedTwice(server, newDevice);
  for (const { app, page } of [a, b]) {
    await app.pasteItems(Array.from({ length: 201 }, (_, i) => `Thing ${i + 1}`));
    await page.reload();
  }
  await expect(marks(a)).toHaveText('Also in “Garden”');
  await expect(marks(b)).toHaveText('Also in “Kitchen”');
  await marks(b).click();
  await b.page.getByRole('menuitem', { name: 'Make it an item of its own' }).click();
  await expect(marks(b)).toHaveCount(0);
  await expect(marks(a)).toHaveCount(0);
  expect(await a.app.titles()).toContain('Pot');
});
