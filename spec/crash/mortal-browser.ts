/**
 * Chromium as a process of our own on a profile on disk, so that the whole of it can be killed at any
 * moment and started again on what it left behind.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from '@playwright/test';
import { BROWSER_ARGS, findBrowser } from '../../scripts/find-browser.mjs';

export class MortalBrowser {
  readonly #profile: string;
  readonly #executable: string;
  #process: ChildProcess | null = null;
  #browser: Browser | null = null;

  private constructor(profile: string, executable: string) {
    this.#profile = profile;
    this.#executable = executable;
  }

  static async create(): Promise<MortalBrowser> {
    const executable = findBrowser() ?? chromium.executablePath();
    return new MortalBrowser(await mkdtemp(join(tmpdir(), 'offing-browser-')), executable);
  }

  /** Where it keeps the databases of its origins, while it does not run. */
  get databases(): string {
    return join(this.#profile, 'Default', 'IndexedDB');
  }

  /** Resolves with its one page, which is empty. */
  async start(): Promise<Page> {
    const child = spawn(
      this.#executable,
      [
        ...BROWSER_ARGS,
        '--headless',
        '--hide-crash-restore-bubble',
        '--remote-debugging-port=0',
        `--user-data-dir=${this.#profile}`,
        'about:blank',
      ],
      // A group of its own: what is killed is all of its processes, at once.
      { detached: true, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    this.#process = child;
    this.#browser = await chromium.connectOverCDP(await endpointOf(child));
    const [context] = this.#browser.contexts();
    if (!context) throw new Error('the browser has no context');
    return context.pages()[0] ?? (await context.newPage());
  }

  /** SIGKILL to every process of it. */
  async kill(): Promise<void> {
    const child = this.#process;
    if (!child) return;
    this.#process = null;
    const ended = once(child, 'exit');
    process.kill(-(child.pid ?? 0), 'SIGKILL');
    await ended;
    // Only our end of a connection that is gone.
    await this.#browser?.close();
    this.#browser = null;
  }

  async dispose(): Promise<void> {
    await this.kill();
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Where it says that its inspector can be reached. */
async function endpointOf(child: ChildProcess): Promise<string> {
  let text = '';
  for await (const chunk of child.stderr?.iterator({ destroyOnReturn: false }) ?? []) {
    text += String(chunk);
    const [, endpoint] = /DevTools listening on (ws:\S+)/.exec(text) ?? [];
    if (endpoint !== undefined) {
      // Nobody reads the rest; it must not fill up.
      child.stderr?.resume();
      return endpoint;
    }
  }
  throw new Error(`the browser did not start: ${text}`);
}
