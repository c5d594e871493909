/**
 * `npm run bench`: the workloads, each beside the physical limit and beside peers of the same run.
 * Prints tables and writes the result to bench/results/latest.json, after each run what there is by
 * then; `npm run bench:page` draws the page.
 */
import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { constants, cpus, loadavg, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { findBrowser } from '../scripts/find-browser.mjs';
import { readArguments, USAGE, UsageError } from './arguments.mjs';
import { CONTESTANTS, LEFT_OUT } from './contestants.mjs';
import { ensurePeers, versionsOf } from './install-peers.mjs';
import { figureNames, Runs } from './results.mjs';
import { SCALES } from './scale.mjs';
import { openSite } from './site.mjs';
import { failuresOf, tablesOf } from './table.mjs';
import { endAll } from './world.mjs';

const root = join(import.meta.dirname, '..');

const WORKLOAD_FILES = [
  'w1-local-write',
  'w2-many-writes',
  'w3-drain',
  'w4-device-to-device',
  'w5-bootstrap',
  'w6-server',
  'w7-bytes',
  'w8-long-list',
  'w9-fold',
];

/** @typedef {import('./workloads/workload.mjs').Workload} Workload */
/** @typedef {import('./workloads/workload.mjs').Entrant} Entrant */

/** What told the bench to end; told twice it does at once. @type {NodeJS.Signals | undefined} */
let told;
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.once(signal, () => {
    told = signal;
    process.exitCode = 128 + constants.signals[signal];
    // What is under way fails, and nothing follows it.
    void endAll();
  });
}

try {
  const asked = readArguments(process.argv.slice(2));
  if (asked.help) console.log(USAGE);
  else await bench(asked);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`${error.message}\n\n${USAGE}`);
  process.exitCode = 2;
}

/** @param {string} name @returns {Promise<Workload>} */
async function readWorkload(name) {
  const { workload } = /** @type {{ workload: Workload }} */ (
    await import(`./workloads/${name}.mjs`)
  );
  return workload;
}

/** @param {import('./arguments.mjs').Asked} asked */
async function bench(asked) {
  const startedAt = Date.now();
  const load = loadavg()[0] ?? 0;
  const scale = { ...SCALES[asked.scale], ...(asked.runs ? { runs: asked.runs } : {}) };
  const contestants = chosen(asked);
  if (contestants.some(({ role }) => role === 'peer')) ensurePeers();
  execFileSync(process.execPath, [join(root, 'scripts', 'build.mjs')], { stdio: 'inherit' });
  // What they measure has to be built when they are read.
  const all = await Promise.all(WORKLOAD_FILES.map(readWorkload));
  const workloads = all.filter(({ id }) => asked.only.includes(id));
  const on = machine(load);
  /** @param {number} runs @param {readonly import('./results.mjs').Part[]} parts @returns {import('./results.mjs').Result} */
  const resultOf = (runs, parts) => ({
    version: 1,
    date: new Date().toISOString(),
    scale: asked.scale,
    runs,
    seconds: Math.round((Date.now() - startedAt) / 1000),
    machine: on,
    contestants: contestants.map(({ title, role, write, batch, server, packages }) => ({
      title,
      role,
      write,
      batch,
      server,
      versions: versionsOf(packages),
    })),
    leftOut: LEFT_OUT,
    parts,
  });
  const file = asked.results ?? join(root, 'bench', 'results', 'latest.json');
  await mkdir(dirname(file), { recursive: true });
  let result = resultOf(0, []);
  // A run of all takes long: one that is ended early has what it came to.
  for await (const { run, parts } of measure(workloads, contestants, scale)) {
    result = resultOf(run, parts);
    await writeFile(file, `${JSON.stringify(result, null, 2)}\n`);
  }
  if (told) console.error(`Ended by ${told} after ${result.runs} of ${scale.runs} runs.`);
  else tell(result);
}

