/** The device's storage in a real browser: without room, lost under the app, and held by another tab. */
import { uuidV7, type HostReply } from '../../core/index.ts';
import { ask, readTable, statusOf } from './support/ask.ts';
import { Author } from './support/author.ts';
import { expectEachOnce } from './support/each-once.ts';
import { expect, test, type DevicePage } from './support/fixtures.ts';
import { DATABASE, itemsByList } from './support/replica.ts';

const ALL_SENT = 'All changes on the server';
const newId = (): string => uuidV7(Date.now(), crypto.getRandomValues(new Uint8Array(10)));

/** A write of one item with a long note that no browser can make shorter. */
async function addLarge({ page }: DevicePage, list: string, title: string) {
  const note = Array.from({ length: 1_000 }, newId).join('');
  const fields = { title, order: 'a1', done: false, note };
  const put = { kind: 'put', collection: 'items', id: newId(), new: true, fields };
  const write = { v: 1, type: 'write', ops: [{ space: list, do: [put] }] };
  const { reply } = await ask(page, 'port', write);
  return reply as Exclude<HostReply, { type: 'ok' | 'caught-up' }>;
}

/**
 * Gives the origin so many bytes, before its first page: a browser looks anew only now and then.
 * Returns what gives it as much as there is.
 */
async function giveRoom({ context, page }: DevicePage, origin: string, quotaSize: number) {
  const cdp = await context.newCDPSession(page);
  await cdp.send('Storage.overrideQuotaForOrigin', { origin, quotaSize });
  return () => cdp.send('Storage.overrideQuotaForOrigin', { origin });
}

/** For the app's own files, which the worker keeps, and some writes. */
const LITTLE_ROOM = 2_500_000;

test('[AC30] [ST8] without room a write is refused whole, the status says it, and all goes on when there is room', async ({
  server,
  newDevice,
}) => {
  const device = await newDevice();
  const { app, page } = device;
  test.setTimeout(120_000); // a browser may look for room once in half a minute
  const giveAll = await giveRoom(device, server.url, LITTLE_ROOM);
  await app.connect(`${server.url}/#connect=${await server.token('ann')}`);
  const list = await app.addList('Camp');
  await app.expectStatus(ALL_SENT);

  const accepted: string[] = [];
  async function addOne(): Promise<HostReply> {
    const title = `Large ${accepted.length}`;
    const reply = await addLarge(device, list, title);
    if (reply.type === 'accepted') accepted.push(title);
    return reply;
  }
  // What was sent meanwhile leaves room for more, and then all is well again.
  await expect
    .poll(
      async () => {
        let reply = await addOne();
        for (let i = 0; i < 100 && reply.type === 'accepted'; i++) reply = await addOne();
        return { reply, status: await statusOf(page) };
      },
      { timeout: 45_000 },
    )
    .toMatchObject({
      reply: { type: 'error', code: 'storage_full' },
      status: { phase: 'storage-failed', storageFault: 'full' },
    });
  expect((await itemsByList(device)).flat().toSorted()).toEqual(accepted.toSorted());

  await giveAll();
  await expect
    .poll(() => addLarge(device, list, 'With room'), { timeout: 45_000 })
    .toMatchObject({ type: 'accepted' });
  await app.syncNow();
  await app.expectStatus(ALL_SENT);
  expect(await statusOf(page)).toMatchObject({ phase: 'idle', pending: 0, storageFault: null });
  expectEachOnce(server);
  for (const title of [...accepted, 'With room'])
    expect(server.ops().filter(({ payload }) => payload.includes(`"${title}"`))).toHaveLength(1);
});

test('[AC36] a database that is deleted under the app is fetched anew, and what had not been sent is told', async ({
  server,
  newDevice,
}) => {
  const device = await newDevice();
  const { app, page } = device;
  await app.connect(`${server.url}/#connect=${await server.token('ann')}`);
  const author = new Author('A', device);
  const { list } = await author.addList();
  await author.putItems(list, 3);
  await app.expectStatus(ALL_SENT);
  const before = await itemsByList(device);
  const devices = (await readTable(page, 'offing-session', 'session')).map(({ device: id }) => id);
  await app.pause();
  await app.addItem('Not sent');
  await app.resume();
  await app.expectStatus(ALL_SENT);
  await app.pause();
  await app.addItem('Lost');
  await expect
    .poll(() => readTable(page, 'offing-session', 'session'))
    .toMatchObject([{ replica: { pending: 1 } }]);

  await page.evaluate(
    (name) =>
      new Promise((done, fail) => {
        const deleting = indexedDB.deleteDatabase(name);
        deleting.addEventListener('success', done);
        deleting.addEventListener('error', fail);
      }),
    DATABASE,
  );
  await app.resume();
  await expect.poll(async () => (await statusOf(page)).lost).toMatchObject({ pending: 1 });
  await expect
    .poll(async () => (await itemsByList(device)).flat().toSorted())
    .toEqual([...before.flat(), 'Not sent'].toSorted());
  await expect.poll(() => app.titles()).toContain('Not sent');
  expect(await app.titles()).not.toContain('Lost');
  const after = await readTable(page, 'offing-session', 'session');
  expect(after.map(({ device: id }) => id)).toEqual(devices);
  await app.addItem('After it');
  await expect.poll(async () => (await statusOf(page)).pending).toBe(0);
  expectEachOnce(server);
});

