/**
 * `npm run crash -- --server-kills 200 --browser-kills 50 --seed 1`: kills the real server and a real
 * browser again and again while they are at work, and says what was lost of what they had accepted.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runnerImport } from 'vite';
import { ensureBuilt, root, runScript } from './prerequisites.mjs';

/** @typedef {import('../spec/crash/server-kills.ts').CrashOptions} CrashOptions */
/** @typedef {{ lost: number, doubled: number, faults: readonly string[] }} Figures */

const { values } = parseArgs({
  options: {
    'server-kills': { type: 'string', default: '200' },
    'browser-kills': { type: 'string', default: '50' },
    seed: { type: 'string', default: '1' },
  },
});

await runScript(async () => {
  ensureBuilt();
  await crash('server kills', 'server-kills.ts', 'killServers', Number(values['server-kills']));
  await crash('browser kills', 'browser-kills.ts', 'killBrowsers', Number(values['browser-kills']));
});

/**
 * @param {string} title
 * @param {string} file
 * @param {string} name of the function in it that does the killing
 * @param {number} kills
 */
async function crash(title, file, name, kills) {
  if (kills === 0) return;
  /** @type {{ module: Record<string, (options: CrashOptions) => Promise<Figures>> }} */
  const { module } = await runnerImport(join(root, 'spec', 'crash', file), {
    configFile: false,
    root,
    logLevel: 'error',
  });
  const seed = Number(values.seed);
  const figures = await module[name]?.({ kills, seed, tell: (line) => console.log(line) });
  if (!figures) throw new Error(`${file} has no ${name}`);
  console.log(`\n${kills} ${title}, seed ${seed}`);
  for (const [what, value] of Object.entries(figures)) {
    console.log(`  ${what}: ${JSON.stringify(value)}`);
  }
  if (figures.lost > 0 || figures.doubled > 0 || figures.faults.length > 0) process.exitCode = 1;
}
