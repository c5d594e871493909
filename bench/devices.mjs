/** Devices for the bench: Chromium on a profile on disk, because one in memory syncs nothing to it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { BROWSER_ARGS, findBrowser } from '../scripts/find-browser.mjs';

/**
 * Opens a new device on the bench's page and runs `work` with it.
 * @template T
 * @param {string} url
 * @param {(device: { page: import('@playwright/test').Page, context: import('@playwright/test').BrowserContext }) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withDevice(url, work) {
  const profile = await mkdtemp(join(tmpdir(), 'offing-bench-'));
  const executablePath = findBrowser();
  const context = await chromium.launchPersistentContext(profile, {
    headless: true,
    args: BROWSER_ARGS,
    ...(executablePath === undefined ? {} : { executablePath }),
  });
  try {
    const page = context.pages()[0] ?? (await context.newPage());
    await page.goto(url);
    return await work({ page, context });
  } finally {
    await context.close();
    await rm(profile, { recursive: true, force: true });
  }
}
