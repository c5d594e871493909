/** The browser may end a worker at any instant. */
import { expect, test } from './support/fixtures.ts';

// Recording a trace keeps the browser's inspector inside the very worker that it is told to stop:
// Chromium then sometimes stops itself.
test.use({ trace: 'off' });

test('[HO6] a worker that is killed in mid-drain loses nothing and doubles nothing', async ({
  server,
  newDevice,
}) => {
  const { app, page, context } = await newDevice();
  await app.connect(`${server.url}/#connect=${await server.token('ann')}`);
  await app.whenControlled();
  await app.addList('Camp');
  const cdp = await context.newCDPSession(page);
  await cdp.send('ServiceWorker.enable');
  const titles = Array.from({ length: 6 }, (_, i) => `Item ${i}`);
  for (const title of titles) {
    await app.addItem(title);
    await cdp.send('ServiceWorker.stopAllWorkers');
  }
  await app.expectStatus('All changes on the server');
  expect(await app.titles()).toEqual(titles);
  const items = server.ops().filter(({ payload }) => payload.includes('"items"'));
  expect(items).toHaveLength(titles.length);
  expect(new Set(items.map(({ actor, clock }) => `${actor} ${clock}`)).size).toBe(titles.length);
});
