/**
 * Written offline on one device, seen on the other: two browsers, a real server. Run twice, once with
 * real workers and once, by the project `page host`, without any.
 */
import { ListsApp } from './pages/lists-app.ts';
import { expectEachOnce } from './support/each-once.ts';
import { expect, test, type DevicePage } from './support/fixtures.ts';
import { hasWorker, pair } from './support/pair.ts';

test('[AP2] what one device wrote offline, and the other meanwhile, both show within two seconds of its return', async ({
  server,
  newDevice,
}) => {
  const [a, b] = await pair(server, newDevice);
  await a.app.addList('Camp');
  for (const title of ['Tent', 'Stove', 'Map', 'Rope']) await a.app.addItem(title);
  await b.app.openList('Camp');
  await expect.poll(() => b.app.titles()).toEqual(['Tent', 'Stove', 'Map', 'Rope']);

  await a.context.setOffline(true);
  await expect(a.app.offlineBanner).toBeVisible();
  await a.app.editItem('Stove', { title: 'Gas stove', note: 'and two cartridges' });
  await a.app.check('Tent');
  await a.app.moveByKeys('Rope', 'Up', 2);
  await a.app.deleteItem('Map');
  await a.app.addList('Kitchen');
  await a.app.addItem('Pot');
  await a.app.addItem('Spoon');
  await a.app.openList('Camp');
  await a.app.moveToList('Gas stove', 'Kitchen');
  await a.app.addItem('Lamp');

  if (hasWorker()) await a.page.reload();
  await a.app.whenReady();
  expect(await a.app.titles()).toEqual(['Tent', 'Rope', 'Lamp']);
  await a.app.openList('Kitchen');
  await expect.poll(() => a.app.titles()).toEqual(['Pot', 'Spoon', 'Gas stove']);

  await b.app.editItem('Rope', { note: '30 m' });
  await b.app.addItem('Mug');
  await b.app.check('Map');
  const toldBefore = (await b.notices()).length;

  await a.context.setOffline(false);
  const back = Date.now();
  await expect
    .poll(async () => [(await b.app.titles()).toSorted(), await listTitles(b)], { intervals: [25] })
    .toEqual([
      ['Lamp', 'Mug', 'Rope', 'Tent'],
      ['Camp', 'Kitchen'],
    ]);
  await a.app.openList('Camp');
  await expect
    .poll(async () => [await a.app.items()], { intervals: [25] })
    .toEqual([await b.app.items()]);
  expect(Date.now() - back).toBeLessThan(2000);

  const items = await b.app.items();
  expect(items.find(({ title }) => title === 'Tent')).toMatchObject({ done: true });
  expect(items.find(({ title }) => title === 'Rope')).toMatchObject({ note: '30 m' });
  for (const { app } of [a, b]) {
    await app.openList('Kitchen');
    await expect.poll(() => app.titles()).toEqual(['Pot', 'Spoon', 'Gas stove']);
    // The one checked the map while the other deleted it.
    await app.expectStatus('All changes on the server · 1 to decide');
  }

  const told = (await b.notices()).slice(toldBefore).filter((notice) => notice.type === 'applied');
  const payloads = told.flatMap(({ ops }) => ops.map(({ payload }) => payload));
  expect(payloads.some((payload) => payload.includes('Kitchen'))).toBe(true);
  expect(payloads.some((payload) => payload.includes('Lamp'))).toBe(true);
  for (const { from, to, ops } of told) expect(ops.map(({ seq }) => seq)).toEqual(range(from, to));
  expectEachOnce(server);
});

const listTitles = async ({ app }: DevicePage) => (await app.lists()).map(({ title }) => title);
const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);

test('[AP3] [AP26] with the last tab closed, what was written offline arrives when the network returns; without a worker, when the app is opened again', async ({
  server,
  newDevice,
}) => {
  const [a, b] = await pair(server, newDevice);
  await a.app.addList('Camp');
  await a.app.expectStatus('All changes on the server');
  await b.app.openList('Camp');
  const before = server.ops().length;

  await a.context.setOffline(true);
  await a.app.addItem('Tent');
  await a.app.addItem('Stove');
  await a.page.close();
  expect(a.context.pages()).toEqual([]);
  expect(server.ops()).toHaveLength(before);

  await a.context.setOffline(false);
  if (!hasWorker()) await new ListsApp(await a.context.newPage()).open(server.url);
  await expect.poll(() => server.ops().length).toBe(before + 2);
  await expect.poll(() => b.app.titles()).toEqual(['Tent', 'Stove']);
  expectEachOnce(server);
});

test('[AP1] a device that kept to itself brings everything along when it joins', async ({
  server,
  newDevice,
}) => {
  const [a, b] = [await newDevice(), await newDevice()];
  await a.app.open(server.url);
  await a.app.expectStatus(/^Saved on this device/);
  await a.app.addList('Camp');
  await a.app.addItem('Tent');
  expect(server.ops()).toEqual([]);

  const link = `${server.url}/#connect=${await server.token('ann')}`;
  await a.app.connect(link);
  await b.app.connect(link);
  expect(b.page.url()).not.toContain('connect');
  await b.app.openList('Camp');
  await expect.poll(() => b.app.titles()).toEqual(['Tent']);
  await a.app.expectStatus('All changes on the server');
  expectEachOnce(server);
});

test('[AP10] paused, changes stay here and the status says so; resumed, they go', async ({
  server,
  newDevice,
}) => {
  const [a, b] = await pair(server, newDevice);
  await a.app.addList('Camp');
  await b.app.openList('Camp');
  await a.app.pause();
  await a.app.addItem('Tent');
  await a.app.expectStatus(/^Paused/);
  expect(server.ops()).toHaveLength(1);
  await a.app.resume();
  await expect.poll(() => b.app.titles()).toEqual(['Tent']);
});

test('[AP4] a deletion can be undone, also after it has reached the other device', async ({
  server,
  newDevice,
}) => {
  const [a, b] = await pair(server, newDevice);
  await a.app.addList('Camp');
  await a.app.addItem('Tent');
  await b.app.openList('Camp');
  await expect.poll(() => b.app.titles()).toEqual(['Tent']);
  await a.app.deleteItem('Tent');
  await expect.poll(() => b.app.titles()).toEqual([]);
  await a.app.undo();
  await expect.poll(() => b.app.titles()).toEqual(['Tent']);
});
