/** The page as the host, where there is no worker or none yet: tabs beside each other, and handing over. */
import type { Page } from '@playwright/test';
import { ListsApp } from './pages/lists-app.ts';
import { readTable } from './support/ask.ts';
import { openBadNetwork, type BadNetwork } from './support/bad-network.ts';
import { expectEachOnce } from './support/each-once.ts';
import { expect, noticesOf, test as base, type DevicePage } from './support/fixtures.ts';
import type { ServerProcess } from './support/server-process.ts';

const test = base.extend<{ network: BadNetwork }>({
  network: async ({ server }, use) => {
    const network = await openBadNetwork(server.url);
    await use(network);
    await network.close();
  },
});

const ALL_SENT = 'All changes on the server';
const itemsIn = (server: ServerProcess): string[] =>
  server.ops().flatMap(({ payload }) => {
    const [, title] = /"title":"(Item [^"]+)"/.exec(payload) ?? [];
    return title === undefined ? [] : [title];
  });

test.describe('tabs without a worker', () => {
  test.use({ serviceWorkers: 'block' });

  /** One device, connected, with two tabs that show the same list. */
  async function twoTabs(
    server: ServerProcess,
    network: BadNetwork,
    newDevice: () => Promise<DevicePage>,
  ) {
    const first = await newDevice();
    await first.app.connect(`${network.url}/#connect=${await server.token('ann')}`);
    await first.app.addList('Camp');
    await first.app.expectStatus(ALL_SENT);
    const page = await first.context.newPage();
    const second = { page, app: new ListsApp(page) };
    await second.app.open(first.page.url());
    return { first, second };
  }

  /** Until the tab stands in line to drain, behind the one that does. */
  const whenInLine = (page: Page): Promise<unknown> =>
    page.waitForFunction(async () =>
      (await navigator.locks.query()).pending?.some(({ name }) => name?.endsWith('drain')),
    );

  /** Whether this tab is the one that drains: who writes and who sends it need not be the same. */
  const isDraining = (page: Page): Promise<boolean> =>
    page.evaluate(() =>
      navigator.locks.request('who am I', async () => {
        const { held = [] } = await navigator.locks.query();
        const mine = held.filter(({ clientId }) =>
          held.some((lock) => lock.name === 'who am I' && lock.clientId === clientId),
        );
        return mine.some(({ name }) => name?.endsWith('drain'));
      }),
    );

  test('[HO31] [HO33] both write, both are told, and never are two pushes under way', async ({
    server,
    network,
    newDevice,
  }) => {
    const { first, second } = await twoTabs(server, network, newDevice);
    const strike = network.strike('answer-late');
    await first.app.addItem('Item 1');
    await strike.caught;
    await second.app.addItem('Item 2');
    await expect.poll(() => first.app.titles()).toEqual(['Item 1', 'Item 2']);
    await whenInLine(second.page);
    expect(itemsIn(server)).toEqual(['Item 1']);
    await strike.go();

    await Promise.all(
      [first, second].map(async ({ app }, tab) => {
        for (let i = 0; i < 5; i++) await app.addItem(`Item ${tab}${i}`);
      }),
    );
    for (const { app, page } of [first, second]) {
      await app.expectStatus(ALL_SENT);
      await expect.poll(async () => (await app.titles()).length).toBe(12);
      // The server has it a moment before the tabs are told.
      const untold = async () => {
        const applied = (await noticesOf(page)).filter((notice) => notice.type === 'applied');
        const told = applied.flatMap(({ ops }) => ops.map(({ payload }) => payload)).join('\n');
        return itemsIn(server).filter((title) => !told.includes(`"${title}"`));
      };
      await expect.poll(untold).toEqual([]);
    }
    expect(itemsIn(server)).toHaveLength(12);
    expectEachOnce(server);
    expect(network.mostPushesAtOnce).toBe(1);
  });

  test('[HO30] the tab that drains is closed in the middle, and the other goes on', async ({
    server,
    network,
    newDevice,
  }) => {
    const { first, second } = await twoTabs(server, network, newDevice);
    const strike = network.strike('answer-lost');
    await first.app.addItem('Item 1');
    await strike.caught;
    const [drains, waits] = (await isDraining(first.page)) ? [first, second] : [second, first];
    await drains.app.addItem('Item 2');
    await waits.app.addItem('Item 3');
    await whenInLine(waits.page);
    await drains.page.close();

    await waits.app.expectStatus(ALL_SENT);
    expect(await waits.app.titles()).toEqual(['Item 1', 'Item 2', 'Item 3']);
    expect(itemsIn(server)).toEqual(['Item 1', 'Item 2', 'Item 3']);
    expect(await readTable(waits.page, 'offing-lists', '_outbox')).toEqual([]);
    expectEachOnce(server);
    expect(network.mostPushesAtOnce).toBe(1);
    await strike.go();
  });

  test('[HO32] the tab that drains is frozen in the middle: the other takes over, and it wakes to nothing lost or doubled', async ({
    server,
    network,
    newDevice,
  }) => {
    const { first, second } = await twoTabs(server, network, newDevice);
    const strike = network.strike('answer-late');
    await first.app.addItem('Item 1');
    await strike.caught;
    const [drains, waits] = (await isDraining(first.page)) ? [first, second] : [second, first];
    await drains.app.addItem('Item 2');
    const wake = await freeze(drains.page, waits.page);
    await waits.app.addItem('Item 3');

    // It waits in line first, and then for an answer.
    await expect(waits.app.statusText).toHaveText(ALL_SENT, { timeout: 30_000 });
    expect(itemsIn(server)).toEqual(['Item 1', 'Item 2', 'Item 3']);
    const before = network.deliveries.length;
    await strike.go();
    await wake();
    await drains.app.expectStatus(ALL_SENT);
    await drains.app.addItem('Item 4');
    await waits.app.addItem('Item 5');
    for (const { app } of [first, second]) {
      await app.expectStatus(ALL_SENT);
      await expect.poll(() => app.titles()).toHaveLength(5);
    }
    const later = network.deliveries.slice(before).flatMap(({ ops }) => ops);
    expect(new Set(later).size).toBe(later.length);
    expectEachOnce(server);
  });
});

