/**
 * `npm test`: everything that must hold, in one command, also in a fresh clone. Every step runs
 * even if an earlier one failed (unless it stands on it), and the last line says how it went:
 * a failed step counts as a failure, so `0 failed` and exit code 0 mean the same.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBrowser } from './find-browser.mjs';
import { binOf, ensureDependencies, node, requireNode, root, runScript } from './prerequisites.mjs';

/**
 * `unsure` of those that passed did so only at a second try.
 * @typedef {{ passed: number, failed: number, unsure?: number }} Count
 */

const reports = mkdtempSync(join(tmpdir(), 'offing-test-'));
const total = { passed: 0, failed: 0 };
/** @type {string[]} */
const lines = [];

await runScript(async () => {
  requireNode();
  ensureDependencies();
  const browser = ensureBrowser();

  step('format', () => node([binOf('oxfmt'), '--check']));
  const built = step('build', () => node(['scripts/build.mjs']));
  step('types', () => node([binOf('typescript', 'tsc'), '-b']));
  // After the build: a rule that asks for types asks the rooms' declarations in dist/.
  step('lint', () => node([binOf('oxlint'), '--type-aware']));
  step('unit tests', runVitest, countOfVitest);
  if (built) step('browser tests', () => runPlaywright(browser), countOfPlaywright);

  console.log(`\n${lines.join('\n')}`);
  console.log(`${total.passed} passed, ${total.failed} failed`);
  process.exitCode = total.failed === 0 ? 0 : 1;
});
rmSync(reports, { recursive: true, force: true });

/**
 * @param {string} name
 * @param {() => number} perform returns the exit code
 * @param {() => Count} [count]
 */
function step(name, perform, count = () => ({ passed: 0, failed: 0 })) {
  console.log(`\n— ${name}`);
  const startedAt = Date.now();
  const status = perform();
  const { passed, failed, unsure = 0 } = count();
  const succeeded = status === 0 && failed === 0;
  total.passed += passed;
  total.failed += succeeded ? 0 : Math.max(1, failed);
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  const doubt = unsure > 0 ? `, ${unsure} only at a second try: see "flaky" above` : '';
  lines.push(`${succeeded ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)${doubt}`);
  return succeeded;
}

function runVitest() {
  const report = join(reports, 'vitest.json');
  const reporters = ['default', 'json', './scripts/flaky-reporter.mjs'];
  return node(
    [
      binOf('vitest'),
      'run',
      ...reporters.map((name) => `--reporter=${name}`),
      `--outputFile.json=${report}`,
    ],
    { OFFING_FLAKY_REPORT: join(reports, 'flaky.json') },
  );
}

/** @returns {Count} */
function countOfVitest() {
  const report = readReport('vitest.json');
  return {
    passed: report?.numPassedTests ?? 0,
    failed: report?.numFailedTests ?? 0,
    unsure: readReport('flaky.json')?.length ?? 0,
  };
}

/** @param {string} browser */
function runPlaywright(browser) {
  if (!existsSync(join(root, 'spec', 'e2e'))) return 0;
  return node([binOf('@playwright/test', 'playwright'), 'test', '--reporter=list,json'], {
    OFFING_BROWSER: browser,
    PLAYWRIGHT_JSON_OUTPUT_NAME: join(reports, 'playwright.json'),
  });
}

/** @returns {Count} */
function countOfPlaywright() {
  const stats = readReport('playwright.json')?.stats;
  return {
    passed: (stats?.expected ?? 0) + (stats?.flaky ?? 0),
    failed: stats?.unexpected ?? 0,
    unsure: stats?.flaky ?? 0,
  };
}

/** @param {string} name */
function readReport(name) {
  const path = join(reports, name);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}
