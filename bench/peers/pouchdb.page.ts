/** PouchDB with live replication, at its default sizes. */
import PouchDB from 'pouchdb-browser';
import type { Contestant } from '../page/contestant.ts';
import type { Item } from '../page/item.ts';

type Doc = Omit<Item, 'id'>;

const docOf = ({ id, ...fields }: Item) => ({ _id: id, ...fields });

let db: PouchDB<Doc>;

export const contestant: Contestant = {
  async open() {
    db = new PouchDB<Doc>('bench');
    await db.info();
  },
  add: (item) => db.put(docOf(item)),
  async addBatch(items) {
    const answers = await db.bulkDocs(items.map(docOf));
    if (answers.some((answer) => 'error' in answer)) throw new Error('some were not written');
  },
  count: async () => (await db.info()).doc_count,
  async all() {
    const { rows } = await db.allDocs({ include_docs: true });
    return rows.flatMap(({ id, doc }) => (doc ? [{ ...doc, id }] : []));
  },
  async connect() {
    const sync = db.sync(`${location.origin}/db/bench`, { live: true, retry: true });
    sync.on('error', (error) => console.error(error));
  },
  async edit(id, title) {
    await db.put({ ...(await db.get(id)), title });
  },
  async watch(heard) {
    const changes = db.changes({ since: 'now', live: true, include_docs: true });
    changes.on('change', ({ doc }) => heard(doc?.title ?? ''));
  },
};
