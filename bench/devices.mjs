/** Devices for the bench: Chromium on a profile on disk, because one in memory syncs nothing to it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { BROWSER_ARGS, findBrowser } from '../scripts/find-browser.mjs';

/** @typedef {Awaited<ReturnType<typeof openDevice>>} Device */
/** @typedef {typeof globalThis.bench} Driver */

/** A browser process of its own on a new profile, at `url`. @param {string} url */
export async function openDevice(url) {
  const profile = await mkdtemp(join(tmpdir(), 'offing-bench-'));
  let { context, page } = await launch(profile, url);
  return {
    get page() {
      return page;
    },
    /**
     * Calls what page/drive.ts has under that name.
     * @template {keyof Driver} K
     * @param {K} name
     * @param {Parameters<Driver[K]>} args
     * @returns {Promise<Awaited<ReturnType<Driver[K]>>>}
     */
    ask(name, ...args) {
      /** @param {{ name: string, args: unknown[] }} call */
      const call = ({ name, args }) => {
        const driver = /** @type {Record<string, (...args: unknown[]) => unknown>} */ (
          /** @type {unknown} */ (globalThis.bench)
        );
        return driver[name]?.(...args);
      };
      return /** @type {Promise<Awaited<ReturnType<Driver[K]>>>} */ (
        page.evaluate(call, { name, args })
      );
    },
    /** Ends the process and starts one anew on the same profile. @param {string} at @param {() => void} [first] runs in each page before its own scripts */
    async relaunch(at, first) {
      await context.close();
      ({ context, page } = await launch(profile, at, first));
    },
    async close() {
      await context.close();
      await rm(profile, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/**
 * A browser that ends while it starts is started once more: nothing is timed yet.
 * @param {string} profile
 * @param {string} url
 * @param {() => void} [first]
 */
const launch = (profile, url, first) =>
  launchOnce(profile, url, first).catch(() => launchOnce(profile, url, first));

/** @param {string} profile @param {string} url @param {() => void} [first] */
async function launchOnce(profile, url, first) {
  const executablePath = findBrowser();
  const context = await chromium.launchPersistentContext(profile, {
    headless: true,
    args: BROWSER_ARGS,
    // Whoever runs the bench ends it whole, and its browsers with it.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    ...(executablePath === undefined ? {} : { executablePath }),
  });
  try {
    // Not the page that it opens with: what the browser itself loads there may abort what is asked for.
    const page = await context.newPage();
    if (first) await page.addInitScript(first);
    await page.goto(url);
    return { context, page };
  } catch (error) {
    await context.close();
    throw error;
  }
}
