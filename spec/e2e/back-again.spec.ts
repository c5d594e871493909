/** A server that was away for a while and is back: nobody who sits before the app waits for the next retry. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from './support/fixtures.ts';
import { pushItems } from './support/foreign-items.ts';
import { startServerProcess } from './support/server-process.ts';

/** By then the waits between two tries are as long as they get. */
const AWAY_MS = 12_000;

test('[PL13] [DR24] who clicks when the server is back sees at once what came meanwhile, and hears of the next', async ({
  newDevice,
}) => {
  const data = await mkdtemp(join(tmpdir(), 'offing-back-'));
  let server = await startServerProcess({ data });
  const { url, port } = server;
  try {
    const token = await server.token('ann');
    const { app, page } = await newDevice();
    await app.connect(`${url}/#connect=${token}`);
    await app.whenControlled();
    const space = await app.addList('Camp');
    await app.addItem('Tent');
    await app.expectStatus('All changes on the server');

    await server.stop();
    await app.expectStatus(/^Server not reached/);
    await page.waitForTimeout(AWAY_MS);
    server = await startServerProcess({ data, port });
    await pushItems({ url, token, space, count: 1 });
    await page.getByTestId('list-counts').click();
    await expect(page.getByTestId('list-counts')).toHaveText('2 open of 2', { timeout: 2000 });
    await app.expectStatus('All changes on the server');
    // Nobody does anything now: it comes by the stream, which is open again.
    await pushItems({ url, token, space, count: 1 });
    await expect(page.getByTestId('list-counts')).toHaveText('3 open of 3', { timeout: 2000 });
  } finally {
    await server.stop();
    await rm(data, { recursive: true, force: true });
  }
});
