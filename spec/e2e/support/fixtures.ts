/** What every browser test has: a server of its own, and as many devices as it asks for. */
import { test as base, type BrowserContext, type Page } from '@playwright/test';
import { startServerProcess, type ServerProcess } from './server-process.ts';

export interface DevicePage {
  readonly context: BrowserContext;
  readonly page: Page;
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
      return { context, page: await context.newPage() };
    });
    for (const context of contexts) await context.close();
  },
});

export { expect } from '@playwright/test';
