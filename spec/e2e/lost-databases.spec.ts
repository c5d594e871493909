/** What a browser does to the databases of an origin, and what is left of them: with real files of a real profile. */
import { rm } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { MortalBrowser } from '../crash/mortal-browser.ts';
import { hasTornLog, tearLog } from '../crash/torn-log.ts';
import { ListsApp } from './pages/lists-app.ts';
import { readTable, statusOf } from './support/ask.ts';
import { expectEachOnce } from './support/each-once.ts';
import { expect, test as base } from './support/fixtures.ts';

const test = base.extend<{ browserOnDisk: MortalBrowser }>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads a fixture's needs from this pattern.
  browserOnDisk: async ({}, use) => {
    const browser = await MortalBrowser.create();
    await use(browser);
    await browser.dispose();
  },
});

const ALL_SENT = 'All changes on the server';

const sessionOf = async (page: Page) => (await readTable(page, 'offing-session', 'session'))[0];

test('[AC40] a log that a kill has torn costs nothing of what is written behind it', async ({
  server,
  browserOnDisk,
}) => {
  const app = new ListsApp(await browserOnDisk.start());
  await app.connect(`${server.url}/#connect=${await server.token('ann')}`);
  await app.whenControlled();
  await app.addList('Camp');
  await app.addItem('Before it');
  await app.expectStatus(ALL_SENT);
  await app.pause();
  await browserOnDisk.kill();
  await tearLog(browserOnDisk.databases);
  expect(await hasTornLog(browserOnDisk.databases)).toBe(true);

  const page = await browserOnDisk.start();
  const again = new ListsApp(page);
  await again.open(server.url);
  await again.openList('Camp');
  await again.addItem('Behind it');
  await expect.poll(async () => (await statusOf(page)).pending).toBe(1);
  await browserOnDisk.kill();

  const last = await browserOnDisk.start();
  const once = new ListsApp(last);
  await once.open(server.url);
  await once.openList('Camp');
  expect(await once.titles()).toEqual(['Before it', 'Behind it']);
  expect(await statusOf(last)).toMatchObject({ pending: 1, lost: null });
  await once.resume();
  await once.expectStatus(ALL_SENT);
  expectEachOnce(server);
});

test('[AC39] a browser that has lost every database of the app is still the same device, and tells of it', async ({
  server,
  browserOnDisk,
}) => {
  const first = await browserOnDisk.start();
  const app = new ListsApp(first);
  await app.connect(`${server.url}/#connect=${await server.token('ann')}`);
  await app.whenControlled();
  await app.addList('Camp');
  await app.addItem('Sent');
  await app.expectStatus(ALL_SENT);
  await app.pause();
  await app.addItem('Not sent');
  await expect.poll(() => sessionOf(first)).toMatchObject({ replica: { pending: 1 } });
  const { device } = (await sessionOf(first)) ?? {};
  await browserOnDisk.kill();
  await rm(browserOnDisk.databases, { recursive: true });

  const page = await browserOnDisk.start();
  const again = new ListsApp(page);
  await again.open(server.url);
  await expect.poll(async () => (await statusOf(page)).lost).toMatchObject({ pending: 1 });
  expect(await sessionOf(page)).toMatchObject({ device, paused: true });
  await again.resume();
  await again.openList('Camp');
  await expect.poll(() => again.titles()).toEqual(['Sent']);
  await again.addItem('After it');
  await expect.poll(async () => (await statusOf(page)).pending).toBe(0);
  expectEachOnce(server);
});
