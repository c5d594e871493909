/**
 * Replicache, with mutators as its documentation shows them. It says `written` from memory; its own
 * `persist`, which it otherwise does when idle, is behind the door for its own tests and siblings.
 */
import { ReplicacheImpl, type WriteTransaction } from 'replicache/impl';
import type { Contestant } from '../page/contestant.ts';
import type { Item } from '../page/item.ts';

const mutators = {
  add: (tx: WriteTransaction, item: Item) => tx.set(item.id, item),
  async addMany(tx: WriteTransaction, items: readonly Item[]) {
    for (const item of items) await tx.set(item.id, item);
  },
  async edit(tx: WriteTransaction, { id, title }: { id: string; title: string }) {
    const item = (await tx.get(id)) as Item | undefined;
    if (item) await tx.set(id, { ...item, title });
  },
};

let db: ReplicacheImpl<typeof mutators>;

const readAll = (): Promise<Item[]> =>
  db.query(async (tx) => (await tx.scan().values().toArray()) as Item[]);

export const contestant: Contestant = {
  async open() {
    db = new ReplicacheImpl({ name: 'bench', mutators, pullInterval: null, logLevel: 'error' });
    await readAll();
  },
  add: (item) => db.mutate.add(item),
  addBatch: (items) => db.mutate.addMany([...items]),
  async durable() {
    for (;;) {
      try {
        return await db.persist();
      } catch {
        // It is at it already, of its own accord: what was written since may not be in that.
        await new Promise((done) => setTimeout(done, 1));
      }
    }
  },
  count: async () => (await readAll()).length,
  all: readAll,
  async connect() {
    db.pushURL = '/push';
    db.pullURL = '/pull';
    const stream = new EventSource('/events');
    stream.addEventListener('message', () => void db.pull());
    await new Promise((done) => stream.addEventListener('open', done, { once: true }));
    await db.pull();
    await db.push();
  },
  edit: (id, title) => db.mutate.edit({ id, title }),
  async watch(heard) {
    db.experimentalWatch((diffs) => {
      for (const diff of diffs) {
        if ('newValue' in diff) heard((diff.newValue as Item).title);
      }
    });
  },
};
