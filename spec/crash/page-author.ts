/**
 * Somebody at a page of the app who writes as fast as the worker accepts, by the port door. Each
 * acceptance is reported out of the browser at once: what was reported must never be lost.
 */
import type { Page } from '@playwright/test';
import type { HostReply } from '../../core/index.ts';
import { readTable } from '../e2e/support/ask.ts';

/** Of `database`, as the app names it. */
export const DATABASE = 'offing-lists';
/** Writes that are asked for and not answered yet. */
const AT_ONCE = 8;

declare global {
  /** Reports a number that was accepted. */
  var reportAccepted: (n: number) => Promise<void>;
  /** The first number of those that are being written, or 0. */
  var writingFrom: number;
}

export class PageAuthor {
  /** The numbers that were accepted, in the order of their reports. */
  readonly accepted: number[] = [];
  readonly #space: string;
  #written = 0;
  #heard: () => void = () => {};

  constructor(space: string) {
    this.#space = space;
  }

  /** Once for each page, before it writes. */
  async report(page: Page): Promise<void> {
    await page.exposeFunction('reportAccepted', (n: number) => {
      this.accepted.push(n);
      this.#heard();
    });
  }

  /** Writes numbers that grow until the page is gone, or until so many. */
  write(page: Page, most = Infinity): Promise<void> {
    // More than were ever asked for: what the last page wrote unheard is never written again.
    const first = this.#written + 1;
    this.#written += Math.min(most, 1_000_000);
    return page.evaluate(writeOn, {
      first,
      last: this.#written,
      space: this.#space,
      atOnce: AT_ONCE,
    });
  }

  /** Nothing more is asked for. */
  async stop(page: Page): Promise<void> {
    await page.evaluate(() => (globalThis.writingFrom = 0));
  }

  /** Until so many more were accepted. */
  async moreAccepted(count: number): Promise<void> {
    const goal = this.accepted.length + count;
    while (this.accepted.length < goal) {
      await new Promise<void>((heard) => (this.#heard = heard));
    }
  }

  /** The numbers that the page shows as rows of the app, each with its part of a counter counted once. */
  async shown(page: Page): Promise<Set<number>> {
    const rows = (await readTable(page, DATABASE, 'items')).filter(({ times }) => times === 1);
    return new Set(rows.flatMap(({ title }) => numbersIn(`"title":${JSON.stringify(title)}`)));
  }

  /** The numbers that wait in the outbox. */
  async waiting(page: Page): Promise<number[]> {
    const rows = await readTable(page, DATABASE, '_outbox');
    return rows.flatMap(({ payloads }) => numbersIn(String(payloads)));
  }
}

/** The numbers of the author's items in a payload, or in several. */
export const numbersIn = (payload: string): number[] =>
  [...payload.matchAll(/"title":"W (\d+)"/g)].map(([, n]) => Number(n));

/** Runs in the page. */
async function writeOn(plan: { first: number; last: number; space: string; atOnce: number }) {
  const { active } = await navigator.serviceWorker.ready;
  globalThis.writingFrom = plan.first;
  let next = plan.first;

  const accept = (n: number) =>
    new Promise<HostReply>((answered) => {
      const { port1, port2 } = new MessageChannel();
      port1.addEventListener('message', ({ data }: MessageEvent<HostReply>) => answered(data));
      port1.start();
      const fields = { title: `W ${n}`, done: false, order: 'a0' };
      const id = `${plan.space.slice(0, 24)}${n.toString(16).padStart(12, '0')}`;
      const put = { kind: 'put', collection: 'items', id, new: true, fields };
      const count = { kind: 'increment', collection: 'items', id, field: 'times', by: 1 };
      const write = { v: 1, type: 'write', ops: [{ space: plan.space, do: [put, count] }] };
      active?.postMessage(write, [port2]);
    });

  async function writeInTurn(): Promise<void> {
    while (next <= plan.last && globalThis.writingFrom === plan.first) {
      const n = next++;
      const reply = await accept(n);
      if (reply.type !== 'accepted') throw new Error(JSON.stringify(reply));
      await globalThis.reportAccepted(n);
    }
  }
  await Promise.all(Array.from({ length: plan.atOnce }, writeInTurn));
}
