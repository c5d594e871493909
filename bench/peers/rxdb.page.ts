/** RxDB on its Dexie storage, with HTTP replication as its documentation shows it, at its default sizes. */
import { createRxDatabase, type RxCollection } from 'rxdb';
import { replicateRxCollection } from 'rxdb/plugins/replication';
import { getRxStorageDexie } from 'rxdb/plugins/storage-dexie';
import { Subject } from 'rxjs';
import type { Contestant } from '../page/contestant.ts';
import type { Item } from '../page/item.ts';

interface Pulled {
  readonly documents: readonly (Item & { _deleted: boolean })[];
  readonly checkpoint: { readonly seq: number };
}

const schema = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: {
    id: { type: 'string', maxLength: 36 },
    title: { type: 'string' },
    note: { type: 'string' },
    done: { type: 'boolean' },
    order: { type: 'string', maxLength: 20 },
  },
  required: ['id', 'title', 'note', 'done', 'order'],
  indexes: ['order'],
} as const;

let items: RxCollection<Item>;

const send = async (path: string, body: unknown): Promise<unknown> =>
  (await fetch(path, { method: 'POST', body: JSON.stringify(body) })).json();

export const contestant: Contestant = {
  async open() {
    const db = await createRxDatabase({
      name: 'bench',
      storage: getRxStorageDexie(),
      multiInstance: false,
    });
    const made = await db.addCollections({ items: { schema } });
    items = made.items as RxCollection<Item>;
  },
  add: (item) => items.insert(item),
  async addBatch(some) {
    const { error } = await items.bulkInsert([...some]);
    if (error.length > 0) throw new Error(`${error.length} were not written`);
  },
  count: () => items.count().exec(),
  get: async (id) => (await items.findOne(id).exec())?.toMutableJSON(),
  all: async () => (await items.find().exec()).map((found) => found.toMutableJSON()),
  async connect() {
    const pulled = new Subject<Pulled | 'RESYNC'>();
    const replication = replicateRxCollection<Item>({
      collection: items,
      replicationIdentifier: 'bench',
      live: true,
      push: { handler: async (rows) => (await send('/push', rows)) as never },
      pull: {
        handler: async (checkpoint, size) =>
          (await send('/pull', { since: checkpoint?.seq ?? 0, size })) as never,
        stream$: pulled.asObservable() as never,
      },
    });
    const stream = new EventSource('/events');
    stream.addEventListener('message', ({ data }: MessageEvent<string>) =>
      pulled.next(JSON.parse(data) as Pulled),
    );
    stream.addEventListener('open', () => pulled.next('RESYNC'));
    replication.error$.subscribe((error: unknown) => console.error(error));
  },
  async edit(id, title) {
    await (await items.findOne(id).exec())?.incrementalPatch({ title });
  },
  async watch(heard) {
    items.$.subscribe((event) => heard(event.documentData.title));
  },
};