/** @param {import('./arguments.mjs').Asked} asked */
function chosen({ peers, alone, scale }) {
  const all = CONTESTANTS.filter(({ role }) => role === 'peer');
  const ids = all.map(({ id }) => id);
  const usual = all.filter(({ quick }) => quick || scale !== 'quick').map(({ id }) => id);
  const asked = peers === 'usual' ? usual : peers === 'all' ? ids : peers;
  const unknown = asked.find((id) => !ids.includes(id));
  if (unknown !== undefined) {
    throw new UsageError(`there is no peer ${unknown}; there are ${ids.join(', ')}`);
  }
  return CONTESTANTS.filter(({ id, role }) => (role === 'peer' ? asked.includes(id) : !alone));
}

/**
 * A run of each workload by each entrant, and then the next run of all: a machine that is busy for a
 * while is so for everybody. Yields after each what all came to so far.
 * @param {readonly Workload[]} workloads
 * @param {readonly import('./contestants.mjs').Contestant[]} contestants
 * @param {import('./scale.mjs').Scale} scale
 */
async function* measure(workloads, contestants, scale) {
  const site = await openSite();
  const gathered = workloads.map((workload) => ({
    workload,
    rows: workload.entrants(contestants).map((entrant) => ({ entrant, runs: new Runs() })),
  }));
  try {
    for (let run = 1; run <= scale.runs; run++) {
      for (const { workload, rows } of gathered) {
        for (const { entrant, runs } of rows) {
          const startedAt = performance.now();
          const failure = await once(workload, { entrant, site, scale }, runs);
          if (told) return;
          const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
          const how =
            failure === undefined ? `${seconds} s` : `FAILED after ${seconds} s: ${failure}`;
          console.error(`run ${run} of ${scale.runs}: ${workload.id}, ${entrant.title}: ${how}`);
        }
      }
      const parts = gathered.map(({ workload, rows }) =>
        partOf(
          workload,
          rows.map(({ entrant, runs }) => runs.row(entrant)),
        ),
      );
      yield { run, parts };
    }
  } finally {
    await site.close();
  }
}

/** @param {Workload} workload @param {readonly import('./results.mjs').Row[]} rows @returns {import('./results.mjs').Part} */
function partOf({ id, title, about, plot }, rows) {
  const part = { id, title, about, better: plot.better, drawn: [], rows };
  return { ...part, drawn: figureNames(part).filter(plot.figures) };
}

/**
 * A run that fails, or does not end, is a failure of this entrant: the others go on.
 * @param {Workload} workload
 * @param {import('./workloads/workload.mjs').Setting} setting
 * @param {Runs} runs
 */
async function once(workload, setting, runs) {
  const { longestMs } = setting.scale;
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    // Whatever it waits for is gone with all that is under way, so that it ends.
    void endAll();
  }, longestMs);
  try {
    runs.add(await workload.run(setting));
    return undefined;
  } catch (error) {
    const reason = late ? `no end after ${longestMs / 1000} s` : error;
    runs.fail(reason);
    return String(reason).split('\n')[0];
  } finally {
    clearTimeout(timer);
  }
}

/** @param {number} load before anything of the bench ran */
function machine(load) {
  const [cpu] = cpus();
  return {
    cpus: cpus().length,
    model: cpu?.model ?? '',
    memory: totalmem(),
    node: process.version,
    browser: execFileSync(findBrowser() ?? '', ['--version'], { encoding: 'utf8' }).trim(),
    load,
  };
}

/** @param {import('./results.mjs').Result} result */
function tell({ parts, runs, seconds, machine: { load } }) {
  for (const part of parts) console.log(`\n## ${part.id} ${part.title}\n\n${tablesOf(part)}`);
  const failures = failuresOf(parts);
  if (failures.length > 0)
    console.log(`\n## What did not run to its end\n\n${failures.join('\n')}`);
  console.log(`\nMedian of ${runs} (least–greatest), ${seconds} s.`);
  if (load > 0.5)
    console.log(`The machine was busy (load ${load.toFixed(1)}): not for the record.`);
  if (failures.length > 0) process.exitCode = 1;
}
