/** Devices of every earlier layout, as the software of their time left them, opened by this one. */
import 'fake-indexeddb/auto';
import Database from 'better-sqlite3';
import { IDBFactory } from 'fake-indexeddb';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  APP_VERSIONS,
  databaseNameOf,
  databaseVersionOf,
  LAYOUT_VERSION,
  type AppConfig,
  type OutboxRow,
  type SequencedOp,
} from '../core/index.ts';
import { openServer } from '../server/index.ts';
import { scratchDirectory } from '../server/testing/scratch.ts';
import { createIdbSession } from '../sw/adapters/idb-session.ts';
import type { OwnRow } from '../sw/adapters/own-row.ts';
import type { SetAside, SettledRow } from '../sw/engine/ports.ts';
import { createDevice, type Device } from './support/device.ts';
import { listsConfig, newItem } from './support/lists-config.ts';
import { faultsOf, readReplica } from './support/replica-check.ts';
import { logsOf } from './support/restorable-server.ts';
import { dump, restore, type DatabaseDump } from './databases/dump.ts';
import { keptOf, madeToday } from './databases/kept.ts';
import type { DeviceDump, Made } from './databases/make.ts';

const NAME = databaseNameOf(listsConfig);
/** The app's next version. */
const withNotes: AppConfig = {
  ...listsConfig,
  version: 2,
  collections: { ...listsConfig.collections, notes: { indexes: [] } },
};
const all = Object.keys(withNotes.collections);
const LAYOUTS = Array.from({ length: LAYOUT_VERSION }, (_, i) => i + 1);

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

async function serve(sql: string) {
  const root = await scratchDirectory('databases');
  ends.push(() => rm(root, { recursive: true }));
  const data = join(root, 'data');
  await mkdir(data);
  const db = new Database(join(data, 'offing.db'));
  db.exec(sql);
  db.close();
  const server = await openServer({ data, port: 0 });
  ends.push(() => server.close());
  return server;
}

/** The device with its server, as if both had been updated while the app was closed. */
async function open({ device: dumped, server: sql }: Made, config: AppConfig = listsConfig) {
  const { url } = await serve(sql);
  const indexedDB = new IDBFactory();
  vi.stubGlobal('indexedDB', indexedDB);
  ends.push(() => vi.unstubAllGlobals());
  for (const each of [dumped.replica, dumped.session]) await restore(indexedDB, each);
  const random = { bytes: (count: number) => new Uint8Array(count), fraction: () => 0 };
  const session = createIdbSession({ clock: { now: () => 0 }, random, remembers: false });
  const { connection } = await session.load();
  if (!connection) throw new Error('It was connected.');
  await session.save({ connection: { ...connection, url } });
  const device = deviceOf({ config, indexedDB, session, listens: false });
  await device.ask({ v: 1, type: 'hello', config });
  return { device, url, indexedDB, token: dumped.token };
}

function deviceOf(options: Parameters<typeof createDevice>[0]): Device {
  const device = createDevice(options);
  ends.push(() => device.close());
  return device;
}

const rowsIn = <Row>({ stores }: DatabaseDump, name: string): Row[] =>
  (stores[name]?.rows ?? []).map(({ value }) => value as Row);
/** The id that the next row of the outbox was to have: before layout 8 the database gave it. */
const nextRowIn = (dumped: DatabaseDump): number | undefined =>
  rowsIn<OwnRow>(dumped, '_meta').find(({ counts }) => counts)?.counts?.next ??
  dumped.stores['_outbox']?.next;
const shown = async (device: Device, collection: string) => [
  ...(await device.rows(collection)).values(),
];
const structureOf = ({ version, stores }: DatabaseDump) => ({
  version,
  stores: Object.fromEntries(
    Object.entries(stores).map(([name, { keyPath, indexes }]) => [name, { keyPath, indexes }]),
  ),
});
const ring = (one: Device) => one.ask({ v: 1, type: 'ring', reason: 'visible' });

