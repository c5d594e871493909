/**
 * Two devices write the same offline: nothing is lost, both show the same, and a person decides. Run
 * with real workers, and by the project `page host` without any.
 */
import type { Locator } from '@playwright/test';
import { expectEachOnce } from './support/each-once.ts';
import { expect, test, type DevicePage } from './support/fixtures.ts';
import { pair } from './support/pair.ts';
import type { ServerProcess } from './support/server-process.ts';

const SENT = /^All changes on the server/;

const MANY = 10;

/** Both show the list, of many items with all of them checked; then both lose the network. */
async function apart(
  server: ServerProcess,
  newDevice: () => Promise<DevicePage>,
  items: readonly string[],
) {
  const [a, b] = await pair(server, newDevice);
  const isMany = items.length > MANY;
  if (isMany)
    await a.app.importText(`# Camp\n${items.map((title) => `- [x] ${title}`).join('\n')}`);
  else await a.app.addList('Camp');
  for (const title of isMany ? [] : items) await a.app.addItem(title);
  await b.app.openList('Camp');
  await expect.poll(() => b.app.titles()).toEqual(items);
  for (const { context, app } of [a, b]) {
    await app.expectStatus(SENT);
    await context.setOffline(true);
    await expect(app.offlineBanner).toBeVisible();
  }
  return [a, b] as const;
}

/** One after the other, so that it is known whose words come later in the log. */
async function meet(...devices: readonly DevicePage[]): Promise<void> {
  for (const { context, app } of devices) {
    await context.setOffline(false);
    await app.expectStatus(SENT);
  }
}

const conflictsOf = ({ page }: DevicePage): Locator => page.getByTestId('conflict');

const versions = (entry: Locator): Promise<string[]> =>
  entry.getByTestId('version').allTextContents();

async function look({ page }: DevicePage): Promise<void> {
  await page.getByTestId('attention-banner').getByRole('button', { name: 'Look…' }).click();
}

test('[AP9] [AP18] [AP19] of two titles written at once both devices show one, and ask about both; taking the other back on one shows on the other', async ({
  server,
  newDevice,
}) => {
  const [a, b] = await apart(server, newDevice, ['Tent', 'Map']);
  await a.app.editItem('Tent', { title: 'Big tent', note: 'from A' });
  await b.app.editItem('Tent', { title: 'Tarp' });
  await meet(a, b);

  for (const device of [a, b]) {
    await expect.poll(() => device.app.titles()).toEqual(['Tarp', 'Map']);
    await device.app.expectStatus('All changes on the server · 1 to decide');
    await look(device);
    await expect(conflictsOf(device)).toHaveCount(1);
    expect(await versions(conflictsOf(device))).toEqual(['Tarp', 'Big tent']);
    await expect(conflictsOf(device)).toContainText('· shown now');
  }
  const [mine, others] = [/This device, .*· shown now/, /Another device, .*· shown now/];
  await expect(conflictsOf(b)).toContainText(mine);
  await expect(conflictsOf(a)).toContainText(others);

  // Without the network, by keyboard; the other device hears of it when that is back.
  await a.context.setOffline(true);
  await conflictsOf(a).getByRole('button', { name: 'Take “Big tent”' }).focus();
  await a.page.keyboard.press('Enter');
  await expect(a.page.getByTestId('nothing-to-decide')).toBeVisible();
  await expect(a.page.locator('dialog [aria-live]').getByText('Decided: Big tent')).toBeAttached();
  await expect.poll(() => a.app.titles()).toEqual(['Big tent', 'Map']);
  expect(await b.app.titles()).toEqual(['Tarp', 'Map']);
  await meet(a);
  await expect(b.page.getByTestId('nothing-to-decide')).toBeVisible();
  await expect.poll(() => b.app.titles()).toEqual(['Big tent', 'Map']);

  for (const { app } of [a, b]) {
    await app.closeSheet();
    await app.expectStatus('All changes on the server');
  }
  const editor = await b.app.startEditing('Big tent');
  await editor.getByText('Earlier, from two devices at once (1)').click();
  await expect(editor.getByTestId('earlier-text')).toContainText('Tarp');
  await editor.getByRole('button', { name: 'Put it back' }).click();
  await editor.getByRole('textbox', { name: 'Title' }).press('Enter');
  await expect.poll(() => a.app.titles()).toEqual(['Tarp', 'Map']);
  await a.app.expectStatus('All changes on the server');
  expectEachOnce(server);
});

