/**
 * `npm run bench:cold [-- OPS RECORDS RUNS]`: a space that was worked on for long, and a device that
 * begins with nothing: from a snapshot, and by replaying the log. Then one that is killed five times on
 * the way. What each ends with is compared with what was written, item by item. For docs/new-device.md.
 */
import { createHash } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { join } from 'node:path';
import { runnerImport } from 'vite';
import { ensureBuilt, root, runScript } from '../scripts/prerequisites.mjs';
import { countsOrExit } from './arguments.mjs';
import { putFigures } from './put-figures.mjs';
import { openConnection } from './server/connection.mjs';
import { openSite } from './site.mjs';
import { startServer } from './start-server.mjs';
import { spread } from './statistics.mjs';

const USAGE = 'npm run bench:cold -- [OPS [RECORDS [RUNS]]]';
const [OPS = 0, RECORDS = 0, RUNS = 0] = countsOrExit(USAGE, [100_000, 20_000, 3]);
const KILLS = 5;
const SCREENFUL = 50;
const IN_A_PUSH = 500;
const LOOK_EVERY_MS = 20;
/** A device that makes no headway for so long never will. */
const STUCK_MS = 60_000;

/** @typedef {import('./page/item.ts').Item} Item */
/** @typedef {Awaited<ReturnType<typeof startServer>>} Server */
/** @typedef {import('../spec/crash/mortal-browser.ts').MortalBrowser} MortalBrowser */
/** @typedef {import('@playwright/test').Page} Page */
/** @typedef {{ digest: string, last: Pick<Item, 'id' | 'title'> }} Written all of it, and what was written last */
/** @typedef {{ usable: number, complete: number, bytes: number }} Begun in ms, and what the server sent */

ensureBuilt();
const { Author, uuid } = await import('./server/author.mjs');

/** @type {{ module: typeof import('../spec/crash/mortal-browser.ts') }} */
const { module: mortal } = await runnerImport(join(root, 'spec/crash/mortal-browser.ts'), {
  configFile: false,
  root,
  logLevel: 'error',
});

/** @param {readonly Begun[]} begun @param {keyof Begun} of */
const medianOf = (begun, of) => spread(begun.map(({ [of]: value }) => value)).median;

await runScript(async () => {
  const site = await openSite();
  try {
    const pages = await site.pagesOf('offing');
    const rows = [
      await measure('a snapshot', 'offing', pages),
      await measure('the log', 'replaying', pages),
    ];
    await putFigures('new-device.md', tableOf(rows));
  } finally {
    await site.close();
  }
});

/** @param {string} from @param {string} name of the server @param {string} pages */
async function measure(from, name, pages) {
  const server = await startServer(name, pages);
  try {
    const written = await workOn(server);
    /** @type {Begun[]} */
    const begun = [];
    for (let run = 0; run < RUNS; run++) {
      begun.push(await onDevice((browser) => begin(server, browser, written)));
      console.log(from, JSON.stringify(begun.at(-1)));
    }
    const stretch = medianOf(begun, 'complete') / (KILLS + 1);
    const killed = await onDevice((browser) => killOften(server, browser, written, stretch));
    console.log(from, JSON.stringify({ killed }));
    return { from, begun, killed };
  } finally {
    await server.stop();
  }
}

/** Makes the records and edits them over and over. @param {Server} server @returns {Promise<Written>} */
async function workOn(server) {
  const connection = await openConnection(server.port);
  const headers = { Authorization: `Bearer ${server.token}` };
  const { home } = await (await fetch(`${server.url}/sync/account`, { headers })).json();
  const author = new Author(home);
  /** @type {Item[]} */
  const items = Array.from({ length: RECORDS }, (_, i) => ({
    id: uuid(),
    title: `Item ${i}, thirty characters long`,
    note: 'A note of about sixty characters, as people write them.',
    done: false,
    order: `a${i}`,
  }));
  /** @param {number} n of the op @returns {{ id: string, new?: true, fields: object }} */
  const changeOf = (n) => {
    const item = /** @type {Item} */ (items[n % RECORDS]);
    const { id, ...fields } = item;
    if (n < RECORDS) return { id, new: true, fields };
    const round = Math.floor(n / RECORDS);
    const edit =
      n % 2 === 0 && n < OPS - 1 ? { done: round % 2 === 1 } : { title: `Item ${n}, edited` };
    Object.assign(item, edit);
    return { id, fields: edit };
  };
  for (let at = 0; at < OPS; at += IN_A_PUSH) {
    const payloads = Array.from({ length: Math.min(IN_A_PUSH, OPS - at) }, (_, i) =>
      JSON.stringify({ do: [{ kind: 'put', collection: 'items', ...changeOf(at + i) }] }),
    );
    author.hear(await connection.ask(author.push(server.token, payloads)));
  }
  connection.close();
  await settled(server, home);
  const last = /** @type {Item} */ (items[(OPS - 1) % RECORDS]);
  return { digest: digestOf(items), last };
}

