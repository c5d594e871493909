/** A device that comes back after the server has let go of what happened meanwhile. */
import type { Page } from '@playwright/test';
import Database from 'better-sqlite3';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test as base } from './support/fixtures.ts';
import { pushItems } from './support/foreign-items.ts';
import { openSwitchedNetwork, type SwitchedNetwork } from './support/switched-network.ts';
import { offing, startServerProcess, type ServerProcess } from './support/server-process.ts';

const SERVED_DAYS = 400;
const DAY_MS = 24 * 3_600_000;

interface AgingProcess {
  readonly server: Pick<ServerProcess, 'url' | 'token' | 'ops'>;
  /** To it; cut, it takes the stream of pokes along. */
  readonly way: SwitchedNetwork;
  /** Runs for more than a year, and lets go of what is in the list by now. */
  growOld(space: string, token: string): Promise<void>;
}

const test = base.extend<{ aging: AgingProcess }>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads a fixture's needs from this pattern.
  aging: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'offing-aging-'));
    const data = join(folder, 'data');
    const file = join(data, 'offing.db');
    const args = ['--snapshot-every', '10'];
    let running = await startServerProcess({ data, args });
    const { url, port } = running;
    const way = await openSwitchedNetwork(url);
    const inDatabase = <T>(work: (db: Database.Database) => T): T => {
      const db = new Database(file);
      try {
        return work(db);
      } finally {
        db.close();
      }
    };
    await use({
      way,
      server: { url, token: (user) => running.token(user), ops: () => running.ops() },
      async growOld(space, token) {
        // What is dropped is in a snapshot before the newest, and a hundred ops stay.
        for (let times = 1; times <= 2; times++) {
          await pushItems({ url, token, space, count: 130 });
          const snapshots = 'SELECT count(*) AS n FROM snapshot WHERE seq > ?';
          await expect
            .poll(() => inDatabase((db) => db.prepare(snapshots).get(130)))
            .toEqual({ n: times });
        }
        await running.stop();
        inDatabase((db) => {
          db.exec('INSERT OR IGNORE INTO log_mark SELECT n, head, 0 FROM space WHERE head > 0');
          db.prepare('UPDATE served_time SET ms = ms + ?').run(SERVED_DAYS * DAY_MS);
        });
        running = await startServerProcess({ data, port, args });
        await offing(data, 'compact');
      },
    });
    await way.close();
    await running.stop();
    await rm(folder, { recursive: true, force: true });
  },
});

test('[AP41] who was away for too long reads what became of their lists, and of what they had written', async ({
  aging: { server, way, growOld },
  newDevice,
}) => {
  const token = await server.token('ann');
  const [a, b] = [await newDevice(), await newDevice()];
  await a.app.connect(`http://127.0.0.1:${way.port}/#connect=${token}`);
  await b.app.connect(`${server.url}/#connect=${token}`);
  for (const { app } of [a, b]) await app.whenControlled();
  const space = await a.app.addList('Camp');
  await a.app.addItem('Tent');
  await a.app.addItem('Stove');
  await a.app.expectStatus('All changes on the server');
  await b.app.openList('Camp');
  await expect.poll(() => b.app.titles()).toEqual(['Tent', 'Stove']);

  way.cut();
  await a.app.editItem('Tent', { note: 'two pegs are bent' });
  await a.app.addItem('Lamp');
  await b.app.deleteItem('Tent');
  const isDeleted = () => server.ops().some(({ payload }) => payload.includes('"delete"'));
  await expect.poll(isDeleted).toBe(true);
  await growOld(space, token);
  await setBack(a.page, SERVED_DAYS);
  way.mend();
  await a.page.reload();
  await a.app.whenReady();

  await expect(a.page.getByTestId('list-counts')).toHaveText('262 open of 262');
  const banner = a.page.getByTestId('away-banner');
  await expect(banner).toContainText('Last synced here on ');
  await expect(banner).toContainText(
    'The 2 changes that waited here are kept. One thing that you changed was deleted meanwhile: you decide about it.',
  );
  await a.app.expectStatus(/1.to.decide/);
  await banner.getByRole('button', { name: 'Seen' }).click();
  await expect(banner).toHaveCount(0);
  await a.page.reload();
  await a.app.whenReady();
  await a.app.expectStatus(/1.to.decide/);
  await expect(banner).toHaveCount(0);

  // What they wrote is theirs to decide, and nobody else is told anything.
  await a.page.getByTestId('attention-banner').getByRole('button', { name: 'Look…' }).click();
  await expect(a.page.getByRole('dialog')).toContainText('two pegs are bent');
  await b.app.expectStatus(/All changes on the server|1.to.decide/);
  await expect(b.page.getByTestId('away-banner')).toHaveCount(0);
});

/** As if the server had last answered so many days ago. */
function setBack(page: Page, days: number): Promise<void> {
  return page.evaluate(
    (ms) =>
      new Promise((done) => {
        const opening = indexedDB.open('offing-session');
        opening.addEventListener('success', () => {
          const trans = opening.result.transaction('session', 'readwrite');
          const store = trans.objectStore('session');
          const reading = store.get('session') as IDBRequest<{ lastSyncedAt: number }>;
          reading.addEventListener('success', () => {
            const { lastSyncedAt, ...rest } = reading.result;
            store.put({ ...rest, lastSyncedAt: lastSyncedAt - ms }, 'session');
          });
          trans.addEventListener('complete', () => {
            opening.result.close();
            // oxlint-disable-next-line unicorn/require-post-message-target-origin -- A channel has one origin.
            new BroadcastChannel('offing-session').postMessage('changed');
            done();
          });
        });
      }),
    days * DAY_MS,
  );
}
