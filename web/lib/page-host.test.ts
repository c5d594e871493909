/** The engine itself, over a database in memory, in two tabs that know of each other only by it. */
import 'fake-indexeddb/auto';
import { Dexie } from 'dexie';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CHANNEL_VERSION, type Notice, type PageRequest } from '../../core/index.ts';
import { createNotices } from './notices.ts';
import { createPageHost } from './page-host.ts';
import type { Host } from './host.ts';
import { FakeEnvironment } from './test-doubles.ts';

const v = CHANNEL_VERSION;
const config = { name: 'page-host', version: 1, collections: { items: { indexes: [] } } };

let tabs: { host: Host; close(): void }[] = [];

beforeEach(() => {
  const factory = new IDBFactory();
  vi.stubGlobal('indexedDB', factory);
  Dexie.dependencies.indexedDB = factory;
  // A plain http address: no service worker, no Web Locks.
  vi.stubGlobal('navigator', { userAgent: 'none' });
});

afterEach(() => {
  for (const tab of tabs) tab.close();
  tabs = [];
  vi.unstubAllGlobals();
});

function openTab() {
  const environment = new FakeEnvironment();
  const notices = createNotices(environment);
  const host = createPageHost({ environment, notices });
  const told: Notice[] = [];
  host.onNotice((notice) => told.push(notice));
  const close = () => {
    host.close();
    notices.close();
  };
  tabs.push({ host, close });
  const ask = <T extends PageRequest['type']>(request: Extract<PageRequest, { type: T }>) =>
    host.ask(request);
  return { host, told, ask, environment };
}

let ids = 0;
const add = (title: unknown) =>
  ({
    v,
    type: 'write',
    ops: [
      {
        do: [
          { kind: 'put', collection: 'items', id: `i${(ids += 1)}`, new: true, fields: { title } },
        ],
      },
    ],
    seen: {},
    rebuilt: {},
  }) as unknown as Extract<PageRequest, { type: 'write' }>;

const hello: Extract<PageRequest, { type: 'hello' }> = { v, type: 'hello', config };

describe('the host in the page', () => {
  it('[HO36] says that changes leave only while it is open', async () => {
    const { ask } = openTab();
    expect(await ask(hello)).toMatchObject({
      type: 'ok',
      status: { phase: 'idle', delivery: 'while-open', pending: 0 },
    });
  });

  it('[HO33] every tab accepts its own writes into the one outbox, and every tab is told', async () => {
    const [one, other] = [openTab(), openTab()];
    await one.ask(hello);
    await other.ask(hello);
    const replies = await Promise.all([one, other, one, other].map(({ ask }) => ask(add('Tent'))));
    const receipts = replies.flatMap((reply) => (reply.type === 'accepted' ? reply.receipts : []));
    expect(new Set(receipts.map(({ row, index }) => `${row} ${index}`)).size).toBe(4);
    const rows = [...new Set(receipts.map(({ row }) => row))];
    for (const { ask, told, environment } of [one, other]) {
      await environment.advance(1_000);
      expect(await ask({ v, type: 'catch-up', rows })).toMatchObject({
        status: { pending: 4 },
        outcomes: rows.map((row) => ({ row, kind: 'pending' })),
      });
      await expect
        .poll(() => told.at(-1))
        .toMatchObject({ type: 'status', status: { pending: 4 } });
    }
  });

  it('[HO2] takes a copy: what the app does to its objects later counts for nothing', async () => {
    const { ask } = openTab();
    await ask(hello);
    const fields = { name: 'Tent' };
    const reply = ask(add(fields));
    fields.name = 'Changed';
    await reply;
    const db = await new Dexie('offing-page-host').open();
    expect(await db.table('items').toArray()).toMatchObject([{ title: { name: 'Tent' } }]);
    db.close();
  });

  it('[HO2] says by a code what is wrong with a request, also what cannot be copied', async () => {
    const { ask, environment } = openTab();
    await ask(hello);
    await expect(ask(add(() => {}))).rejects.toMatchObject({ code: 'bad_request' });
    expect(await ask({ v: 2, type: 'status' } as never)).toMatchObject({ code: 'bad_request' });
    expect(await ask({ v, type: 'status' })).toMatchObject({ status: { pending: 0 } });
    expect(environment.reported).toEqual([]);
  });
});
