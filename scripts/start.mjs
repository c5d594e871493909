/**
 * `npm start`: installs and builds what is missing, then becomes the server. The server runs in
 * this very process, so signals reach it and its exit code is ours.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt, ensureDependencies, requireNode, root, runScript } from './prerequisites.mjs';

await runScript(async () => {
  requireNode();
  ensureDependencies();
  ensureBuilt();

  const command = join(root, 'dist', 'server', 'cli', 'main.js');
  const port = process.env['PORT'] || '8787';
  const data = process.env['OFFING_DATA'] || './data';
  const extra = process.argv.slice(2);
  process.argv = [
    process.execPath,
    command,
    'serve',
    '--link',
    ...unlessGiven('--port', port, extra),
    ...unlessGiven('--data', data, extra),
    ...extra,
  ];
  await import(pathToFileURL(command).href);
  if (process.env['npm_lifecycle_event'] === 'start') followNpm();
});

/**
 * npm runs us through a shell, and a SIGTERM sent to npm ends npm and that shell but never reaches
 * us: left alone, the server would live on and keep its port. A person's Ctrl-C does reach us, and
 * then the shell may go first; the server must not be told twice.
 */
function followNpm() {
  const parent = process.ppid;
  let told = false;
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => (told = true));
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    if (!told) process.kill(process.pid, 'SIGTERM');
  }, 500);
  watch.unref();
}

/**
 * @param {string} flag
 * @param {string} value
 * @param {string[]} given
 */
function unlessGiven(flag, value, given) {
  const isGiven = given.some((arg) => arg === flag || arg.startsWith(`${flag}=`));
  return isGiven ? [] : [flag, value];
}
