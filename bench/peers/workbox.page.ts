/**
 * Workbox's own queue: it keeps no records, only requests that failed. The page posts an item, the
 * worker cannot send it and queues the request.
 */
import type { Contestant } from '../page/contestant.ts';
import type { Item } from '../page/item.ts';

const kept: Item[] = [];

async function tell(word: string): Promise<number> {
  const { port1, port2 } = new MessageChannel();
  const answer = new Promise<number>((done) => {
    port1.addEventListener('message', ({ data }: MessageEvent<number>) => done(data));
  });
  port1.start();
  const { active } = await navigator.serviceWorker.ready;
  active?.postMessage(word, [port2]);
  return answer;
}

export const contestant: Contestant = {
  async open() {
    await navigator.serviceWorker.register('/worker.js');
    await navigator.serviceWorker.ready;
    if (!navigator.serviceWorker.controller) {
      await new Promise((done) =>
        navigator.serviceWorker.addEventListener('controllerchange', done, { once: true }),
      );
    }
  },
  async add(item) {
    const body = JSON.stringify({ from: 'workbox', items: [item] });
    const answer = await fetch('/push', { method: 'POST', body });
    if (answer.status !== 202) throw new Error(`it answered ${answer.status}`);
    kept.push(item);
  },
  async addBatch() {
    throw new Error('it has no batch');
  },
  count: () => tell('count'),
  // What is queued are requests: their number stands for the items, which are those of the page.
  all: async () => kept.slice(0, await tell('count')),
  async connect() {
    void tell('replay');
  },
};
