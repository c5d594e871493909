/** What every browser test has: a server of its own, and as many devices as it asks for. */
import { test as base, type BrowserContext, type Page } from '@playwright/test';
import type { Notice } from '../../../core/index.ts';
import { ListsApp } from '../pages/lists-app.ts';
import { startServerProcess, type ServerProcess } from './server-process.ts';

export interface DevicePage {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly app: ListsApp;
  /** The notices that a host told this page, since it was opened. */
  notices(): Promise<Notice[]>;
}

export interface Fixtures {
  readonly server: ServerProcess;
  /** A browser context of its own, which is a device of its own, with one page open in it. */
  readonly newDevice: () => Promise<DevicePage>;
}

export const test = base.extend<Fixtures>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads a fixture's needs from this pattern.
  server: async ({}, use) => {
    const server = await startServerProcess();
    await use(server);
    await server.dispose();
  },
  newDevice: async ({ browser }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async () => {
      const context = await browser.newContext();
      contexts.push(context);
      await context.addInitScript(keepNotices);
      const page = await context.newPage();
      return { context, page, app: new ListsApp(page), notices: () => noticesOf(page) };
    });
    for (const context of contexts) await context.close();
  },
});

declare global {
  /** What this page was told, kept by `keepNotices` beside the app's own listener. */
  var noticesHeard: unknown[];
}

/** Runs in the page before its own scripts. */
function keepNotices(): void {
  globalThis.noticesHeard = [];
  // Between pages that are hosts themselves; a channel of its own hears this page too.
  new BroadcastChannel('offing').addEventListener('message', (event) => {
    globalThis.noticesHeard.push(event.data);
  });
  // Absent where a page is not secure.
  (navigator.serviceWorker as ServiceWorkerContainer | undefined)?.addEventListener(
    'message',
    (event) => {
      globalThis.noticesHeard.push(event.data);
    },
  );
}

export const noticesOf = (page: Page): Promise<Notice[]> =>
  page.evaluate(() => globalThis.noticesHeard as Notice[]);

export { expect } from '@playwright/test';
