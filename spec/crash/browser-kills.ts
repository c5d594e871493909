/**
 * Kills a real browser again and again while a page of it writes and its worker sends. After each
 * restart on the same profile everything that had been accepted must be there, and in the end in the
 * server's log once, in order.
 */
import { setTimeout as after } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import { ListsApp } from '../e2e/pages/lists-app.ts';
import { statusOf, whenControlled } from '../e2e/support/ask.ts';
import { openBadNetwork, type BadNetwork } from '../e2e/support/bad-network.ts';
import { startServerProcess, type ServerProcess } from '../e2e/support/server-process.ts';
import { randomFrom, type Random } from '../support/random.ts';
import { MortalBrowser } from './mortal-browser.ts';
import { numbersIn, PageAuthor } from './page-author.ts';
import type { CrashOptions } from './server-kills.ts';
import { hasTornLog } from './torn-log.ts';

/**
 * `write`: right after an acceptance. `request`: its ops are on the way, and the server will have them
 * later, or never. `answer`: the server has committed, and the answer is not there yet.
 */
export const MOMENTS = ['write', 'request', 'answer'] as const;
export type Moment = (typeof MOMENTS)[number];

export interface BrowserKills {
  readonly kills: Readonly<Record<Moment, number>>;
  readonly accepted: number;
  /** Accepted, but the report of it was lost with the browser; they are kept all the same. */
  readonly unreported: number;
  /** Restarts at which something accepted had yet to be sent. */
  readonly withOutbox: number;
  /** Restarts at which there was no service worker to open the app without a network. */
  readonly workersGone: number;
  /** Kills that left half a record in the log of the browser's own database. */
  readonly tornLogs: number;
  readonly lost: number;
  readonly doubled: number;
  readonly longestRecoveryMs: number;
  readonly faults: readonly string[];
}

const MOST_WRITES = 150;
const MOST_MS_AFTER_A_WRITE = 20;

export async function killBrowsers({ kills, seed, tell }: CrashOptions): Promise<BrowserKills> {
  const server = await startServerProcess();
  const network = await openBadNetwork(server.url);
  const browser = await MortalBrowser.create();
  try {
    const run = await Run.begin({ server, network, browser, random: randomFrom(seed) });
    for (let done = 0; done < kills && run.faults.length === 0; done++) {
      await run.killOnce(MOMENTS[done % MOMENTS.length] as Moment);
      if ((done + 1) % 10 === 0) tell?.(`${done + 1} of ${kills} browser kills, ${run.progress()}`);
    }
    // Said before the last page is asked for anything: where something is wrong, it may not answer.
    for (const fault of run.faults) tell?.(fault);
    return await run.end();
  } finally {
    await browser.dispose();
    await network.close();
    await server.dispose();
  }
}

interface Parts {
  readonly server: ServerProcess;
  readonly network: BadNetwork;
  readonly browser: MortalBrowser;
  readonly random: Random;
}

class Run {
  readonly faults: string[] = [];
  readonly #parts: Parts;
  readonly #author: PageAuthor;
  readonly #kills: Record<Moment, number> = { write: 0, request: 0, answer: 0 };
  #page: Page;
  #withOutbox = 0;
  #workersGone = 0;
  #tornLogs = 0;
  #longestRecoveryMs = 0;

  private constructor(parts: Parts, page: Page, list: string) {
    this.#parts = parts;
    this.#page = page;
    this.#author = new PageAuthor(list);
  }

  /** A device that has joined, with a list in which all is in order. */
  static async begin(parts: Parts): Promise<Run> {
    const page = await parts.browser.start();
    const app = new ListsApp(page);
    await app.connect(`${parts.network.url}/#connect=${await parts.server.token('ann')}`);
    await app.whenControlled();
    const run = new Run(parts, page, await app.addList('Camp'));
    await app.expectStatus('All changes on the server');
    // Not on its list: to show thousands of items would be most of the work.
    await app.open(parts.network.url);
    await run.#author.report(page);
    return run;
  }

