/**
 * What a checkout needs before anything of it can run: a Node that is new enough, the packages,
 * the native SQLite binding and a build. Uses nothing but Node itself, because it runs in a
 * fresh clone where there are no packages yet.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const buildStamp = join(root, 'dist', '.built');

const OLDEST_NODE = /** @type {const} */ ([20, 19]);
const BUILT_FROM = [
  'core',
  'sw',
  'web',
  'conformance',
  'server',
  'scripts/build.mjs',
  'scripts/bundle-sizes.mjs',
  'package-lock.json',
];

/** A sentence for the person at the terminal, without a stack trace. */
export class Unprepared extends Error {
  /** @override */
  name = 'Unprepared';
}

/**
 * Runs a script's main function: an Unprepared is told in words and ends with code 1.
 * @param {() => Promise<void>} main
 */
export async function runScript(main) {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof Unprepared)) throw error;
    console.error(`\n${error.message}\n`);
    process.exitCode = 1;
  }
}

export function requireNode(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_NODE;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  throw new Unprepared(
    `Offing needs Node ${oldestMajor}.${oldestMinor} or newer; this is Node ${version}.\n` +
      `Install a current one: ${howToInstall('node')}`,
  );
}

/** Installs the packages when they are missing or older than the lockfile. */
export function ensureDependencies() {
  if (!dependenciesAreFresh()) {
    requireNpm();
    if (!onPath('git')) console.warn(`Note: git is not installed (${howToInstall('git')}).`);
    console.log('Installing packages (npm ci) …');
    const status = npm(['ci', '--include=dev', '--no-audit', '--no-fund']);
    if (status !== 0) throw new Unprepared(installFailure());
  }
  ensureSqlite();
}

/** Builds when dist/ is missing or older than what it is made from. */
export function ensureBuilt() {
  if (buildIsFresh()) return;
  console.log('Building …');
  const status = node(['scripts/build.mjs']);
  if (status !== 0) throw new Unprepared('The build failed; what it said is above.');
}

/**
 * Runs a Node program in the checkout, its output passed on, and returns its exit code.
 * @param {string[]} args
 * @param {Record<string, string>} [env]
 */
export function node(args, env = {}) {
  return run(process.execPath, args, env);
}

/**
 * The script that a package's command stands for: run with Node itself, it needs no shell and is
 * the same on every platform.
 * @param {string} packageName
 * @param {string} [command]
 */
export function binOf(packageName, command = packageName) {
  const folder = join(root, 'node_modules', packageName);
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const bin = typeof manifest.bin === 'string' ? manifest.bin : manifest.bin?.[command];
  if (bin === undefined) throw new Error(`${packageName} has no command ${command}`);
  return join(folder, bin);
}

/** @param {string} command */
export function onPath(command) {
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', '.bat'] : [''];
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  for (const folder of folders) {
    for (const ending of endings) {
      const path = join(folder, command + ending);
      if (existsSync(path)) return path;
    }
  }
  return undefined;
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {Record<string, string>} [env]
 */
export function run(command, args, env = {}) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
  });
  if (error) console.error(`${command}: ${error.message}`);
  return status ?? 1;
}

function dependenciesAreFresh() {
  const installed = modifiedAt(join(root, 'node_modules', '.package-lock.json'));
  return installed !== undefined && installed >= (modifiedAt(join(root, 'package-lock.json')) ?? 0);
}

function buildIsFresh() {
  const built = modifiedAt(buildStamp);
  if (built === undefined) return false;
  const configs = readdirSync(root).filter((name) =>
    /^(tsconfig.*\.json|vite\.config\.ts)$/.test(name),
  );
  return [...BUILT_FROM, ...configs].every((name) => newestIn(join(root, name)) <= built);
}

/**
 * The newest modification in a tree. Folders count as well, because a deleted file shows only in
 * its folder; tests do not.
 * @param {string} path
 * @returns {number}
 */
