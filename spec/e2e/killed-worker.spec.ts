/** The browser may end a worker at any instant. */
import { ask, readTable } from './support/ask.ts';
import { expect, test } from './support/fixtures.ts';
import { DATABASE } from './support/stage.ts';
import { workerStopper } from './support/stop-worker.ts';

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
  const items = () => server.ops().filter(({ payload }) => payload.includes('"items"'));
  // The status may be one of before the last item: what is in the log is what counts, and that
  // nothing is left that could be sent again.
  await expect.poll(() => items().length).toBeGreaterThanOrEqual(titles.length);
  await expect.poll(() => readTable(page, DATABASE, '_outbox')).toEqual([]);
  await app.expectStatus('All changes on the server');
  expect(await app.titles()).toEqual(titles);
  expect(items()).toHaveLength(titles.length);
  expect(new Set(items().map(({ actor, clock }) => `${actor} ${clock}`)).size).toBe(titles.length);
});

test('[AC60] [HO6] a bulk whose worker is killed right after it was durable has all its records, and is sent once', async ({
  server,
  newDevice,
}) => {
  const device = await newDevice();
  const { app, page } = device;
  await app.connect(`${server.url}/#connect=${await server.token('ann')}`);
  await app.whenControlled();
  const stopWorker = await workerStopper(device);
  const ids = Array.from({ length: 3000 }, (_, i) => `bulk-${i}`);
  const ops = ids.map((id) => ({
    do: [{ kind: 'put', collection: 'items', id, new: true, fields: { title: id, order: 'a0' } }],
  }));
  const { reply } = await ask(page, 'port', { v: 1, type: 'write', ops, ahead: true });
  await stopWorker();
  expect(reply).toMatchObject({ type: 'accepted', ahead: true });
  expect((await ask(page, 'port', { v: 1, type: 'unfold' })).reply.type).toBe('ok');
  expect(await readTable(page, DATABASE, 'items')).toHaveLength(ids.length);
  await expect.poll(() => readTable(page, DATABASE, '_outbox')).toEqual([]);
  await app.expectStatus('All changes on the server');
  const sent = server.ops().map(({ payload }) => /"id":"(bulk-\d+)"/.exec(payload)?.[1]);
  expect(sent.filter((id) => id !== undefined).toSorted()).toEqual(ids.toSorted());
});
