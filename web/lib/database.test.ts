import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { asSeq, type AccountId } from '../../core/index.ts';
import type { Db } from './api.ts';
import { createDatabase } from './database.ts';
import { collection, text } from './index.ts';
import { FakeEnvironment, FakeHost, GROCERIES, HOME, IDLE, settled } from './test-doubles.ts';

const collections = { notes: collection({ title: text() }) };

let host: FakeHost;
let environment: FakeEnvironment;
let db: Db<typeof collections>;

const open = () =>
  createDatabase({ name: 'database', schema: { version: 1, collections } }, { environment, host });

beforeEach(() => {
  host = new FakeHost();
  environment = new FakeEnvironment();
  host.cursors = { [HOME]: asSeq(3), [GROCERIES]: asSeq(8) };
  db = open();
});
afterEach(() => db.close());

const seenBy = (write: number) => host.requests('write')[write]?.seen;

describe('a connected database', () => {
  test('[PL2] greets the host with the config of its schema', async () => {
    await db.ready;
    expect(host.requests('hello')[0]?.config).toEqual({
      name: 'database',
      version: 1,
      collections: { notes: { indexes: [] } },
    });
  });

  test.each(['batch', 'close', 'collections', 'then', 'toString'])(
    '[PL2] refuses a collection that would hide its member `%s`',
    (name) => {
      const schema = { version: 1, collections: { [name]: collections.notes } };
      const connect = () => createDatabase({ name: 'clash', schema }, { environment, host });
      expect(connect).toThrow(expect.objectContaining({ code: 'bad_schema' }));
    },
  );

  test('[PL10] writes carry what the page showed at the call, of the spaces they touch', async () => {
    await db.ready;
    const first = db.notes.delete({ id: 'a', space: GROCERIES });
    host.postApplied(GROCERIES, 9); // comes in while the write is on its way
    await first;
    await db.notes.delete({ id: 'a', space: GROCERIES });
    await db.notes.delete('a');
    expect(seenBy(0)).toEqual({ [GROCERIES]: 8 });
    expect(seenBy(1)).toEqual({ [GROCERIES]: 9 });
    expect(seenBy(2)).toEqual({ [HOME]: 3, [GROCERIES]: 9 });
  });

  test('[PL10] a write made before the first catch-up waits for it', async () => {
    await db.notes.delete({ id: 'a', space: HOME });
    expect(seenBy(0)).toEqual({ [HOME]: 3 });
  });

  test('[PL11] a page that comes back asks the host', async () => {
    await db.ready;
    const comeBack = [
      () => environment.fire('focus'),
      () => environment.fire('visibilitychange'),
      () => environment.fire('pageshow', { persisted: true }),
    ];
    for (const [i, back] of comeBack.entries()) {
      back();
      await settled();
      expect(host.requests('catch-up')).toHaveLength(i + 2);
    }
    environment.fire('pageshow', { persisted: false });
    await settled();
    expect(host.requests('catch-up')).toHaveLength(4);
  });

  test('[PL13] polls with an account, at once quicker when something comes in', async () => {
    await db.ready;
    await environment.advance(60_000);
    expect(host.requests('ring')).toEqual([]);
    const account = { id: GROCERIES as string as AccountId, name: 'Ada' };
    host.status = { ...IDLE, account };
    await db.syncNow();
    await environment.advance(300_000);
    const before = host.requests('ring').length;
    host.postApplied(HOME, 4);
    await environment.advance(1_000);
    expect(host.requests('ring')).toHaveLength(before + 1);
    host.status = { ...IDLE, account, phase: 'paused' };
    await db.pause();
    await environment.advance(60_000);
    expect(host.requests('ring')).toHaveLength(before + 1);
  });

  test('[PL90] says with its rings what it shows, the last opened first, while new spaces are filled', async () => {
    await db.ready;
    const account = { id: GROCERIES as string as AccountId, name: 'Ada' };
    const amount = { records: 0, ofRecords: 9, bytes: 0, ofBytes: 9 };
    host.status = { ...IDLE, account };
    await db.syncNow();
    const follows = [HOME, GROCERIES].map((space) => db.notes.live(space).subscribe(() => {}));
    await environment.advance(15_000);
    expect(host.requests('ring').at(-1)).toEqual(expect.not.objectContaining({ open: [] }));
    host.status = { ...IDLE, account, filling: { ...amount, spaces: [HOME] } };
    await db.syncNow();
    // What is opened now is told within a second.
    await environment.advance(1_000);
    expect(host.requests('ring').at(-1)).toMatchObject({ open: [GROCERIES, HOME] });
    for (const one of follows) one.unsubscribe();
    await environment.advance(15_000);
    expect(host.requests('ring').at(-1)).toMatchObject({ open: [] });
  });

  test('[PL15] pause, resume, syncNow and connectAccount give the status, which all hear', async () => {
    const told = vi.fn();
    db.status.subscribe(told);
    host.status = { ...IDLE, phase: 'paused' };
    expect(await db.pause()).toEqual(host.status);
    expect(told).toHaveBeenLastCalledWith(host.status);
    await db.resume();
    await db.connectAccount({ url: 'https://sync.example', token: 't' });
    expect(host.requests('connect')).toMatchObject([{ url: 'https://sync.example', token: 't' }]);
    host.answer = () => ({ type: 'error', code: 'auth_failed', detail: 'Not a token.' });
    await expect(db.syncNow()).rejects.toMatchObject({ code: 'auth_failed' });
  });

  test('[PL11] the app hears the applied ops as the host posted them', () => {
    const told = vi.fn();
    const stop = db.applied.subscribe(told);
    host.postApplied(HOME, 4, 6);
    stop();
    host.postApplied(HOME, 7);
    expect(told.mock.calls).toMatchObject([[{ type: 'applied', space: HOME, from: 4, to: 6 }]]);
  });

  test('[PL12] closed, it asks nothing and hears nothing', async () => {
    await db.ready;
    db.close();
    environment.fire('focus');
    environment.fire('online');
    await environment.advance(60_000);
    expect(host.asked.map(({ type }) => type)).toEqual(['hello', 'catch-up']);
    await expect(db.notes.delete('a')).rejects.toMatchObject({ code: 'closed' });
    expect(environment.timers).toBe(0);
  });
});