function newestIn(path) {
  const own = modifiedAt(path);
  if (own === undefined) return 0;
  if (!statSync(path).isDirectory()) return /\.test\.tsx?$/.test(path) ? 0 : own;
  return Math.max(own, ...readdirSync(path).map((name) => newestIn(join(path, name))));
}

/** @param {string} path */
function modifiedAt(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}

/** @param {string[]} args */
function npm(args) {
  const self = process.env['npm_execpath'];
  if (self !== undefined && /npm-cli\.c?js$/.test(self)) return node([self, ...args]);
  if (process.platform !== 'win32') return run('npm', args);
  return run(process.env['ComSpec'] ?? 'cmd.exe', ['/d', '/s', '/c', ['npm', ...args].join(' ')]);
}

function requireNpm() {
  if (process.env['npm_execpath'] === undefined && onPath('npm') === undefined) {
    throw new Unprepared(`npm is missing. Install it: ${howToInstall('npm')}`);
  }
}

/**
 * The binding is native code: npm may have been told to run no install scripts, or Node may have
 * changed its version since. Both are mended by building it again.
 */
function ensureSqlite() {
  if (sqliteLoads()) return;
  console.log('Building the SQLite binding (npm rebuild better-sqlite3) …');
  npm(['rebuild', 'better-sqlite3']);
  if (!sqliteLoads()) throw new Unprepared(installFailure());
}

function sqliteLoads() {
  const probe = "new (require('better-sqlite3'))(':memory:').close()";
  return spawnSync(process.execPath, ['-e', probe], { cwd: root, stdio: 'ignore' }).status === 0;
}

function installFailure() {
  const missing = missingCompilerTools();
  if (missing.length === 0) return 'Installing the packages failed; what npm said is above.';
  return (
    'Installing the packages failed. Where better-sqlite3 has no prebuilt binary for this machine it\n' +
    `is compiled, and for that this is missing: ${missing.join(', ')}.\n` +
    `Install it: ${howToInstall('compiler')}\nThen run the same command again.`
  );
}

function missingCompilerTools() {
  if (process.platform === 'win32') return onPath('python') ? [] : ['Python 3'];
  const tools = [
    { name: 'python3', found: onPath('python3') },
    { name: 'make', found: onPath('make') },
    { name: 'a C++ compiler (g++)', found: onPath('g++') ?? onPath('c++') ?? onPath('clang++') },
  ];
  return tools.filter((tool) => tool.found === undefined).map((tool) => tool.name);
}

/** @param {'node' | 'npm' | 'git' | 'compiler'} what */
function howToInstall(what) {
  const everywhere = 'https://nodejs.org/en/download';
  switch (process.platform) {
    case 'darwin':
      return { node: 'brew install node', npm: 'brew install node', git: 'xcode-select --install' }[
        what === 'compiler' ? 'git' : what
      ];
    case 'win32':
      return {
        node: `winget install OpenJS.NodeJS.LTS`,
        npm: `winget install OpenJS.NodeJS.LTS`,
        git: 'winget install Git.Git',
        compiler:
          'winget install Python.Python.3.12 and winget install Microsoft.VisualStudio.2022.BuildTools ' +
          '(with the workload "Desktop development with C++")',
      }[what];
    default:
      if (what === 'node') return everywhere;
      if (onPath('apt-get')) {
        return {
          npm: 'sudo apt-get install npm',
          git: 'sudo apt-get install git',
          compiler: 'sudo apt-get install python3 make g++',
        }[what];
      }
      if (onPath('dnf')) {
        return {
          npm: 'sudo dnf install npm',
          git: 'sudo dnf install git',
          compiler: 'sudo dnf install python3 make gcc-c++',
        }[what];
      }
      if (onPath('apk')) {
        return {
          npm: 'apk add npm',
          git: 'apk add git',
          compiler: 'apk add python3 make g++',
        }[what];
      }
      return what === 'npm' ? everywhere : 'with the package manager of your system';
  }
}