  async killOnce(moment: Moment): Promise<void> {
    // It ends with the browser.
    const writing = this.#author.write(this.#page).catch(() => undefined);
    await this.#killAt(moment);
    await writing;
    this.#kills[moment] += 1;
    if (await hasTornLog(this.#parts.browser.databases)) this.#tornLogs += 1;
    await this.#restart();
  }

  /** A last page of good manners: all of it goes to the server, and the status says so. */
  async end(): Promise<BrowserKills> {
    const { author, page } = { author: this.#author, page: this.#page };
    await author.write(page, 1);
    const app = new ListsApp(page);
    await app.syncNow();
    await app.expectStatus('All changes on the server');
    const { phase, pending, setAside, trouble } = await statusOf(page);
    const state = JSON.stringify({ phase, pending, setAside, trouble });
    if (state !== JSON.stringify({ phase: 'idle', pending: 0, setAside: 0, trouble: null })) {
      this.faults.push(state);
    }
    const log = this.#logged();
    const shown = await author.shown(page);
    const inLog = new Set(log);
    if (shown.size !== inLog.size) this.faults.push(`shows ${shown.size} of ${inLog.size}`);
    if (log.some((n, i) => i > 0 && n <= (log[i - 1] ?? 0))) this.faults.push('another order');
    return {
      kills: this.#kills,
      accepted: author.accepted.length,
      unreported: inLog.size - author.accepted.length,
      withOutbox: this.#withOutbox,
      workersGone: this.#workersGone,
      tornLogs: this.#tornLogs,
      lost: author.accepted.filter((n) => !inLog.has(n)).length,
      doubled: log.length - inLog.size,
      longestRecoveryMs: Math.round(this.#longestRecoveryMs),
      faults: this.faults,
    };
  }

  progress = (): string => `${this.#author.accepted.length} writes accepted`;

  async #killAt(moment: Moment): Promise<void> {
    const { browser, network, random } = this.#parts;
    switch (moment) {
      case 'write':
        await this.#author.moreAccepted(1 + random.below(MOST_WRITES));
        await after(random.below(MOST_MS_AFTER_A_WRITE));
        return browser.kill();
      case 'request':
      case 'answer': {
        await this.#author.moreAccepted(1 + random.below(MOST_WRITES));
        const strike = network.strike(moment === 'request' ? 'request-overtaken' : 'answer-lost');
        await strike.caught;
        await browser.kill();
        return strike.go();
      }
    }
  }

  /** On the same profile, with no network: what was accepted is there before anything can be sent. */
  async #restart(): Promise<void> {
    const { browser, network } = this.#parts;
    const before = [...this.#author.accepted];
    network.isDown = true;
    const startedAt = performance.now();
    this.#page = await browser.start();
    const page = this.#page;
    await this.#author.report(page);
    await page.goto(network.url).catch(async () => {
      this.#workersGone += 1;
      network.isDown = false;
      await page.goto(network.url);
    });
    await new ListsApp(page).whenReady();
    await whenControlled(page);
    const took = performance.now() - startedAt;
    this.#longestRecoveryMs = Math.max(this.#longestRecoveryMs, took);

    const waiting = await this.#author.waiting(page);
    if (waiting.length > 0) this.#withOutbox += 1;
    const shown = await this.#author.shown(page);
    const kept = new Set([...waiting, ...this.#logged()]);
    const lost = before.filter((n) => !kept.has(n));
    if (lost.length > 0) this.faults.push(`accepted, and lost by a kill: ${lost.join(' ')}`);
    const hidden = before.filter((n) => kept.has(n) && !shown.has(n));
    if (hidden.length > 0)
      this.faults.push(`kept, and not shown after a kill: ${hidden.join(' ')}`);

    network.isDown = false;
    await page.evaluate(() => dispatchEvent(new Event('online')));
  }

  /** The numbers in the server's log, in its order. */
  #logged = (): number[] => this.#parts.server.ops().flatMap(({ payload }) => numbersIn(payload));
}
