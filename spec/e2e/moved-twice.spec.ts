/** Two people move one item at once, each to another list: two copies, marked, until someone decides. */
import { expect, test, type DevicePage } from './support/fixtures.ts';
import { pair } from './support/pair.ts';

const marks = ({ page }: DevicePage) => page.getByTestId('copies-mark');

test('[AP21] [AC32] moved on both devices at once, an item is marked in both lists, and one of them keeps it', async ({
  server,
  newDevice,
}) => {
  const [a, b] = await pair(server, newDevice);
  for (const title of ['Kitchen', 'Garden', 'Camp']) await a.app.addList(title);
  await a.app.addItem('Pot');
  await b.app.openList('Camp');
  await expect.poll(() => b.app.titles()).toEqual(['Pot']);

  for (const { context, app } of [a, b]) {
    await context.setOffline(true);
    await expect(app.offlineBanner).toBeVisible();
  }
  await a.app.moveToList('Pot', 'Kitchen');
  await b.app.moveToList('Pot', 'Garden');
  for (const { context, app } of [a, b]) {
    await context.setOffline(false);
    await app.expectStatus('All changes on the server');
  }

  await a.app.openList('Kitchen');
  await expect(marks(a)).toHaveText('Also in “Garden”');
  await b.app.openList('Garden');
  await expect(marks(b)).toHaveText('Also in “Kitchen”');

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