/**
 * Stops all that a page runs, as suspending it does, and keeps what it holds. (Chromium freezes no page
 * that is visible, and here all are.) No browser suspends a page that is in a transaction, so it stops
 * between two: behind one that held every table, and goes on a little where another had begun by then.
 * Returns its waking.
 */
async function freeze(page: Page, other: Page): Promise<() => Promise<void>> {
  const cdp = await page.context().newCDPSession(page);
  const wake = () => cdp.send('Debugger.disable').then(() => undefined);
  for (;;) {
    await cdp.send('Debugger.enable');
    const paused = new Promise((resolve) => void cdp.once('Debugger.paused', resolve));
    await canWrite(page);
    await page.evaluate(
      () =>
        void setTimeout(() => {
          // In a task without a transaction; `Debugger.pause` would stop it anywhere.
          // oxlint-disable-next-line no-debugger -- The page is to stop here.
          debugger;
        }),
    );
    await paused;
    if (await canWrite(other)) return wake;
    await wake();
  }
}

/** Whether nobody keeps the page from writing to any table of the device. */
const canWrite = (page: Page): Promise<boolean> =>
  page.evaluate(async () => {
    const isFree = async ({ name = '' }: IDBDatabaseInfo): Promise<boolean> => {
      const db = await new Promise<IDBDatabase>((done) => {
        const opening = indexedDB.open(name);
        opening.addEventListener('success', () => done(opening.result));
      });
      const trans = db.transaction(db.objectStoreNames, 'readwrite');
      // An empty transaction need not wait for whoever holds the tables.
      const [table = ''] = db.objectStoreNames;
      trans.objectStore(table).count();
      const isOver = new Promise<boolean>((done) => {
        trans.addEventListener('complete', () => done(true));
        trans.addEventListener('abort', () => done(false));
      });
      const giveUp = setTimeout(() => trans.abort(), 1_000);
      return isOver.finally(() => {
        clearTimeout(giveUp);
        db.close();
      });
    };
    const all = await Promise.all((await indexedDB.databases()).map(isFree));
    return all.every(Boolean);
  });

test('[HO30] [HO35] a worker that is long in coming keeps nobody waiting, and takes over while writes go on', async ({
  server,
  network,
  newDevice,
}) => {
  const bringWorker = network.holdBack('/worker.js');
  const { app, page } = await newDevice();
  await app.connect(`${network.url}/#connect=${await server.token('ann')}`);
  await app.addList('Camp');
  await app.addItem('Item 0');
  expect((await app.statusFacts())['With the app closed']).toMatch(/^Changes wait/);
  expect(await page.evaluate(() => navigator.serviceWorker.controller)).toBeNull();

  const titles = Array.from({ length: 30 }, (_, i) => `Item ${i}`);
  const writing = (async () => {
    for (const title of titles.slice(1)) await app.addItem(title);
  })();
  await expect(app.row('Item 5')).toBeVisible();
  bringWorker();
  await app.whenControlled();
  await writing;
  await app.expectStatus(ALL_SENT);
  await expect
    .poll(async () => (await app.statusFacts())['With the app closed'])
    .toMatch(/^Changes are sent too/);
  await app.addItem('Item 30');
  await app.expectStatus(ALL_SENT);
  expect(await app.titles()).toEqual([...titles, 'Item 30']);
  expect(itemsIn(server)).toEqual([...titles, 'Item 30']);
  expectEachOnce(server);
  expect(network.mostPushesAtOnce).toBe(1);
});