test('[AC35] [PL42] a tab that holds the database of an older version is waited for, and the status says so', async ({
  server,
  newDevice,
}) => {
  const device = await newDevice();
  const { app, page, context } = device;
  await app.connect(`${server.url}/#connect=${await server.token('ann')}`);
  const list = await app.addList('Camp');
  await app.expectStatus(ALL_SENT);

  // As a tab that was frozen: it does not hear that a newer version wants the database.
  const frozen = await context.newPage();
  await frozen.goto(`${server.url}/healthz`);
  await frozen.evaluate(
    (name) =>
      new Promise<void>((done) => {
        const opening = indexedDB.open(name);
        opening.addEventListener('success', () => {
          Object.assign(globalThis, { held: opening.result });
          done();
        });
      }),
    DATABASE,
  );

  const [session] = await readTable(page, 'offing-session', 'session');
  const config = session?.['config'] as { version: number };
  const newer = { ...config, version: config.version + 1 };
  const { reply } = await ask(page, 'port', { v: 1, type: 'hello', config: newer });
  expect(reply).toMatchObject({ type: 'ok' });
  const writing = addLarge(device, list, 'Waits');
  await expect
    .poll(() => statusOf(page))
    .toMatchObject({ phase: 'storage-failed', storageFault: 'blocked' });
  await frozen.evaluate(() => (globalThis as unknown as { held: IDBDatabase }).held.close());
  expect(await writing).toMatchObject({ type: 'accepted' });
  await expect
    .poll(() => statusOf(page))
    .toMatchObject({ phase: 'idle', storageFault: null, pending: 0 });

  // The page itself is the older version now: it let go, says so, and reads on.
  await expect(app.updateBanner).toBeVisible();
  await expect.poll(() => app.titles()).toEqual(['Waits']);
});

test('[AC54] a database that a newer version has left is told as that, read, and not to be begun anew', async ({
  server,
  newDevice,
}) => {
  const { app, page } = await newDevice();
  await app.connect(`${server.url}/#connect=${await server.token('ann')}`);
  await app.addList('Camp');
  await app.addItem('Tent');
  await app.expectStatus(ALL_SENT);
  await page.evaluate(
    (name) =>
      new Promise<void>((done) => {
        // Of the layout after any that there is today.
        const opening = indexedDB.open(name, 99e13);
        opening.addEventListener('success', () => {
          opening.result.close();
          done();
        });
      }),
    DATABASE,
  );
  await page.reload();
  await expect(page.getByTestId('storage-banner')).toContainText(
    'A newer version of this app was used on this device.',
  );
  await app.expectStatus('Too old for what is here');
  await expect.poll(() => app.titles()).toEqual(['Tent']);
  await page.getByRole('button', { name: /^Status: / }).click();
  await expect(page.getByRole('dialog')).toContainText('Everything that it kept is still here');
  await expect(page.getByRole('button', { name: /Begin anew/ })).toHaveCount(0);
});

test('[ST9] [PL40] the status has the browser’s figures, and the browser is asked once to keep what is here', async ({
  server,
  newDevice,
}) => {
  const device = await newDevice();
  const { app, page } = device;
  await page.addInitScript(() => {
    const { persist } = navigator.storage;
    Object.assign(globalThis, { timesAsked: 0 });
    navigator.storage.persist = () => {
      (globalThis as unknown as { timesAsked: number }).timesAsked += 1;
      return persist.call(navigator.storage);
    };
  });
  const timesAsked = () =>
    page.evaluate(() => (globalThis as unknown as { timesAsked: number }).timesAsked);
  await app.open(server.url);
  await expect.poll(async () => (await statusOf(page)).storage?.asked).toBe(false);
  expect(await timesAsked()).toBe(0);
  await app.addList('Camp');
  await expect.poll(async () => (await statusOf(page)).storage?.asked).toBe(true);
  await app.connectBySheet(await server.token('ann'));
  await app.expectStatus(ALL_SENT);
  await app.addItem('Tarp');
  await app.expectStatus(ALL_SENT);
  expect(await timesAsked()).toBe(1);
  const { storage } = await statusOf(page);
  expect(storage?.quota).toBeGreaterThan(storage?.usage ?? Infinity);
});