/** Resolves when the newest snapshot is as near to the log's head as it gets, or there is to be none. @param {Server} server @param {string} home */
async function settled(server, home) {
  const headers = { Authorization: `Bearer ${server.token}` };
  let last = -1;
  for (;;) {
    const text = await (await fetch(`${server.url}/sync/bootstrap/${home}`, { headers })).text();
    const { seq } = JSON.parse(text.slice(0, text.indexOf('\n')));
    if (seq === last) return;
    last = seq;
    await setTimeout(3_000);
  }
}

/** What drive.ts says of the same items. @param {readonly Item[]} items */
function digestOf(items) {
  const sorted = [...items].sort((a, b) => (a.id < b.id ? -1 : 1));
  const plain = sorted.map(({ id, title, note, done, order }) => ({
    id,
    title,
    note,
    done,
    order,
  }));
  const hash = createHash('sha256').update(JSON.stringify(plain)).digest();
  const first = Array.from(hash.subarray(0, 8), (byte) => byte.toString(16)).join('');
  return `${items.length} items, ${first}`;
}

/** @template T @param {(browser: MortalBrowser) => Promise<T>} work @returns {Promise<T>} */
async function onDevice(work) {
  const browser = await mortal.MortalBrowser.create();
  try {
    return await work(browser);
  } finally {
    await browser.dispose();
  }
}

/** A device that has connected, and waits for the word to begin. @param {Server} server @param {MortalBrowser} browser */
async function openedOn(server, browser) {
  const page = await browser.start();
  await page.goto(server.url);
  await page.evaluate((token) => globalThis.bench.open(token), server.token);
  return page;
}

/** @param {Server} server @param {MortalBrowser} browser @param {Written} written @returns {Promise<Begun>} */
async function begin(server, browser, written) {
  const page = await openedOn(server, browser);
  const sent = await server.bytesSent();
  const { usable, complete } = await page.evaluate(
    async ({ some, all, last }) => {
      const { bench } = globalThis;
      const [arrived, lastShown, start] = await Promise.all([
        bench.arrived(some, all, last.id),
        bench.shows(last.id, last.title),
        bench.connect(),
      ]);
      const complete = Math.max(arrived.durable, lastShown);
      return { usable: arrived.usable - start, complete: complete - start };
    },
    { some: SCREENFUL, all: RECORDS, last: written.last },
  );
  await expectAll(page, written);
  return { usable, complete, bytes: (await server.bytesSent()) - sent };
}

/**
 * Kills the browser again and again while it fetches, each time after `stretch` ms. Returns what had come
 * at each kill.
 * @param {Server} server
 * @param {MortalBrowser} browser
 * @param {Written} written
 * @param {number} stretch
 */
async function killOften(server, browser, written, stretch) {
  /** @type {number[]} */
  const kills = [];
  let bytes = 0;
  for (;;) {
    const page = await openedOn(server, browser);
    const sent = await server.bytesSent();
    await page.evaluate(() => globalThis.bench.connect());
    const isLast = kills.length === KILLS;
    if (isLast) {
      await page.evaluate(({ id, title }) => globalThis.bench.shows(id, title), written.last);
      await expectAll(page, written);
    } else {
      await setTimeout(stretch);
      kills.push(await page.evaluate(() => globalThis.bench.count()));
    }
    // Without the app's own files, which each new start fetches again.
    bytes += (await server.bytesSent()) - sent;
    if (isLast) return { kills, bytes };
    await browser.kill();
  }
}

/** What is shown last may not be what comes last. @param {Page} page @param {Written} written */
async function expectAll(page, { digest }) {
  const until = performance.now() + STUCK_MS;
  let found = '';
  while (found !== digest) {
    if (performance.now() > until) throw new Error(`${digest} were written, ${found} are there`);
    await setTimeout(LOOK_EVERY_MS);
    found = await page.evaluate(() => globalThis.bench.digest());
  }
}

/** @param {readonly { from: string, begun: readonly Begun[], killed: { kills: readonly number[], bytes: number } }[]} rows */
function tableOf(rows) {
  const seconds = (/** @type {number} */ ms) => `${(ms / 1000).toFixed(2)} s`;
  const MB = (/** @type {number} */ bytes) => `${(bytes / 1e6).toFixed(2)} MB`;
  const lines = rows.map(({ from, begun, killed: { kills, bytes } }) => {
    return `| ${from} | ${seconds(medianOf(begun, 'usable'))} | ${seconds(medianOf(begun, 'complete'))} | ${MB(medianOf(begun, 'bytes'))} | ${kills.map((n) => n.toLocaleString('en')).join(', ')} | ${MB(bytes)} |`;
  });
  const what = `${OPS.toLocaleString('en')} ops over ${RECORDS.toLocaleString('en')} records; medians of ${RUNS}.`;
  return [
    what,
    '',
    '| begins from | usable | complete | sent | killed at, records | sent, with the kills |',
    '| --- | --: | --: | --: | --- | --: |',
    ...lines,
  ].join('\n');
}
