/**
 * What no kill can show is asserted: a process that dies leaves the system's own buffers behind, so
 * only a power cut would tell a transaction that waits for the disk from one that does not.
 */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openServer } from '../../server/index.ts';
import { ask } from './support/ask.ts';
import { Author } from './support/author.ts';
import { expect, test } from './support/fixtures.ts';
import { pushItems } from './support/foreign-items.ts';

interface Transaction {
  readonly database: string;
  readonly mode: IDBTransactionMode;
  /** As the browser has it in force, not as it was asked for. */
  readonly durability: string;
}

declare global {
  /** Every transaction of this context, since before its own script ran. */
  var transactions: Transaction[];
}

/** Runs in the worker and in pages, before anything of the app. */
function noteTransactions(): void {
  globalThis.transactions = [];
  const { transaction } = IDBDatabase.prototype;
  IDBDatabase.prototype.transaction = function (...args) {
    const made = transaction.apply(this, args);
    const { mode, durability } = made;
    globalThis.transactions.push({ database: this.name, mode, durability });
    return made;
  };
}

/** The databases of the layer, not those of Workbox. */
const OWN = ['offing-lists', 'offing-session'];
const writesOf = (transactions: readonly Transaction[]) =>
  transactions.filter(({ database, mode }) => OWN.includes(database) && mode !== 'readonly');

test('[AC22] every transaction that writes the replica or the session is strict, and the page writes neither', async ({
  newDevice,
}) => {
  const folder = await mkdtemp(join(tmpdir(), 'offing-durable-'));
  const appDir = join(folder, 'app');
  await cp(join(import.meta.dirname, '../../dist/app'), appDir, { recursive: true });
  const worker = join(appDir, 'worker.js');
  // First in the script: the worker's very first transaction is noted too.
  await writeFile(worker, `(${String(noteTransactions)})();\n${await readFile(worker, 'utf8')}`);
  const server = await openServer({ data: join(folder, 'data'), appDir });
  try {
    const { id } = await server.accounts.named('ann');
    const token = await server.tokens.mint({ account: id, label: 'test' });
    const device = await newDevice();
    const { app, page, context } = device;
    await context.addInitScript(noteTransactions);

    // Alone, joining, writing by both doors, sending, folding, pausing.
    await app.open(server.url);
    await app.whenControlled();
    const author = new Author('A', device);
    await author.addList();
    await author.addItem();
    await app.connectBySheet(token);
    await app.expectStatus('All changes on the server');
    const { list } = await author.addList();
    const [item = ''] = await author.putItems(list, 3);
    await author.note(list, item);
    await app.pause();
    await author.addItem();
    await app.resume();
    await app.expectStatus('All changes on the server');
    await pushItems({ url: server.url, token, space: list, count: 20 });
    await app.syncNow();
    await expect.poll(() => app.titles()).toHaveLength(3 + 1 + 20);
    const put = { kind: 'put', collection: 'items', id: item, fields: { note: 'by fetch' } };
    const write = { v: 1, type: 'write', ops: [{ space: list, do: [put] }] };
    expect((await ask(page, 'fetch', write)).status).toBe(202);
    await app.expectStatus('All changes on the server');

    const [inWorker] = context.serviceWorkers();
    const ofWorker = writesOf((await inWorker?.evaluate(() => globalThis.transactions)) ?? []);
    for (const database of OWN) {
      const own = ofWorker.filter((one) => one.database === database);
      expect(own.length).toBeGreaterThan(1);
      expect(own.filter(({ durability }) => durability !== 'strict')).toEqual([]);
    }
    const ofPage = await page.evaluate(() => globalThis.transactions);
    expect(ofPage.some(({ database }) => database === 'offing-lists')).toBe(true);
    expect(writesOf(ofPage)).toEqual([]);
  } finally {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  }
});
