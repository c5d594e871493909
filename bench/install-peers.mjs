/** The peers' packages: a package file of their own beside this, installed when somebody asks for a peer. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const here = import.meta.dirname;
const require = createRequire(import.meta.url);

/** Installs what is missing, or other than the lock file says. */
export function ensurePeers() {
  const stamp = join(here, 'node_modules', '.offing-peers');
  const lock = createHash('sha256')
    .update(readFileSync(join(here, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  console.error('Installing the peers (npm install in bench/, some hundred MB) …');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  // Not `npm ci`: some peers have native packages for other systems that no registry need have.
  const { status } = spawnSync(
    npm,
    ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'],
    {
      cwd: here,
      stdio: ['ignore', 'ignore', 'inherit'],
      shell: process.platform === 'win32',
    },
  );
  if (status !== 0) {
    throw new Error('The peers could not be installed; `npm run bench -- --no-peers` needs none.');
  }
  writeFileSync(stamp, lock);
}

/** What is really there, as a person writes it. @param {readonly string[]} packages */
export const versionsOf = (packages) =>
  packages.map((name) => `${name} ${versionOf(name)}`).join(', ');

/** @param {string} name */
function versionOf(name) {
  const folder = (require.resolve.paths(name) ?? []).find((path) =>
    existsSync(join(path, name, 'package.json')),
  );
  if (folder === undefined) return '(not installed)';
  return JSON.parse(readFileSync(join(folder, name, 'package.json'), 'utf8')).version;
}
