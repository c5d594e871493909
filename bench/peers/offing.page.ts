/** Offing itself, as an app uses it: the page library, and its service worker. */
import { bool, collection, connect, order, text, type Db } from '../../web/lib/index.ts';
import type { Contestant } from '../page/contestant.ts';

const collections = {
  items: collection({ title: text(), note: text(), done: bool(), order: order() }),
};

let db: Db<typeof collections>;
let inTables: Promise<unknown>;

export const contestant: Contestant = {
  async open({ url, token }) {
    db = connect({ name: 'bench', worker: '/worker.js', schema: { version: 1, collections } });
    await db.ready;
    if (db.status.current.phase === 'paused') return;
    await db.connectAccount({ url, token });
    await db.pause();
  },
  add(item) {
    const write = db.items.add(item);
    inTables = write.accepted;
    return write.durable;
  },
  addBatch(items) {
    const write = db.bulk((tx) => {
      for (const item of items) tx.items.add(item);
    });
    inTables = write.accepted;
    return write.durable;
  },
  inTables: () => inTables,
  atRest: () =>
    new Promise((done) => {
      // What it sent is folded behind what the server said of it.
      const stop = db.status.subscribe(({ phase, pending }) => {
        if (phase !== 'idle' || pending > 0) return;
        done();
        queueMicrotask(() => stop());
      });
    }),
  count: () => db.items.count(),
  get: (id) => db.items.get(id),
  all: () => db.items.toArray(),
  async connect() {
    await db.resume();
  },
  edit: (id, title) => db.items.update(id, { title }).accepted,
  async watch(heard) {
    db.applied.subscribe(({ ops }) => {
      for (const op of ops) {
        const title = /"title":"([^"]*)"/.exec(op.payload)?.[1];
        if (title) heard(title);
      }
    });
  },
};
