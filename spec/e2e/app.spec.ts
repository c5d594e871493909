/** Offing Lists by itself: its order, its files, its shell, its updates, and what it tells nobody. */
import { appendFile, cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openServer } from '../../server/index.ts';
import { expect, test, type DevicePage } from './support/fixtures.ts';

/** Both are read anew at each try: either may still be on its way. */
const expectSame = (a: DevicePage, b: DevicePage) =>
  expect.poll(async () => String(await a.app.titles()) === String(await b.app.titles())).toBe(true);

const builtApp = join(import.meta.dirname, '../../dist/app');

test('[AP6] items are reordered by dragging and by keyboard, and stay so after a reload', async ({
  server,
  newDevice,
}) => {
  const { app, page } = await newDevice();
  await app.open(server.url);
  await app.addList('Camp');
  await app.pasteItems(['Tent', 'Stove', 'Map', 'Rope']);
  await app.dragTo('Tent', 'Map');
  await expect.poll(() => app.titles()).toEqual(['Stove', 'Map', 'Tent', 'Rope']);
  await app.moveByKeys('Rope', 'Up', 3);
  await expect.poll(() => app.titles()).toEqual(['Rope', 'Stove', 'Map', 'Tent']);
  await page.reload();
  await app.whenReady();
  await expect.poll(() => app.titles()).toEqual(['Rope', 'Stove', 'Map', 'Tent']);
});

test('[AP6] concurrent reorderings lose none', async ({ server, newDevice }) => {
  const link = `${server.url}/#connect=${await server.token('ann')}`;
  const [a, b] = [await newDevice(), await newDevice()];
  await a.app.connect(link);
  await b.app.connect(link);
  await a.app.addList('Camp');
  await a.app.pasteItems(['1', '2', '3', '4', '5', '6']);
  await b.app.openList('Camp');
  await expect.poll(() => b.app.titles()).toHaveLength(6);
  for (const { context } of [a, b]) await context.setOffline(true);
  // Both put another item into the same gap, so both give it the same order.
  await a.app.moveByKeys('6', 'Up', 4);
  await b.app.moveByKeys('5', 'Up', 3);
  for (const { context } of [a, b]) await context.setOffline(false);
  await expect
    .poll(async () => (await a.app.titles()).toSorted())
    .toEqual(['1', '2', '3', '4', '5', '6']);
  await a.app.expectStatus('All changes on the server');
  await b.app.expectStatus('All changes on the server');
  await expectSame(a, b);
  await a.app.moveByKeys('4', 'Up', 2);
  await expectSame(a, b);
  expect((await a.app.titles()).toSorted()).toEqual(['1', '2', '3', '4', '5', '6']);
});

test('[AP5] lists go out as JSON and as Markdown and come in again as they were', async ({
  server,
  newDevice,
}) => {
  const text =
    '# Camp\n\n- [ ] Kitchen\n  - [x] Stove\n  - [ ] [Pot](https://example.org/pot) - 2 l\n- [ ] Tent\n';
  const { app } = await newDevice();
  await app.open(server.url);
  await app.importText(text);
  await expect.poll(() => app.items()).toHaveLength(4);
  const shown = await app.items();
  expect(shown.map(({ title, depth, done }) => [title, depth, done])).toEqual([
    ['Kitchen', 0, false],
    ['Stove', 1, true],
    ['Pot', 1, false],
    ['Tent', 0, false],
  ]);
  for (const format of ['JSON', 'Markdown'] as const) {
    const file = await app.exportAll(format);
    const other = await newDevice();
    await other.app.open(server.url);
    await other.app.importFile({
      name: format === 'JSON' ? 'lists.json' : 'lists.md',
      mimeType: 'text/plain',
      buffer: Buffer.from(file),
    });
    await expect.poll(() => other.app.items()).toEqual(shown);
  }
});

test('[AP7] a connect link joins a device, and its token is in no address that leaves it', async ({
  server,
  newDevice,
}) => {
  const token = await server.token('ann');
  const { app, page, context } = await newDevice();
  const addresses: string[] = [];
  context.on('request', (request) =>
    addresses.push(request.url(), request.headers()['referer'] ?? ''),
  );
  await app.connect(`${server.url}/#connect=${token}`);
  await app.addList('Camp');
  await app.expectStatus('All changes on the server');
  expect(addresses.some((address) => address.includes('/sync/push'))).toBe(true);
  // The browser reports a navigation's fragment, which it sends to nobody.
  expect(addresses.filter((address) => address.includes(token) && !address.includes('#'))).toEqual(
    [],
  );
  expect(page.url()).not.toContain(token);
  await page.goBack().catch(() => null);
  expect(page.url()).not.toContain(token);
});

test('[AP12] with the server gone the app opens from the device, with everything in it', async ({
  server,
  newDevice,
}) => {
  const { app, page } = await newDevice();
  await app.connect(`${server.url}/#connect=${await server.token('ann')}`);
  await app.whenControlled();
  await app.addList('Camp');
  await app.addItem('Tent');
  await app.expectStatus('All changes on the server');
  await server.stop();
  await page.goto(`${server.url}/list/${app.openListId()}`);
  await app.whenReady();
  await expect.poll(() => app.titles()).toEqual(['Tent']);
  await app.addItem('Stove');
  await expect(app.statusText).toContainText('1');
});

test('[AP8] a new version is offered, and takes over when the person says so', async ({
  newDevice,
}) => {
  const folder = await mkdtemp(join(tmpdir(), 'offing-update-'));
  const appDir = join(folder, 'app');
  await cp(builtApp, appDir, { recursive: true });
  const server = await openServer({ data: join(folder, 'data'), appDir });
  try {
    const { app, page } = await newDevice();
    await app.open(server.url);
    await app.whenControlled();
    await app.addList('Camp');
    await expect(app.updateBanner).toHaveCount(0);
    await appendFile(join(appDir, 'worker.js'), '\n// another version\n');
    await page.evaluate(async () => void (await (await navigator.serviceWorker.ready).update()));
    await expect(app.updateBanner).toBeVisible();
    await app.addItem('Tent');
    await Promise.all([
      page.waitForEvent('load'),
      app.updateBanner.getByRole('button', { name: /reload/i }).click(),
    ]);
    await app.whenReady();
    await expect.poll(() => app.titles()).toEqual(['Tent']);
    await expect(app.updateBanner).toHaveCount(0);
  } finally {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  }
});

test('[DR12] without the stream of pokes, polling brings the other device’s changes', async ({
  server,
  newDevice,
}) => {
  const link = `${server.url}/#connect=${await server.token('ann')}`;
  const [a, b] = [await newDevice(), await newDevice()];
  await b.context.route('**/sync/events*', (route) => route.abort());
  await a.app.connect(link);
  await b.app.connect(link);
  await a.app.addList('Camp');
  await b.app.openList('Camp');
  await a.app.addItem('Tent');
  await expect.poll(() => b.app.titles()).toEqual(['Tent']);
});
