/** Jazz: a signed and encrypted CoMap for each item, in a record that everybody may write. */
import type { LocalNode } from 'cojson';
import { WebSocketPeerWithReconnection } from 'cojson-transport-ws';
import { type Account, AuthSecretStorage, co, Group, KvStoreContext, z } from 'jazz-tools';
import { createJazzBrowserContext, LocalStorageKVStore } from 'jazz-tools/browser';
import type { Contestant } from '../page/contestant.ts';
import type { Item } from '../page/item.ts';

const Row = co.map({
  id: z.string(),
  title: z.string(),
  note: z.string(),
  done: z.boolean(),
  order: z.string(),
});
const Rows = co.record(z.string(), Row);

let node: LocalNode;
let group: unknown;
let rows: ReturnType<typeof Rows.create> | undefined;
let following: Promise<void> | undefined;
let rootId = '';
let url = '';
let heard: (title: string) => void = () => {};
const unsaved: string[] = [];
const titles = new Map<string, string>();

/** The first device makes the record, and its server tells the others which it is. */
async function findRoot(me: Account): Promise<void> {
  const known = await (await fetch('/root')).text();
  if (known !== '') {
    rootId = known;
    return;
  }
  const made = Group.create({ owner: me });
  made.addMember('everyone', 'writer');
  const record = Rows.create({}, { owner: made });
  const asked = await fetch('/root', { method: 'POST', body: record.$jazz.id });
  rootId = await asked.text();
  if (rootId !== record.$jazz.id) return;
  group = made;
  rows = record;
}

/** Reads the record, and hears of each change of it, once it can be had. */
function follow(): Promise<void> {
  return new Promise((done) => {
    Rows.subscribe(rootId, { resolve: { $each: true } }, (found) => {
      rows = found;
      group = found.$jazz.owner;
      for (const row of Object.values(found)) {
        if (titles.get(row.id) === row.title) continue;
        titles.set(row.id, row.title);
        heard(row.title);
      }
      done();
    });
  });
}

async function add(item: Item): Promise<void> {
  if (!rows) await following;
  if (!rows) throw new Error('the record is not here yet');
  const row = Row.create(item, { owner: group });
  rows.$jazz.set(item.id, row);
  unsaved.push(row.$jazz.id);
}

export const contestant: Contestant = {
  async open(place) {
    url = place.url.replace('http', 'ws');
    KvStoreContext.getInstance().initialize(new LocalStorageKVStore());
    const context = await createJazzBrowserContext({
      sync: { when: 'never' },
      storage: 'indexedDB',
      authSecretStorage: new AuthSecretStorage(),
      newAccountProps: { name: 'bench' },
    });
    node = context.node;
    await findRoot(context.me);
    if (rows) await follow();
  },
  add,
  async addBatch(items) {
    for (const item of items) await add(item);
  },
  async durable() {
    const ids = unsaved.splice(0);
    await Promise.all([...ids, rootId].map((id) => node.syncManager.waitForStorageSync(id)));
  },
  count: async () => titles.size,
  all: async () => Object.values(rows ?? {}).map((row) => ({ ...row.$jazz.raw.toJSON() }) as Item),
  async connect() {
    const peer = new WebSocketPeerWithReconnection({
      peer: url,
      reconnectionTimeout: 1000,
      addPeer: (added) => node.syncManager.addPeer(added),
      removePeer: () => {},
    });
    peer.enable();
    // Not awaited: it may be that no device has sent the record yet.
    if (!rows) following = follow();
  },
  async edit(id, title) {
    rows?.[id]?.$jazz.set('title', title);
  },
  async watch(tell) {
    heard = tell;
  },
};
