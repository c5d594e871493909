/** Where a worker is stopped: one device that has joined, and what must hold when it has gone on. */
import { readTable } from './ask.ts';
import { Author } from './author.ts';
import { openBadNetwork, type BadNetwork } from './bad-network.ts';
import { expectEachOnce } from './each-once.ts';
import { expect, test as base, type DevicePage } from './fixtures.ts';
import { startRestorableProcess, type RestorableProcess } from './restorable-process.ts';
import type { ServerProcess } from './server-process.ts';
import { workerStopper } from './stop-worker.ts';

export const DATABASE = 'offing-lists';

export interface Stage {
  readonly device: DevicePage;
  readonly author: Author;
  /** The open list's id. */
  readonly list: string;
  stopWorker(): Promise<void>;
}

export const test = base.extend<{
  network: BadNetwork;
  /** A device that has joined over `network`, with an open list in which all is in order. */
  newStage: () => Promise<Stage>;
  newRestorable: () => Promise<RestorableProcess>;
}>({
  trace: 'off',
  network: async ({ server }, use) => {
    const network = await openBadNetwork(server.url);
    await use(network);
    await network.close();
  },
  newStage: async ({ server, network, newDevice }, use) => {
    await use(() => join(newDevice, network.url, server));
  },
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads a fixture's needs from this pattern.
  newRestorable: async ({}, use) => {
    const opened: RestorableProcess[] = [];
    await use(async () => {
      const restorable = await startRestorableProcess();
      opened.push(restorable);
      return restorable;
    });
    for (const { dispose } of opened) await dispose();
  },
});

/** A device with an open list in which all is in order. */
export async function join(
  newDevice: () => Promise<DevicePage>,
  origin: string,
  server: Pick<ServerProcess, 'token'>,
): Promise<Stage> {
  const device = await newDevice();
  await device.app.connect(`${origin}/#connect=${await server.token('ann')}`);
  await device.app.whenControlled();
  const author = new Author('A', device);
  const { list } = await author.addList();
  await author.addItem();
  await device.app.expectStatus('All changes on the server');
  return { device, author, list, stopWorker: await workerStopper(device) };
}

/** Nothing is lost, nothing is there twice, and the page, which was left alone, goes on. */
export async function expectAllWell(
  server: Pick<ServerProcess, 'ops'>,
  { device, author }: Stage,
): Promise<void> {
  await author.addItem();
  await device.app.expectStatus('All changes on the server');
  expectEachOnce(server);
  // The status may be one of before this item: what is in the log is what counts.
  await expect.poll(() => author.logged(server.ops())).toEqual(author.written());
  for (const table of ['_outbox', '_aside']) {
    await expect.poll(() => readTable(device.page, DATABASE, table)).toEqual([]);
  }
  const shown = await device.app.titles();
  expect(shown).toEqual(expect.arrayContaining(author.titlesIn(device.app.openListId())));
}