describe('a database of an earlier layout', () => {
  it.each([...LAYOUTS, 'today'] as const)(
    '[AC50] of layout %s shows what it showed, and has all that it had',
    async (layout) => {
      const made = await madeOf(layout);
      const { device } = await open(made);
      const { replica, view, status } = made.device;
      expect(await device.engine.status()).toMatchObject({ ...status, conflicts: 1 });
      for (const collection of ['lists', 'items'] as const)
        expect(await shown(device, collection)).toEqual(view[collection]);
      for (const table of ['_outbox', '_aside', '_settled']) {
        const rows = await device.table(table).toArray();
        expect(rows).toEqual(rowsIn<OutboxRow | SetAside | SettledRow>(replica, table));
      }
      const { row } = await device.put(undefined, [newItem('later', 'Later')]);
      expect(row).toBe(nextRowIn(replica));
    },
  );

  it.each(LAYOUTS)(
    '[AC51] of layout %s has the tables, indexes and rows of a new one afterwards',
    async (layout) => {
      const { device, indexedDB } = await open(await madeOf(layout));
      await device.engine.status();
      const fresh = new IDBFactory();
      await deviceOf({ config: listsConfig, indexedDB: fresh }).engine.status();
      const now = await dump(indexedDB, NAME);
      expect(structureOf(now)).toEqual(structureOf(await dump(fresh, NAME)));
      const found = rowsIn<{ open: boolean }>(now, '_conflicts');
      expect(new Set(found.map(({ open: isOpen }) => isOpen))).toEqual(new Set([false, true]));
      for (const one of found) expect(one).toHaveProperty(one.open ? 'waits' : 'ended');
    },
  );

  it.each([...LAYOUTS, 'today'] as const)(
    '[AC52] of layout %s: what waited is in the log once, and the device is what a new one is',
    async (layout) => {
      const made = await madeOf(layout);
      const { device, url, token } = await open(made, withNotes);
      await device.ask({ v: 1, type: 'resume' });
      await ring(device);
      const logs = await logsOf(url, token);
      const written = ({ actor, payload }: Pick<SequencedOp, 'actor' | 'payload'>) =>
        `${actor} ${payload}`;
      const inLog = [...logs.values()].flat().map(written);
      const waited = rowsIn<OutboxRow>(made.device.replica, '_outbox').flatMap(
        ({ actor, payloads }) => payloads.map((payload) => written({ actor, payload })),
      );
      expect(waited.length).toBeGreaterThan(8);
      expect(inLog.filter((one) => waited.includes(one)).toSorted()).toEqual(waited.toSorted());
      expect(await device.engine.status()).toMatchObject({
        phase: 'idle',
        pending: 0,
        setAside: 1,
        trouble: null,
      });
      expect(faultsOf(await readReplica(device, all), logs)).toEqual([]);
      const other = deviceOf({ config: withNotes, listens: false });
      await other.connect(url, token);
      await ring(other);
      for (const collection of all)
        expect(await other.rows(collection)).toEqual(await device.rows(collection));
      expect(await titles(device)).toContain('Lamp, moved');
    },
  );

  it.each(LAYOUTS)(
    '[AC53] of layout %s shows what was hidden, where a new app has a collection for it',
    async (layout) => {
      const { device } = await open(await madeOf(layout), withNotes);
      expect(await shown(device, 'notes')).toMatchObject([{ text: 'of an app that knows notes' }]);
      expect(await device.engine.status()).toMatchObject({ setAside: 1, conflicts: 1 });
    },
  );
});

describe('a database of a layout to come', () => {
  /** As software may leave it that has one table more, and one fewer. */
  function future({ replica, ...rest }: DeviceDump): DeviceDump {
    const { _missing: missing, ...stores } = replica.stores;
    if (!missing) throw new Error('This layout has it.');
    const version = (databaseVersionOf(listsConfig) + APP_VERSIONS) * 10;
    return { ...rest, replica: { ...replica, version, stores: { ...stores, _later: missing } } };
  }

  it('[AC54] is refused by a code, stays as it is, and is opened by who knows it', async () => {
    const { device: dumped, server } = await madeOf('today');
    const later = future(dumped);
    const { device, indexedDB } = await open({ device: later, server });
    for (let times = 0; times < 2; times++) {
      expect(await device.engine.status()).toMatchObject({
        phase: 'storage-failed',
        storageFault: 'newer',
        lost: null,
      });
      const refused = { type: 'error', code: 'storage_newer' };
      const ops = [{ do: [newItem('more', 'More')] }];
      expect(await device.ask({ v: 1, type: 'write', ops, seen: {} })).toMatchObject(refused);
      expect(await device.ask({ v: 1, type: 'start-anew', evenUnread: true })).toMatchObject(
        refused,
      );
      await ring(device);
    }
    expect(await dump(indexedDB, NAME)).toEqual(later.replica);

    // What the other software is for: this one finds a layout that it knows.
    await new Promise((done) => indexedDB.deleteDatabase(NAME).addEventListener('success', done));
    await restore(indexedDB, dumped.replica);
    device.restart();
    await expect
      .poll(() => device.engine.status())
      .toMatchObject({ ...dumped.status, storageFault: null });
  });

  it('[AC54] is told from one of an app of a later version, which is open to all', async () => {
    const { device } = await open(await madeOf('today'), withNotes);
    await device.engine.status();
    await device.session.save({ config: listsConfig });
    expect(await device.engine.status()).toMatchObject({ phase: 'paused', storageFault: null });
  });
});

const titles = async (device: Device) => (await shown(device, 'items')).map(({ title }) => title);

let today: Promise<Made> | undefined;
const madeOf = async (layout: number | 'today'): Promise<Made> =>
  layout === 'today' ? (today ??= madeToday()) : keptOf(layout);
