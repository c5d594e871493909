/**
 * `npm run bench:year`: a year of a household of devices on one server, in minutes: what the log, its
 * database and its snapshots come to. The server is the real one over its
 * real store; time is the year's own, and a device is what it sends: ops, cursor and digest.
 */
import { mkdtemp, mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from '../scripts/prerequisites.mjs';
import { countsOrExit } from './arguments.mjs';
import { barChart } from './plots.mjs';
import { putFigures } from './put-figures.mjs';

const [DAYS = 0] = countsOrExit('npm run bench:year -- [DAYS]', [390]);
const SPACES = 5;
const DEVICES_PER_SPACE = 6;
const EDITS_A_DAY = 1000;
/** Items that a list has on a usual day. */
const LIVING = 200;
const LOOK_EVERY_DAYS = 30;
const DAY_MS = 24 * 3_600_000;
const BEGIN = Date.UTC(2025, 0, 1);
const FIGURES = /** @type {const} */ (['ops', 'log', 'database', 'snapshots']);
const root = join(import.meta.dirname, '..');

ensureBuilt();
const { composeServer, openSqliteStore } = await import('../dist/server/index.js');

/** @typedef {{ day: number, ops: number, log: number, database: number, snapshots: number }} Look */
/** @typedef {{ actor: string, clock: number, since: number, epoch?: string, digest?: string }} Device */
/** @typedef {{ space: string, devices: Device[], living: string[], made: number }} List */

/** A generator that is the same in each run (mulberry32). @param {number} seed */
function randomOf(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** @param {string} kind @param {number} n */
const uuid = (kind, n) => `0199${kind}000-0000-7000-8000-${String(n).padStart(12, '0')}`;

/** @returns {Promise<Look[]>} */
async function live() {
  const data = await mkdtemp(join(tmpdir(), 'offing-year-'));
  const store = openSqliteStore(data);
  let now = BEGIN;
  const parts = composeServer(store, {
    now: () => now,
    report: (error) => {
      throw error;
    },
  });
  const { id: account } = await parts.accounts.named('household');
  const token = await parts.tokens.mint({ account, label: 'year' });
  const random = randomOf(1);
  /** @type {List[]} */
  const lists = Array.from({ length: SPACES }, (_, s) => ({
    space: uuid('a', s + 1),
    devices: Array.from({ length: DEVICES_PER_SPACE }, (_, d) => ({
      actor: uuid('b', s * DEVICES_PER_SPACE + d + 1),
      clock: 0,
      since: 0,
    })),
    living: [],
    made: 0,
  }));

  /** @param {List} list @param {Device} device @param {number} edits */
  async function push(list, device, edits) {
    const ops = Array.from({ length: edits }, () => ({
      clock: (device.clock += 1),
      base: device.since,
      at: now,
      v: 1,
      payload: JSON.stringify({ do: [editOf(list, random)] }),
    }));
    const { actor, since, epoch, digest } = device;
    const asked = { actor, since, create: true, ops, ...(digest && { epoch, digest }) };
    const response = await parts.app.request('/sync/push', {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ spaces: { [list.space]: asked } }),
    });
    const body = await response.json();
    const answer = body.spaces?.[list.space];
    if (!answer || answer.error) throw new Error(JSON.stringify(body));
    device.since += answer.ops.length;
    Object.assign(device, { epoch: answer.epoch, digest: answer.digest });
  }

  /** @type {Look[]} */
  const looks = [];
  try {
    for (let day = 1; day <= DAYS; day++) {
      for (const list of lists) {
        const each = EDITS_A_DAY / SPACES / DEVICES_PER_SPACE;
        for (const [d, device] of list.devices.entries()) {
          now = BEGIN + day * DAY_MS + d * 3_600_000;
          // As the app does when it is opened: what others did is on screen before anything is written.
          await push(list, device, 0);
          await push(list, device, Math.floor(each) + (random() < each % 1 ? 1 : 0));
        }
      }
      await parts.keeper.idle();
      await parts.retention.tick(DAY_MS);
      if (day % LOOK_EVERY_DAYS === 0) looks.push(await lookAt(data, day));
    }
  } finally {
    await parts.retention.stop();
    await parts.keeper.stop();
    store.close();
    await rm(data, { recursive: true });
  }
  return looks;
}

/** Half of them make or delete an item, so that a list stays as long as it is. @param {List} list @param {() => number} random */
function editOf(list, random) {
  const collection = 'items';
  const item = list.living[Math.floor(random() * list.living.length)];
  if (item === undefined || (random() < 0.5 && random() * 2 * LIVING > list.living.length)) {
    const id = uuid('c', (list.made += 1));
    list.living.push(id);
    const fields = { title: `Item ${list.made}`, done: false, order: `a${list.made}` };
    return { kind: 'put', collection, id, new: true, fields };
  }
  if (random() < 0.5) {
    list.living.splice(list.living.indexOf(item), 1);
    return { kind: 'delete', collection, id: item };
  }
  return { kind: 'put', collection, id: item, fields: { done: random() < 0.5 } };
}

/** @param {string} data @param {number} day @returns {Promise<Look>} */
async function lookAt(data, day) {
  const { default: Database } = await import('better-sqlite3');
  const file = join(data, 'offing.db');
  const db = new Database(file, { readonly: true });
  /** @param {string} sql */
  const one = (sql) => /** @type {number} */ (db.prepare(sql).pluck().get() ?? 0);
  const found = {
    day,
    ops: one('SELECT count(*) FROM op'),
    log: one('SELECT sum(octet_length(payload)) FROM op'),
    snapshots: one('SELECT sum(octet_length(body)) FROM snapshot_part'),
    database: (await stat(file)).size,
  };
  db.close();
  return found;
}

const begun = performance.now();
const looks = await live();
console.log(`${DAYS} days in ${((performance.now() - begun) / 60_000).toFixed(1)} min`);

const TITLES = {
  ops: 'Ops in the logs',
  log: 'Bytes of their payloads',
  database: 'Bytes of the database file',
  snapshots: 'Bytes of the snapshots',
};
const panels = FIGURES.map((figure) => ({
  title: TITLES[figure],
  bars: looks.map(({ day, [figure]: value }) => ({
    label: `day ${day}`,
    role: 'ours',
    median: value,
    min: value,
    max: value,
  })),
}));
const plots = join(root, 'docs', 'plots');
await mkdir(plots, { recursive: true });
for (const theme of /** @type {const} */ (['light', 'dark'])) {
  const svg = barChart(panels, theme, 'Size of log, database and snapshots over a year');
  await writeFile(join(plots, `year-${theme}.svg`), svg);
}

const MB = (/** @type {number} */ n) => `${(n / 1e6).toFixed(1)} MB`;
const table = [
  '| day | ops | payloads | database | snapshots |',
  '| --: | --: | -------: | -------: | --------: |',
  ...looks.map(
    ({ day, ops, log, database, snapshots }) =>
      `| ${day} | ${ops.toLocaleString('en')} | ${MB(log)} | ${MB(database)} | ${MB(snapshots)} |`,
  ),
].join('\n');
await putFigures('retention.md', table);
