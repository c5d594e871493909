/**
 * IndexedDB by hand, whatever a row of it is: a strict transaction of record and outbox row for each
 * write, an outbox row for a batch, a request for each few thousand ops, ops inline in the server's stream.
 */
import type { Contestant } from '../page/contestant.ts';
import type { Item } from '../page/item.ts';

/** How items are kept. */
export interface Keeping {
  /** Makes the store of the items, with its indexes. */
  makeItems(db: IDBDatabase): void;
  rowOf(item: Item): object;
  keyOf(id: string): IDBValidKey;
}

interface Pulled {
  readonly head: number;
  readonly ops: readonly { readonly from: string; readonly item: Item }[];
}

const OPS_IN_A_REQUEST = 2500;

const answered = <T>(request: IDBRequest<T>) =>
  new Promise<T>((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error ?? new Error('no reason')));
  });

export function byHand({ makeItems, rowOf, keyOf }: Keeping): Contestant {
  let db: IDBDatabase;
  let heard: (title: string) => void = () => {};
  let sending: Promise<void> | undefined;
  let connected = false;
  const device = crypto.randomUUID();

  /** Resolves when the transaction is on the disk. */
  function write(names: string[], work: (tx: IDBTransaction) => void): Promise<void> {
    const tx = db.transaction(names, 'readwrite', { durability: 'strict' });
    work(tx);
    return new Promise((resolve, reject) => {
      tx.addEventListener('complete', () => resolve());
      tx.addEventListener('abort', () => reject(tx.error ?? new Error('no reason')));
    });
  }

  async function accept(items: readonly Item[]): Promise<void> {
    await write(['items', 'outbox'], (tx) => {
      for (const item of items) tx.objectStore('items').put(rowOf(item));
      tx.objectStore('outbox').add({ items });
    });
    if (connected) void send();
  }

  function send(): Promise<void> {
    sending ??= sendAll().finally(() => (sending = undefined));
    return sending;
  }

  async function sendAll(): Promise<void> {
    for (;;) {
      const store = db.transaction('outbox').objectStore('outbox');
      const rows = await answered<{ row: number; items: Item[] }[]>(
        store.getAll(null, OPS_IN_A_REQUEST),
      );
      const last = rows.at(-1);
      if (!last) return;
      const items = rows.flatMap((row) => row.items);
      for (let at = 0; at < items.length; at += OPS_IN_A_REQUEST) {
        const body = JSON.stringify({
          from: device,
          items: items.slice(at, at + OPS_IN_A_REQUEST),
        });
        const answer = await fetch('/push', { method: 'POST', body });
        if (!answer.ok) throw new Error(await answer.text());
      }
      await write(['outbox'], (tx) => {
        tx.objectStore('outbox').delete(IDBKeyRange.upperBound(last.row));
      });
    }
  }

  async function take({ ops }: Pulled): Promise<void> {
    const others = ops.filter(({ from }) => from !== device);
    if (others.length === 0) return;
    await write(['items'], (tx) => {
      for (const { item } of others) tx.objectStore('items').put(rowOf(item));
    });
    for (const { item } of others) heard(item.title);
  }

  /** Everything so far, and from then on what the stream brings. */
  async function follow(): Promise<void> {
    let since = 0;
    for (;;) {
      const pulled = (await (await fetch(`/pull?since=${since}`)).json()) as Pulled;
      await take(pulled);
      if (pulled.head === since) break;
      since = pulled.head;
    }
    const stream = new EventSource(`/events?since=${since}`);
    let last = Promise.resolve();
    stream.addEventListener('message', ({ data }: MessageEvent<string>) => {
      last = last.then(() => take(JSON.parse(data) as Pulled));
    });
    await new Promise((done) => stream.addEventListener('open', done, { once: true }));
  }

  return {
    async open() {
      const opening = indexedDB.open('bench');
      opening.addEventListener('upgradeneeded', () => {
        makeItems(opening.result);
        opening.result.createObjectStore('outbox', { keyPath: 'row', autoIncrement: true });
      });
      db = await answered(opening);
    },
    add: (item) => accept([item]),
    addBatch: (items) => accept(items),
    count: () => answered(db.transaction('items').objectStore('items').count()),
    get: (id) => answered(db.transaction('items').objectStore('items').get(keyOf(id))),
    all: () => answered<Item[]>(db.transaction('items').objectStore('items').getAll()),
    async connect() {
      connected = true;
      await Promise.all([send(), follow()]);
    },
    async edit(id, title) {
      const item = await answered<Item>(
        db.transaction('items').objectStore('items').get(keyOf(id)),
      );
      await accept([{ ...item, title }]);
    },
    async watch(tell) {
      heard = tell;
    },
  };
}
