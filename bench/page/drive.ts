/** What the bench asks of a contestant, from outside the browser: the same for each of them. */
import type { Contestant } from './contestant.ts';
import { newItems, plainItem, type Item } from './item.ts';

const LOOK_EVERY_MS = 5;

/** Wall time in ms with a page's full resolution, comparable between processes of one machine. */
const wallTime = () => performance.timeOrigin + performance.now();

/** Resolves when what is in the document now has been drawn. */
const painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

export function drive(contestant: Contestant) {
  const titles = new Map<string, (at: number) => void>();
  const durable = async () => contestant.durable?.();
  /**
   * To count very many takes time, in which nothing is stored. Who can be asked for one of them is asked
   * for the one with the last id until that is there; it may have come before others. Who puts them one
   * after the other is not asked for their number again before half of the way that is left should be
   * behind them, as fast as it went since the last look; nor ever later than after a tenth of the time
   * that it took so far.
   */
  async function haveCome(all: number, last: string): Promise<void> {
    const began = wallTime();
    while (contestant.get && !(await contestant.get(last))) await pause(LOOK_EVERY_MS);
    let before = { at: began, found: await contestant.count() };
    while (before.found < all) {
      const found = await contestant.count();
      const at = wallTime();
      const perItem = (at - before.at) / (found - before.found);
      const left = found > before.found ? perItem * (all - found) : 0;
      before = { at, found };
      await pause(Math.max(LOOK_EVERY_MS, Math.min(left / 2, (at - began) / 10)));
    }
  }

  return {
    async open(token: string) {
      await contestant.open({ url: location.origin, token });
      await contestant.watch?.((title) => titles.get(title)?.(wallTime()));
    },

    /** Ms of each of `count` writes, one by one: until it is said to be written, and until it is durable. */
    async writes(count: number) {
      const said: number[] = [];
      const kept: number[] = [];
      for (const item of newItems(count)) {
        const start = performance.now();
        await contestant.add(item);
        said.push(performance.now() - start);
        await durable();
        kept.push(performance.now() - start);
      }
      return { said, kept };
    },

    /** Ms until `count` writes, each its own, are all said to be written, and all durable. */
    async addEach(count: number) {
      const items = newItems(count);
      const start = performance.now();
      await Promise.all(items.map((item) => contestant.add(item)));
      return sinceStart(start);
    },

    async addBatch(count: number) {
      const items = newItems(count);
      const start = performance.now();
      await contestant.addBatch(items);
      return sinceStart(start);
    },

    /** Resolves with the wall time just before. */
    async connect() {
      const at = wallTime();
      await contestant.connect?.();
      return at;
    },

    /**
     * Wall times at which the first `some` items could be read here, all of them, and all durably; `last`
     * is the greatest id among them.
     */
    async arrived(some: number, all: number, last: string) {
      while ((await contestant.count()) < some) await pause(LOOK_EVERY_MS);
      const usable = wallTime();
      await haveCome(all, last);
      const complete = wallTime();
      await durable();
      return { usable, complete, durable: wallTime() };
    },

    count: () => contestant.count(),

    atRest: async () => contestant.atRest?.(),

    /** Resolves with the wall time at which this item has that title here. */
    async shows(id: string, title: string) {
      while ((await contestant.get?.(id))?.title !== title) await pause(LOOK_EVERY_MS);
      return wallTime();
    },

    /** What is here, as a text that is equal where the items are. */
    async digest() {
      const items = [...(await contestant.all())].map(plainItem).sort(byId);
      const bytes = new TextEncoder().encode(JSON.stringify(items));
      const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
      return `${items.length} items, ${Array.from(hash.slice(0, 8), (byte) => byte.toString(16)).join('')}`;
    },

    /** Draws all items in their order, as plainly as can be; resolves with ms since the page was asked for. */
    async paintList() {
      const items = [...(await contestant.all())].sort((a, b) => (a.order < b.order ? -1 : 1));
      const list = document.createElement('ul');
      for (const { title } of items) {
        const row = document.createElement('li');
        row.textContent = title;
        list.append(row);
      }
      document.body.append(list);
      await painted();
      return performance.now();
    },

    lastId: async () => [...(await contestant.all())].sort(byId).at(-1)?.id ?? '',

    firstId: async () => (await contestant.all())[0]?.id ?? '',

    /** Resolves with the wall time at which this title was heard of. */
    heard: (title: string) =>
      new Promise<number>((done) => {
        titles.set(title, done);
      }),

    /** Resolves with the wall time at which the edit began. */
    async edit(id: string, title: string) {
      const at = wallTime();
      await contestant.edit?.(id, title);
      return at;
    },
  };

  async function sinceStart(start: number) {
    const said = performance.now() - start;
    await durable();
    const kept = performance.now() - start;
    await contestant.inTables?.();
    return { said, kept, inTables: performance.now() - start };
  }
}

const byId = (a: Item, b: Item) => (a.id < b.id ? -1 : 1);

declare global {
  var bench: ReturnType<typeof drive>;
}
