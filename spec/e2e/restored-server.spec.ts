/** The server is put back to an earlier day, and who wrote what came since never returns. */
import { expect, test as base, type DevicePage } from './support/fixtures.ts';
import { startRestorableProcess, type RestorableProcess } from './support/restorable-process.ts';

const test = base.extend<{ restorable: RestorableProcess }>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads a fixture's needs from this pattern.
  restorable: async ({}, use) => {
    const restorable = await startRestorableProcess();
    await use(restorable);
    await restorable.dispose();
  },
});

test('[AP25] what others wrote and a restored server has lost is told, and brought back or let go', async ({
  restorable: { server, backUp, restore },
  newDevice,
}) => {
  const link = `${server.url}/#connect=${await server.token('ann')}`;
  const [a, gone] = [await newDevice(), await newDevice()];
  for (const { app } of [a, gone]) {
    await app.connect(link);
    await app.whenControlled();
  }
  await gone.app.addList('Camp');
  await gone.app.addItem('Tent');
  await gone.app.expectStatus('All changes on the server');
  await backUp();
  await gone.app.editItem('Tent', { note: 'two pegs are bent' });
  await gone.app.addItem('Stove');
  await gone.app.addItem('Lamp');
  await gone.app.addList('Kitchen');
  await gone.app.addItem('Pot');
  await a.app.openList('Kitchen');
  await expect.poll(() => a.app.titles()).toEqual(['Pot']);
  await a.app.openList('Camp');
  await expect.poll(() => a.app.titles()).toEqual(['Tent', 'Stove', 'Lamp']);
  await expect.poll(() => noteOf(a)).toBe('two pegs are bent');
  await gone.context.close();
  await restore();

  await a.app.syncNow();
  await a.app.expectStatus('The server has lost something');
  await expect.poll(() => a.app.titles()).toEqual(['Tent']);
  await a.page.getByTestId('attention-banner').getByRole('button', { name: 'Look…' }).click();
  const lost = a.page.getByTestId('former');
  await expect(lost).toHaveCount(5);
  await expect(lost.first()).toContainText('List “Kitchen”');
  const stove = lost.filter({ hasText: 'Item “Stove”' });
  await expect(stove).toContainText('On “Camp”. The server has it no more.');
  await expect(lost.filter({ hasText: 'Item “Tent”' })).toContainText(
    'The server has it without: note “two pegs are bent”.',
  );

  await stove.getByRole('button', { name: 'Let it go…' }).click();
  await stove.getByRole('button', { name: 'Let it go for good' }).click();
  await expect(lost).toHaveCount(4);
  // With the list that it stood on.
  const pot = lost.filter({ hasText: 'Item “Pot”' });
  await pot.getByRole('button', { name: 'Bring it back' }).click();
  await expect(lost).toHaveCount(2);
  await a.page.getByRole('button', { name: 'Bring back all 2' }).click();
  await expect(a.page.getByTestId('nothing-to-decide')).toBeVisible();
  await a.app.closeSheet();
  await expect.poll(() => a.app.titles()).toEqual(['Tent', 'Lamp']);
  expect(await noteOf(a)).toBe('two pegs are bent');
  await a.app.openList('Kitchen');
  await expect.poll(() => a.app.titles()).toEqual(['Pot']);
  await a.app.expectStatus('All changes on the server');
});

test('[OPS17] [AB34] after the drill of a backup and a restore, all that two devices wrote is there once', async ({
  restorable: { server, backUp, restore },
  newDevice,
}) => {
  const link = `${server.url}/#connect=${await server.token('ann')}`;
  const [a, b] = [await newDevice(), await newDevice()];
  for (const { app } of [a, b]) {
    await app.connect(link);
    await app.whenControlled();
  }
  await a.app.addList('Camp');
  await a.app.addItem('Tent');
  await b.app.openList('Camp');
  await b.app.addItem('Stove');
  for (const { app } of [a, b]) {
    await expect.poll(() => app.titles()).toEqual(['Tent', 'Stove']);
    await app.expectStatus('All changes on the server');
  }
  await backUp();
  // After the backup: from either device, and of what the other made too.
  await a.app.addItem('Lamp');
  await expect.poll(() => b.app.titles()).toEqual(['Tent', 'Stove', 'Lamp']);
  await b.app.editItem('Lamp', { note: 'with new batteries' });
  await b.app.addItem('Rope');
  await expect.poll(() => a.app.titles()).toEqual(['Tent', 'Stove', 'Lamp', 'Rope']);
  // And offline, all through the restore.
  await b.context.setOffline(true);
  await b.app.addItem('Map');
  const before = server.ops().length;
  await restore();
  expect(server.ops().length).toBeLessThan(before);
  await a.app.syncNow();
  // An edit of what nobody has made yet would be one to decide about: the lamp's author is first.
  const isThere = () => server.ops().some(({ payload }) => payload.includes('"Lamp"'));
  await expect.poll(isThere).toBe(true);
  await b.context.setOffline(false);
  await b.app.syncNow();

  for (const { app } of [a, b]) {
    await expect
      .poll(async () => (await app.titles()).toSorted())
      .toEqual(['Lamp', 'Map', 'Rope', 'Stove', 'Tent']);
    await app.expectStatus('All changes on the server');
  }
  const lamp = async ({ app }: DevicePage) =>
    (await app.items()).find(({ title }) => title === 'Lamp')?.note;
  for (const device of [a, b]) await expect.poll(() => lamp(device)).toBe('with new batteries');
  const made = server.ops().flatMap(({ payload }) => [...payload.matchAll(/"title":"([^"]+)"/g)]);
  const titles = made.map(([, title]) => title).filter((title) => title !== 'Camp');
  expect(titles.toSorted((a = '', b = '') => (a < b ? -1 : 1))).toEqual([
    'Lamp',
    'Map',
    'Rope',
    'Stove',
    'Tent',
  ]);
});

const noteOf = async ({ app }: DevicePage) => (await app.items())[0]?.note;
