/**
 * Finds a Chromium to run the browser tests in, and gets one where there is none. Nothing is ever
 * downloaded by `npm ci`.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { binOf, node, onPath, run, runScript, Unprepared } from './prerequisites.mjs';

/** For Chromium without a display, as root in a container too, and without calls of its own to anywhere. */
export const BROWSER_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

const COMMANDS = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
];

/**
 * The path of a browser that starts, or undefined. What was found is kept in OFFING_BROWSER, so
 * that child processes need not look again.
 * @returns {string | undefined}
 */
export function findBrowser() {
  const named = process.env['OFFING_BROWSER'] || process.env['CHROME_PATH'];
  if (named) return named;
  const found = [playwrightsOwn(), ...onThisSystem()].find(
    (path) => path !== undefined && starts(path),
  );
  if (found !== undefined) process.env['OFFING_BROWSER'] = found;
  return found;
}

/**
 * Like findBrowser, but installs one if need be.
 * @returns {string}
 */
export function ensureBrowser() {
  const found = findBrowser();
  if (found !== undefined) return found;
  for (const install of [installPlaywrights, installLibraries, installDebians]) {
    const here = install() ? findBrowser() : undefined;
    if (here !== undefined) return here;
  }
  throw new Unprepared(
    'The browser tests need Chromium, and it could not be installed from here. Install it with\n' +
      '  npx playwright install --with-deps chromium\n' +
      'or your package manager (Debian: sudo apt-get install chromium; macOS: brew install chromium),\n' +
      'or name one: OFFING_BROWSER=/path/to/chrome npm test',
  );
}

function installPlaywrights() {
  console.log('No browser found: installing Chromium with Playwright …');
  return node([binOf('@playwright/test', 'playwright'), 'install', 'chromium']) === 0;
}

/** Playwright's Chromium may be here and only lack shared libraries. */
function installLibraries() {
  if (!isRootWithApt() || playwrightsOwn() === undefined) return false;
  return node([binOf('@playwright/test', 'playwright'), 'install-deps', 'chromium']) === 0;
}

function installDebians() {
  if (!isRootWithApt()) return false;
  console.log('Installing the Chromium of this system with apt-get …');
  const quiet = { DEBIAN_FRONTEND: 'noninteractive' };
  return (
    run('apt-get', ['update'], quiet) === 0 &&
    run('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], quiet) === 0
  );
}

function isRootWithApt() {
  return process.getuid?.() === 0 && onPath('apt-get') !== undefined;
}

function playwrightsOwn() {
  try {
    const { chromium } = createRequire(import.meta.url)('@playwright/test');
    const path = chromium.executablePath();
    return existsSync(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

function onThisSystem() {
  return [...COMMANDS.map(onPath), ...usualPlaces().filter((path) => existsSync(path))];
}

function usualPlaces() {
  const env = process.env;
  switch (process.platform) {
    case 'darwin':
      return [
        '/Applications/Chromium.app/Contents/MacOS/Chromium',
        '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
      ];
    case 'win32':
      return [env['PROGRAMFILES'], env['PROGRAMFILES(X86)'], env['LOCALAPPDATA']]
        .filter((folder) => folder !== undefined)
        .flatMap((folder) => [
          join(folder, 'Chromium', 'Application', 'chrome.exe'),
          join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe'),
        ]);
    default:
      return ['/snap/bin/chromium'];
  }
}

/**
 * Some systems have a stub that only tells how to install the real one. Chrome for Windows opens a
 * window for --version, so there the file alone must do.
 * @param {string} path
 */
function starts(path) {
  if (process.platform === 'win32') return true;
  const { status, stdout } = spawnSync(path, ['--version'], { encoding: 'utf8', timeout: 20_000 });
  return status === 0 && /\d+\.\d+\.\d+/.test(stdout);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await runScript(async () => console.log(ensureBrowser()));
}
