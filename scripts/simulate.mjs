/**
 * `npm run simulate -- --seeds 1000 --from 1 --jobs 2 --report run.html`: many seeded runs of the
 * server and its devices under faults. `-- --seed 7` tells one in full, and `-- --known-bad` holds
 * the simulator against changes that it must catch. Ctrl-C ends a run with what was done so far.
 */
import { join } from 'node:path';
import { runnerImport } from 'vite';
import { root, runScript } from './prerequisites.mjs';

const stop = new AbortController();
process.once('SIGINT', () => stop.abort());
process.once('SIGTERM', () => stop.abort());

await runScript(async () => {
  /** @type {{ module: typeof import('../spec/simulation/run/command.ts') }} */
  const { module } = await runnerImport(join(root, 'spec/simulation/run/command.ts'), {
    configFile: false,
    root,
    logLevel: 'error',
  });
  process.exitCode = await module.simulateCommand(process.argv.slice(2), {
    tell: (line) => console.log(line),
    signal: stop.signal,
  });
});
