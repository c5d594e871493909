/**
 * A browser profile on the disk, as a person has it: opened and closed, copied, put back from a copy.
 * Each has a Chromium of its own and a network of its own; all see the server under one address, so
 * that what is in a copied profile is found by the browser that opens it.
 */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { chromium, type BrowserContext, type Page } from '@playwright/test';
import { BROWSER_ARGS, findBrowser } from '../../../scripts/find-browser.mjs';
import { ListsApp } from '../pages/lists-app.ts';
import { noticesOf, type DevicePage } from './fixtures.ts';
import { openSwitchedNetwork, type SwitchedNetwork } from './switched-network.ts';

export interface Profile extends DevicePage {
  readonly network: SwitchedNetwork;
  /** Starts the browser with one page, which is blank. */
  start(): Promise<void>;
  /** Quits the browser as a person does. */
  quit(): Promise<void>;
  /** Another profile with what is on the disk now. */
  copy(): Promise<Profile>;
  /** What is on the disk becomes what the other one has there; both browsers have quit. */
  putBack(from: Profile): Promise<void>;
  dispose(): Promise<void>;
}

export async function newProfile(serverUrl: string): Promise<Profile> {
  const folder = await mkdtemp(join(tmpdir(), 'offing-profile-'));
  return profileIn(folder, serverUrl);
}

async function profileIn(folder: string, serverUrl: string): Promise<ProfileWithFolder> {
  const network = await openSwitchedNetwork(serverUrl);
  const { host } = new URL(serverUrl);
  let running: { readonly context: BrowserContext; readonly page: Page } | undefined;

  const browser = () => {
    if (!running) throw new Error('This browser has quit.');
    return running;
  };
  async function quit(): Promise<void> {
    await running?.context.close();
    running = undefined;
  }

  return {
    folder,
    network,
    get context() {
      return browser().context;
    },
    get page() {
      return browser().page;
    },
    get app() {
      return new ListsApp(browser().page);
    },
    notices: () => noticesOf(browser().page),
    async start() {
      const executablePath = findBrowser();
      const context = await chromium.launchPersistentContext(folder, {
        ...(executablePath === undefined ? {} : { executablePath }),
        args: [...BROWSER_ARGS, `--host-resolver-rules=MAP ${host} 127.0.0.1:${network.port}`],
      });
      running = { context, page: context.pages()[0] ?? (await context.newPage()) };
    },
    quit,
    async copy() {
      const to = await mkdtemp(join(tmpdir(), 'offing-profile-'));
      await copyFolder(folder, to);
      return profileIn(to, serverUrl);
    },
    async putBack(from) {
      await rm(folder, { recursive: true });
      await copyFolder((from as ProfileWithFolder).folder, folder);
    },
    async dispose() {
      await quit();
      await network.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

type ProfileWithFolder = Profile & { readonly folder: string };

/** Without the marks of the process that has it open, if one has. */
const copyFolder = (from: string, to: string): Promise<void> =>
  cp(from, to, { recursive: true, filter: (path) => !basename(path).startsWith('Singleton') });
