/**
 * The browser may stop a worker at any instant: here at each stage of its work, which is held there
 * so that it cannot be missed. The page is left alone, and goes on by itself.
 */
import { appendFile, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { openServer } from '../../server/index.ts';
import { numbersIn, PageAuthor } from '../crash/page-author.ts';
import { readTable } from './support/ask.ts';
import type { Fault } from './support/faults.ts';
import { expect } from './support/fixtures.ts';
import { foldedSoFar, pushItems } from './support/foreign-items.ts';
import { holdOne } from './support/held.ts';
import { DRAIN_LOCK, holdLock, letGoOf, waitingFor } from './support/page-lock.ts';
import type { LoggedOp } from './support/server-process.ts';
import { DATABASE, expectAllWell, join, test } from './support/stage.ts';
import { workerStopper } from './support/stop-worker.ts';

test('[HO10] [AC1] stopped while it accepts: what was accepted is there, and the rest once or not at all', async ({
  server,
  newStage,
}) => {
  const stage = await newStage();
  const { page } = stage.device;
  const burst = new PageAuthor(stage.list);
  await burst.report(page);
  for (const count of [1, 20, 60]) {
    // It waits for ever for the answers of a worker that was stopped.
    burst.write(page).catch(() => undefined);
    await burst.moreAccepted(count);
    await stage.stopWorker();
    // Those that are answered still would go on, and so wake the worker for the page.
    await burst.stop(page);
  }
  await expectAllWell(server, stage);
  const logged = server.ops().flatMap(({ payload }) => numbersIn(payload));
  expect(logged).toEqual([...new Set(logged)].toSorted((a, b) => a - b));
  expect(logged).toEqual(expect.arrayContaining(burst.accepted));
});

test('[HO10] stopped between accepting and sending: it is sent all the same', async ({
  server,
  newStage,
}) => {
  const stage = await newStage();
  const { author, device, stopWorker } = stage;
  await holdLock(device.page, DRAIN_LOCK);
  await author.addItem();
  await expect.poll(() => waitingFor(device.page, DRAIN_LOCK)).toBe(true);
  await stopWorker();
  expect(await readTable(device.page, DATABASE, '_outbox')).toHaveLength(1);
  expect(author.logged(server.ops())).not.toEqual(author.written());
  await letGoOf(device.page);
  await expectAllWell(server, stage);
});

const ON_THE_WAY: readonly { title: string; fault: Fault; isTaken: boolean }[] = [
  { title: 'half of its request sent', fault: 'request-cut', isTaken: false },
  { title: 'its request under way', fault: 'request-overtaken', isTaken: false },
  { title: 'its ops committed and no answer', fault: 'answer-lost', isTaken: true },
  { title: 'half of its answer here', fault: 'answer-cut', isTaken: true },
  { title: 'an answer that comes for nobody', fault: 'answer-late', isTaken: true },
];

for (const { title, fault, isTaken } of ON_THE_WAY) {
  test(`[HO6] [HO10] stopped with ${title}: its ops are in the log once`, async ({
    server,
    network,
    newStage,
  }) => {
    const stage = await newStage();
    const { author, device, stopWorker } = stage;
    const strike = network.strike(fault);
    await author.addItem();
    await strike.caught;
    const isInLog = JSON.stringify([...author.logged(server.ops())]);
    expect(isInLog === JSON.stringify([...author.written()])).toBe(isTaken);
    await stopWorker();
    await strike.go();
    await author.addItem();
    await device.app.expectStatus('All changes on the server');
    await expect.poll(() => network.stillToArrive).toBe(0);
    await expectAllWell(server, stage);
  });
}

/** More than one answer holds. */
const FOREIGN_ITEMS = 1200;

test('[HO10] stopped while it folds: at every moment it shows what its cursor says, and nothing of what comes after', async ({
  server,
  network,
  newStage,
}) => {
  const stage = await newStage();
  const { author, device, list, stopWorker } = stage;
  // Into a list that is not open: the screen has nothing to do with it.
  await author.addList();
  const foreign = { url: server.url, token: await server.token('ann'), space: list };
  const rounds = [1, 2, 3];
  const behind: number[] = [];
  for (const _ of rounds) {
    await holdLock(device.page, DRAIN_LOCK);
    await author.addItem();
    await pushItems({ ...foreign, count: FOREIGN_ITEMS });
    const strike = network.strike('answer-late');
    await letGoOf(device.page);
    await strike.caught;
    // The answer is with the worker, and takes it longer than this.
    await strike.go();
    await stopWorker();
    const { cursor, items } = await foldedSoFar(device.page, DATABASE, list);
    const log = server.ops().filter(({ space }) => space === list);
    expect(items).toBe(foreignIn(log.slice(0, cursor)));
    behind.push(log.length - cursor);
  }
  expect(Math.max(...behind)).toBeGreaterThan(0);
  await expectAllWell(server, stage);
  await expect
    .poll(async () => (await foldedSoFar(device.page, DATABASE, list)).items)
    .toBe(rounds.length * FOREIGN_ITEMS);
});

const foreignIn = (log: readonly LoggedOp[]): number =>
  log.filter(({ payload }) => payload.includes('"title":"R ')).length;

test('[HO10] [AB31] stopped while it builds a replica anew: everything of its own is there again, once', async ({
  newDevice,
  newRestorable,
}) => {
  const { server, backUp, restore } = await newRestorable();
  const stage = await join(newDevice, server.url, server);
  const { author, device, stopWorker } = stage;
  await backUp();
  await author.addItem();
  await author.addItem();
  await device.app.expectStatus('All changes on the server');

  // Each stage is held, and then there is another one.
  const bootstrap = await holdOne(device.context, /\/sync\/bootstrap\//);
  await restore();
  await bootstrap.caught;
  await stopWorker();
  await bootstrap.go();

  const second = await holdOne(device.context, /\/sync\/bootstrap\//);
  await second.caught;
  const log = await holdOne(device.context, /\/sync\/push$/);
  await second.go();
  await log.caught;
  await stopWorker();
  await log.go();

  const third = await holdOne(device.context, /\/sync\/bootstrap\//);
  await third.caught;
  await third.go();
  // It has what it asked for, and is about to take it in.
  await stopWorker();
  await expectAllWell(server, stage);
});

test('[HO10] [AP8] stopped while a new version is installed: the old one goes on, and the new one is offered later', async ({
  newDevice,
}) => {
  const folder = await mkdtemp(joinPath(tmpdir(), 'offing-update-'));
  const appDir = joinPath(folder, 'app');
  await cp(joinPath(import.meta.dirname, '../../dist/app'), appDir, { recursive: true });
  const server = await openServer({ data: joinPath(folder, 'data'), appDir });
  try {
    const device = await newDevice();
    const { app, page, context } = device;
    await app.open(server.url);
    await app.whenControlled();
    await app.addList('Camp');
    await app.addItem('Tent');
    const stopWorker = await workerStopper(device);

    await releaseNewVersion(appDir);
    const file = await holdOne(context, /\/index\.html$/);
    await page.evaluate(async () => {
      const registration = await navigator.serviceWorker.ready;
      registration.addEventListener('updatefound', () => {
        registration.installing?.addEventListener('statechange', ({ target }) => {
          globalThis.installed = (target as ServiceWorker).state;
        });
      });
      void registration.update();
    });
    await file.caught;
    await stopWorker();
    await file.go();
    await expect.poll(() => page.evaluate(() => globalThis.installed)).toBe('redundant');

    await app.addItem('Stove');
    await expect(app.updateBanner).toHaveCount(0);
    // The browser looks again when the app is next opened.
    await page.reload();
    await app.whenReady();
    await expect(app.updateBanner).toBeVisible();
    expect(await app.titles()).toEqual(['Tent', 'Stove']);
    await Promise.all([
      page.waitForEvent('load'),
      app.updateBanner.getByRole('button', { name: /reload/i }).click(),
    ]);
    await app.whenReady();
    await expect.poll(() => app.titles()).toEqual(['Tent', 'Stove']);
  } finally {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  }
});

/** The worker of a build in which the app's page is another one. */
async function releaseNewVersion(appDir: string): Promise<void> {
  await appendFile(joinPath(appDir, 'index.html'), '<!-- another version -->');
  const path = joinPath(appDir, 'worker.js');
  const worker = await readFile(path, 'utf8');
  const changed = worker.replace(/(url:[`"]index\.html[`"],revision:[`"])\w+/, '$1another');
  if (changed === worker) throw new Error('the worker has no list of files');
  await writeFile(path, changed);
}

declare global {
  var installed: ServiceWorkerState | undefined;
}
