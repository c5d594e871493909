/**
 * `npm run bench`: the first figures, each the median of several runs on fresh profiles, beside the
 * physical limit of the same run. Prints a table and writes bench/results/latest.json.
 */
import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { withDevice } from './devices.mjs';
import { measureServer } from './server/measure.mjs';
import { openSite } from './site.mjs';
import { measureSizes } from './sizes.mjs';
import { percentile, spread } from './statistics.mjs';

const root = join(import.meta.dirname, '..');
const RUNS = Number(process.env['OFFING_BENCH_RUNS'] ?? 5);
const WRITES = 200;
const DEEP = 10_000;
const EDITS = 20;
const SERVER = { pushes: 4096, batches: 40, pollers: 10_000 };

/** @typedef {{ page: import('@playwright/test').Page, context: import('@playwright/test').BrowserContext }} Device */

execFileSync(process.execPath, [join(root, 'scripts', 'build.mjs')], { stdio: 'inherit' });
const site = await openSite();
/** @type {Record<string, ReturnType<typeof spread>>} */
const figures = {};
try {
  await measure('local write', localWrites);
  await measure('drain', drains);
  await measure('device to device', deviceToDevice);
  await measure('server', () => measureServer(SERVER));
} finally {
  await site.close();
}
const sizes = await measureSizes();
await report();

/**
 * Runs `once` several times and keeps the spread of each figure it returns.
 * @param {string} group
 * @param {() => Promise<Record<string, number>>} once
 */
async function measure(group, once) {
  /** @type {Record<string, number[]>} */
  const runs = {};
  for (let run = 0; run < RUNS; run++) {
    for (const [name, value] of Object.entries(await once())) (runs[name] ??= []).push(value);
    process.stderr.write(`${group}: run ${run + 1} of ${RUNS}\n`);
  }
  for (const [name, values] of Object.entries(runs)) figures[`${group}, ${name}`] = spread(values);
}

/** One awaited, durable write, at two depths of the outbox, through each door, beside bare Dexie. */
async function localWrites() {
  /** @type {Record<string, number>} */
  const result = {};
  for (const door of /** @type {const} */ (['port', 'fetch'])) {
    await withDevice(site.url, async ({ page }) => {
      await page.evaluate((by) => globalThis.bench.open(by), door);
      note(
        result,
        'bare Dexie',
        await page.evaluate((n) => globalThis.bench.bareWrites(n), WRITES),
      );
      await page.evaluate((n) => globalThis.bench.writes(n), 20);
      note(
        result,
        `${door}, outbox empty`,
        await page.evaluate((n) => globalThis.bench.writes(n), WRITES),
      );
      // Through the faster door, whichever is measured: only the depth counts.
      await page.evaluate(() => globalThis.bench.open('port'));
      await page.evaluate((n) => globalThis.bench.fill(n), DEEP);
      await page.evaluate((by) => globalThis.bench.open(by), door);
      note(
        result,
        `${door}, outbox of ${DEEP}`,
        await page.evaluate((n) => globalThis.bench.writes(n), WRITES),
      );
    });
  }
  return result;
}

/** @param {Record<string, number>} result @param {string} name @param {number[]} times */
function note(result, name, times) {
  result[`${name}, p50 ms`] = percentile(times, 0.5);
  result[`${name}, p95 ms`] = percentile(times, 0.95);
}

/** 10,000 ops queued offline, as single writes and as one bulk write, to the durable server. */
async function drains() {
  /** @type {Record<string, number>} */
  const result = {};
  for (const how of /** @type {const} */ (['fill', 'fillBulk'])) {
    const token = await site.newToken();
    await withDevice(site.url, async ({ page }) => {
      await page.evaluate(() => globalThis.bench.open('port'));
      await page.evaluate(
        async ({ url, secret }) => {
          await globalThis.bench.join(url, secret);
          await globalThis.bench.pause();
        },
        { url: site.url, secret: token },
      );
      await page.evaluate(({ by, n }) => globalThis.bench[by](n), { by: how, n: DEEP });
      const ms = await page.evaluate(async () => {
        const start = globalThis.bench.wallTime();
        await globalThis.bench.resume();
        return (await globalThis.bench.drained()) - start;
      });
      result[`${how === 'fill' ? 'single writes' : 'one bulk write'}, ops/s`] = DEEP / (ms / 1000);
    });
  }
  return result;
}

/** From the start of a write in A's page until B's page is told the op. */
async function deviceToDevice() {
  return {
    ...(await edits('poke', async () => {})),
    ...(await edits('polling', async ({ context }) => {
      await context.route('**/sync/events*', (route) => route.abort());
    })),
  };
}

/** @param {string} how @param {(b: Device) => Promise<void>} prepare */
async function edits(how, prepare) {
  const token = await site.newToken();
  return withDevice(site.url, (a) =>
    withDevice(site.url, async (b) => {
      await prepare(b);
      for (const { page } of [a, b]) {
        await page.evaluate(() => globalThis.bench.open('port'));
        await page.evaluate(
          ([url, secret]) => globalThis.bench.join(url ?? '', secret ?? ''),
          [site.url, token],
        );
      }
      await a.page.waitForTimeout(1000);
      const times = [];
      for (const id of await a.page.evaluate((n) => globalThis.bench.ids(n), EDITS)) {
        // The listener is in place before the write is made; a person's next sign of life comes with each.
        await b.page.mouse.move(10 + Math.random() * 100, 10);
        const told = b.page.evaluate((which) => globalThis.bench.told(which), id);
        await b.page.evaluate(() => 0);
        const start = await a.page.evaluate((which) => globalThis.bench.write(which), id);
        times.push((await told) - start);
        await a.page.waitForTimeout(Math.random() * 200);
      }
      return {
        [`${how}, p50 ms`]: percentile(times, 0.5),
        [`${how}, p95 ms`]: percentile(times, 0.95),
      };
    }),
  );
}

async function report() {
  const machine = {
    cpus: cpus().length,
    model: cpus()[0]?.model,
    memory: totalmem(),
    node: process.version,
  };
  const result = { date: new Date().toISOString(), runs: RUNS, machine, figures, sizes };
  await mkdir(join(root, 'bench', 'results'), { recursive: true });
  await writeFile(
    join(root, 'bench', 'results', 'latest.json'),
    `${JSON.stringify(result, null, 2)}\n`,
  );
  const round = (/** @type {number} */ n) =>
    n >= 100 ? Math.round(n).toLocaleString('en') : n.toFixed(2);
  console.log(`\n| figure (median of ${RUNS}) | median | min | max |\n|---|---|---|---|`);
  for (const [name, { median, min, max }] of Object.entries(figures)) {
    console.log(`| ${name} | ${round(median)} | ${round(min)} | ${round(max)} |`);
  }
  console.log('\n| gzip | bytes |\n|---|---|');
  for (const [name, bytes] of Object.entries(sizes))
    console.log(`| ${name} | ${bytes.toLocaleString('en')} |`);
}
