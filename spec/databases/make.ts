/**
 * Makes a device's databases as the software of today leaves them, with something of everything that
 * can be in one, and the server's beside it. Kept as a fixture they are what the software of tomorrow
 * has to open: see README.md.
 */
import { IDBFactory } from 'fake-indexeddb';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  databaseNameOf,
  type MutationJson,
  type PushRequest,
  type SpaceId,
} from '../../core/index.ts';
import { openServer } from '../../server/index.ts';
import { scratchDirectory } from '../../server/testing/scratch.ts';
import { createIdbSession } from '../../sw/adapters/idb-session.ts';
import { createDevice, uuid, type Device } from '../support/device.ts';
import { listsConfig, newItem, newList, remove, setTitle } from '../support/lists-config.ts';
import { dump, type DatabaseDump } from './dump.ts';
import { dumpSql } from './sql.ts';

/** A device as it lies on its disk, and what its software said of it. */
export interface DeviceDump {
  readonly token: string;
  readonly replica: DatabaseDump;
  readonly session: DatabaseDump;
  /** What the app showed. */
  readonly view: Readonly<Record<'lists' | 'items', readonly object[]>>;
  readonly status: object;
}

export interface Made {
  readonly device: DeviceDump;
  /** The server's database, as SQL. */
  readonly server: string;
}

const ring = (one: Device) => one.ask({ v: 1, type: 'ring', reason: 'visible' });
const noteOf = (id: string): MutationJson => ({
  kind: 'put',
  new: true,
  collection: 'notes',
  id,
  fields: { text: 'of an app that knows notes' },
});

export async function make(): Promise<Made> {
  const data = await scratchDirectory('fixture');
  const server = await openServer({ data, port: 0, limits: { payloadBytes: 300 } });
  const account = (await server.accounts.named('ann')).id;
  const token = await server.tokens.mint({ account, label: 'test', readOnly: false });
  const indexedDB = new IDBFactory();
  const net: Net = {};
  const a = createDevice({ config: listsConfig, indexedDB, listens: false, fetch: over(net) });
  const b = createDevice({ config: listsConfig, listens: false });
  for (const one of [a, b]) await one.connect(server.url, token);

  await live({ a, b, net, url: server.url, token });

  const view = { lists: await shown(a, 'lists'), items: await shown(a, 'items') };
  const { phase, pending, setAside, conflicts } = await a.engine.status();
  const session = await a.session.load();
  for (const one of [a, b]) one.close();
  const replica = await dump(indexedDB, databaseNameOf(listsConfig));
  await server.close();
  const sql = dumpSql(join(data, 'offing.db'));
  await rm(data, { recursive: true });
  return {
    device: {
      token,
      replica,
      session: await dumpSession(session),
      view,
      status: { phase, pending, setAside, conflicts },
    },
    server: sql,
  };
}

async function shown(device: Device, collection: string): Promise<object[]> {
  return [...(await device.rows(collection)).values()];
}

interface Scene {
  readonly a: Device;
  readonly b: Device;
  readonly net: Net;
  readonly url: string;
  readonly token: string;
}

/** What the two devices of an account live through. */
async function live({ a, b, net, url, token }: Scene): Promise<void> {
  const [camp, kitchen, attic] = [uuid() as SpaceId, uuid() as SpaceId, uuid() as SpaceId];
  await a.put(undefined, [newList(camp, 'Camp')]);
  await a.put(undefined, [newList(kitchen, 'Kitchen')]);
  for (const [id, title] of Object.entries({
    tent: 'Tent',
    stove: 'Stove',
    lamp: 'Lamp',
    rope: 'Rope',
  }))
    await a.put(camp, [newItem(id, title)]);
  await a.put(kitchen, [newItem('pot', 'Pot'), newItem('cup', 'Cup')]);
  await a.put(camp, [noteOf('note')]);
  await b.put(camp, [newItem('map', 'Map')]);
  await pushMalformed(url, token, camp);
  for (const one of [b, a]) await ring(one);

  // Conflicts, the first closed by itself and the second open; and tombstones.
  a.offline = true;
  await a.put(camp, [setTitle('tent', 'Tent for two')]);
  await a.put(camp, [setTitle('stove', 'Gas stove')]);
  await b.put(camp, [setTitle('tent', 'Tent for three')]);
  await b.put(camp, [remove('items', 'stove')]);
  await b.put(camp, [remove('items', 'rope')]);
  a.offline = false;
  for (const one of [b, a, b, a]) await ring(one);

  // Refused by the server.
  await a.put(camp, [newItem('long', 'x'.repeat(400))]);
  await ring(a);

  // Sealed and sent: the first reached the server, and its answer was lost; the second did not.
  net.only = camp;
  await a.put(camp, [setTitle('lamp', 'Lamp, taken')]);
  await a.put(kitchen, [setTitle('pot', 'Pot, not arrived')]);
  await ring(a);

  // Not sealed: one of everything.
  await a.ask({ v: 1, type: 'pause' });
  await a.put(camp, [setTitle('tent', 'Tent, pending')]);
  await a.put(camp, [remove('items', 'map')]);
  await a.put(kitchen, [newItem('pan', 'Pan'), setTitle('cup', 'Cup in a batch')]);
  await a.put(undefined, [newList(attic, 'Attic')]);
  await a.write(['chair', 'chest'].map((id) => ({ space: attic, do: [newItem(id, id)] })));
  await a.write([
    { space: attic, do: [newItem('lamp', 'Lamp, moved')] },
    { space: camp, do: [remove('items', 'lamp')] },
  ]);

  // Meanwhile, and not known here yet.
  await b.put(camp, [setTitle('tent', 'Tent, theirs')]);
  await b.put(camp, [newItem('axe', 'Axe')]);
  await ring(b);
}

// ── the way to the server ────────────────────────────────────────────────────────────────────────

interface Net {
  /** What is sent of this space arrives, nothing else does, and no answer comes back. */
  only?: SpaceId;
}

const over =
  (net: Net) =>
  async (url: URL, init: RequestInit): Promise<Response> => {
    const { only } = net;
    if (only === undefined || url.pathname !== '/sync/push') return fetch(url, init);
    const request = JSON.parse(init.body as string) as PushRequest;
    const asked = request.spaces[only];
    const body = JSON.stringify({ ...request, spaces: { [only]: asked } });
    if (asked) await fetch(url, { ...init, body });
    throw new TypeError('The answer is lost.');
  };

async function pushMalformed(url: string, token: string, space: SpaceId): Promise<void> {
  const op = { clock: 1, base: 0, at: Date.now(), v: 1, payload: '{"do":[{"kind":"unheard of"}]}' };
  const response = await fetch(new URL('/sync/push', url), {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ spaces: { [space]: { actor: uuid(), since: 0, ops: [op] } } }),
  });
  if (!response.ok) throw new Error(await response.text());
}

// ── the session ──────────────────────────────────────────────────────────────────────────────────

/** As the real one lies on the disk; devices of tests have theirs in memory. */
async function dumpSession(session: object): Promise<DatabaseDump> {
  const random = { bytes: (count: number) => new Uint8Array(count), fraction: () => 0 };
  const real = createIdbSession({ clock: { now: () => 0 }, random, remembers: false });
  await real.save(session);
  return dump(indexedDB, 'offing-session');
}