test('[AP9] two notes are made one, from the item itself', async ({ server, newDevice }) => {
  const [a, b] = await apart(server, newDevice, ['Tent']);
  await a.app.editItem('Tent', { note: 'three poles' });
  await b.app.editItem('Tent', { note: 'needs pegs' });
  await meet(a, b);
  const mark = a.page.getByTestId('dispute-mark');
  await expect(mark).toHaveText('Two versions of its note…');
  await mark.click();
  await expect(conflictsOf(a)).toBeFocused();
  await conflictsOf(a).getByRole('button', { name: 'Write it anew…' }).click();
  const field = conflictsOf(a).getByRole('textbox');
  await expect(field).toHaveValue('needs pegs\nthree poles');
  await field.fill('three poles, needs pegs');
  await conflictsOf(a).getByRole('button', { name: 'Save' }).click();
  await expect(a.page.getByTestId('nothing-to-decide')).toBeVisible();
  const notes = async ({ app }: DevicePage) => (await app.items()).map(({ note }) => note);
  for (const device of [a, b])
    await expect.poll(() => notes(device)).toEqual(['three poles, needs pegs']);
  await expect(b.page.getByTestId('dispute-mark')).toHaveCount(0);
});

test('[AP9] what one deleted and the other wrote to is brought back, or left', async ({
  server,
  newDevice,
}) => {
  const [a, b] = await apart(server, newDevice, ['Tent', 'Map', 'Pot']);
  for (const title of ['Tent', 'Map']) await a.app.deleteItem(title);
  await b.app.editItem('Tent', { note: 'patched' });
  await b.app.check('Map');
  await meet(a, b);
  for (const device of [a, b]) {
    await expect.poll(() => device.app.titles()).toEqual(['Pot']);
    await device.app.expectStatus('All changes on the server · 2 to decide');
  }

  await look(b);
  const tent = conflictsOf(b).filter({ hasText: 'Item “Tent”: deleted, and written to' });
  await expect(tent).toContainText(
    /Another device deleted it .*; this device wrote .*: note “patched”/,
  );
  await tent.getByRole('button', { name: 'Bring it back' }).click();
  const map = conflictsOf(b);
  await expect(map).toHaveCount(1);
  // The focus goes on to the next.
  await expect(map).toBeFocused();
  await map.getByRole('button', { name: 'Leave it deleted' }).click();
  await expect(b.page.getByTestId('nothing-to-decide')).toBeVisible();
  for (const { app } of [a, b]) {
    await expect.poll(async () => (await app.titles()).toSorted()).toEqual(['Pot', 'Tent']);
    expect((await app.items()).find(({ title }) => title === 'Tent')?.note).toBe('patched');
  }
  await a.app.expectStatus('All changes on the server');
  expectEachOnce(server);
});

test('[AP20] hundreds at once are decided at once', async ({ server, newDevice }) => {
  const items = Array.from({ length: 200 }, (_, i) => `Item ${i}`);
  const [a, b] = await apart(server, newDevice, items);
  await a.app.listMenu('Clear checked');
  await b.app.listMenu('Uncheck all');
  await meet(a, b);
  for (const { app } of [a, b]) {
    await app.expectStatus('All changes on the server · 200 to decide');
    expect(await app.titles()).toEqual([]);
  }

  await look(b);
  await expect(b.page.getByRole('heading', { name: '“Camp” 200 to decide' })).toBeVisible();
  await expect(conflictsOf(b)).toHaveCount(20);
  await b.page.getByRole('button', { name: 'Show 100 more of 180' }).click();
  await expect(conflictsOf(b)).toHaveCount(120);
  await b.page.getByRole('button', { name: 'All from this device…' }).click();
  await b.page.getByRole('button', { name: 'Take what this device wrote in 200' }).click();
  await expect(b.page.getByTestId('nothing-to-decide')).toBeVisible({ timeout: 30_000 });
  for (const { app } of [a, b]) {
    await app.expectStatus('All changes on the server');
    await expect.poll(() => app.titles()).toEqual(items);
    expect((await app.items()).every(({ done }) => !done)).toBe(true);
  }
  expectEachOnce(server);
});
