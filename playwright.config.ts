import { defineConfig } from '@playwright/test';
import { BROWSER_ARGS, findBrowser } from './scripts/find-browser.mjs';

const executablePath = findBrowser();

export default defineConfig({
  testDir: 'spec/e2e',
  testMatch: '**/*.spec.ts',
  outputDir: 'test-results',
  workers: 2,
  // A shared machine may stall a browser for seconds: `npm test` says which tests needed the second try.
  retries: process.env['CI'] === undefined ? 0 : 1,
  forbidOnly: process.env['CI'] !== undefined,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: 'list',
  use: {
    trace: 'retain-on-failure',
    headless: true,
    launchOptions: {
      ...(executablePath === undefined ? {} : { executablePath }),
      args: BROWSER_ARGS,
    },
  },
  projects: [
    { name: 'chromium', use: { browserName: 'chromium' } },
    {
      // The same again where the page itself is the host.
      name: 'page host',
      testMatch: ['**/two-devices.spec.ts', '**/conflicts.spec.ts', '**/quick-start.spec.ts'],
      use: { browserName: 'chromium', serviceWorkers: 'block' },
    },
  ],
});
