/** What the bench runs inside the browser: the page library as an app uses it, and bare Dexie beside it. */
import Dexie from 'dexie';
import { bool, collection, connect, order, text, type Db } from '../web/lib/index.ts';

const collections = {
  items: collection({ title: text(), note: text(), done: bool(), order: order() }),
};
type BenchDb = Db<typeof collections>;

/** Wall time in ms with a page's full resolution, comparable between pages of one machine. */
const wallTime = () => performance.timeOrigin + performance.now();

const item = (i: number) => ({
  title: `Item ${i}, thirty characters long`,
  note: 'A note of about sixty characters, as people write them.',
  done: false,
  order: `a${i}`,
});

let db: BenchDb;

async function open(door: 'port' | 'fetch'): Promise<void> {
  db = connect({ name: 'bench', worker: '/worker.js', door, schema: { version: 1, collections } });
  await db.ready;
  if (door === 'fetch') await controlled();
}

/** The fetch door needs a page that the worker controls. */
async function controlled(): Promise<void> {
  if (navigator.serviceWorker.controller) return;
  await new Promise((done) =>
    navigator.serviceWorker.addEventListener('controllerchange', done, { once: true }),
  );
}

/** Fills the outbox with `count` rows of one op each, without waiting for each. */
async function fill(count: number): Promise<void> {
  await Promise.all(Array.from({ length: count }, (_, i) => db.items.add(item(i))));
}

async function fillBulk(count: number): Promise<void> {
  await db.bulk((tx) => {
    for (let i = 0; i < count; i++) tx.items.add(item(i));
  });
}

/** Ms of each of `count` writes, awaited one by one. */
async function writes(count: number): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const start = performance.now();
    await db.items.add(item(i));
    times.push(performance.now() - start);
  }
  return times;
}

/** The limit: Dexie in the page, one strict transaction of a record and an outbox row. */
async function bareWrites(count: number): Promise<number[]> {
  const bare = new Dexie('bare', { chromeTransactionDurability: 'strict' });
  bare.version(1).stores({ items: 'id, order', outbox: '++row' });
  const items = bare.table('items');
  const outbox = bare.table('outbox');
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const start = performance.now();
    await bare.transaction('rw', items, outbox, async () => {
      await items.put({ ...item(i), id: crypto.randomUUID() });
      await outbox.add({ op: JSON.stringify(item(i)) });
    });
    times.push(performance.now() - start);
  }
  await bare.delete();
  return times;
}

const join = (url: string, token: string) => db.connectAccount({ url, token });

/** Resolves with the wall time at which nothing was pending any more. */
function drained(): Promise<number> {
  return new Promise((done) => {
    const stop = db.status.subscribe((status) => {
      if (status.phase === 'paused' || status.pending > 0) return;
      queueMicrotask(() => stop());
      done(wallTime());
    });
  });
}

/** Resolves with the wall time at which this page was told of a record with this id. */
function told(id: string): Promise<number> {
  return new Promise((done) => {
    const stop = db.applied.subscribe(({ ops }) => {
      if (!ops.some((op) => op.payload.includes(id))) return;
      stop();
      done(wallTime());
    });
  });
}

/** Writes a record with this id; resolves with the wall time at which the write began. */
async function write(id: string): Promise<number> {
  const start = wallTime();
  await db.items.add({ ...item(0), id });
  return start;
}

const pause = () => db.pause();
const resume = () => db.resume();

const ids = (count: number) => Array.from({ length: count }, () => newId());

/** A UUIDv7 of the moment. */
function newId(): string {
  const time = Date.now().toString(16).padStart(12, '0');
  const rest = crypto.randomUUID().slice(15);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${rest}`;
}

const bench = {
  open,
  fill,
  fillBulk,
  writes,
  bareWrites,
  join,
  pause,
  resume,
  drained,
  told,
  write,
  ids,
  wallTime,
};
export type Bench = typeof bench;

declare global {
  var bench: Bench;
}
globalThis.bench = bench;
