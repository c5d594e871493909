import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { asClock, asSeq, CHANNEL_VERSION, type HostReply } from '../../core/index.ts';
import type { Db } from './api.ts';
import { createDatabase } from './database.ts';
import { collection, text } from './index.ts';
import { FakeEnvironment, FakeHost, GROCERIES, HOME, settled } from './test-doubles.ts';

const collections = { notes: collection({ title: text() }) };

let host: FakeHost;
let environment: FakeEnvironment;
let db: Db<typeof collections>;
const unhandled = vi.fn();

beforeEach(() => {
  host = new FakeHost();
  environment = new FakeEnvironment();
  const schema = { version: 1, collections };
  db = createDatabase({ name: 'handles', schema }, { environment, host });
  unhandled.mockReset();
  process.on('unhandledRejection', unhandled);
});
afterEach(() => {
  db.close();
  process.off('unhandledRejection', unhandled);
});

const add = () => db.notes.add({ title: 'Milk' });
const full: HostReply = { type: 'error', code: 'storage_full', detail: 'No room.' };
const refuseWrites = () => (host.answer = ({ type }) => (type === 'write' ? full : undefined));

describe('write handles', () => {
  test('[PL4] synced resolves with the seq of the op, when the log has brought it back', async () => {
    const handle = add();
    const synced = vi.fn();
    void handle.synced.then(synced);
    await handle;
    await settled();
    expect(synced).not.toHaveBeenCalled();
    host.postSynced(1, 42);
    await settled();
    expect(synced).toHaveBeenCalledWith(42);
  });

  test('[PL4] of several rows, synced waits for all and gives the seq of the last op', async () => {
    const handle = db.bulk((tx) => {
      tx.notes.delete({ id: 'a', space: HOME });
      tx.notes.delete({ id: 'b', space: GROCERIES });
      tx.notes.delete({ id: 'c', space: HOME });
    });
    await handle;
    host.postSynced(1, 8);
    host.postSynced(2, 30);
    expect(await handle.synced).toBe(8);
  });

  test('[PL47] durable resolves before the records are there, and awaiting waits for them', async () => {
    let unfold = (_: HostReply): void => {};
    host.answer = (request) => {
      if (request.type === 'unfold') return new Promise((done) => (unfold = done));
      if (request.type !== 'write') return undefined;
      return { type: 'accepted', receipts: host.receiptsFor(request), ahead: true };
    };
    const handle = db.bulk((tx) => ['a', 'b'].forEach((title) => tx.notes.add({ title })));
    expect(await handle.durable).toHaveLength(2);
    const accepted = vi.fn();
    void handle.then(accepted);
    await settled();
    expect(accepted).not.toHaveBeenCalled();
    // The disk is full meanwhile.
    unfold(full);
    await settled();
    expect(accepted).not.toHaveBeenCalled();
    await environment.advance(1000);
    await settled();
    unfold({ type: 'ok', status: host.status });
    await settled();
    expect(accepted).toHaveBeenCalledOnce();
    expect(host.requests('unfold')).toHaveLength(2);
  });

  test('[PL47] many writes that went ahead wait together for their records', async () => {
    let unfold = (): void => {};
    host.answer = (request) => {
      if (request.type === 'unfold')
        return new Promise((done) => (unfold = () => done({ type: 'ok', status: host.status })));
      if (request.type !== 'write') return undefined;
      return { type: 'accepted', receipts: host.receiptsFor(request), ahead: true };
    };
    const accepted = vi.fn();
    const ask = (count: number) => {
      const handles = Array.from({ length: count }, () => add());
      for (const handle of handles) void handle.then(accepted);
      return Promise.all(handles.map(({ durable }) => durable));
    };
    await ask(100);
    await ask(100);
    expect(accepted).not.toHaveBeenCalled();
    // The host may have been through with the first when the last were accepted: these ask once more.
    unfold();
    await settled();
    expect(accepted).toHaveBeenCalledTimes(1);
    unfold();
    await settled();
    expect(accepted).toHaveBeenCalledTimes(200);
    expect(host.requests('unfold')).toHaveLength(2);
  });

  test('[PL47] of any other write durable is the same moment', async () => {
    const handle = add();
    expect(await handle.durable).toEqual(await handle);
    expect(host.requests('unfold')).toEqual([]);
  });

  test('[PL47] [PL5] durable rejects as the write does', async () => {
    refuseWrites();
    await expect(add().durable).rejects.toMatchObject({ code: 'storage_full' });
    await settled();
    expect(unhandled).not.toHaveBeenCalled();
  });

  test('[PL4] a refusal rejects synced with its code', async () => {
    const handle = add();
    await handle;
    const outcomes = [{ row: 1, kind: 'refused', code: 'forbidden', clock: asClock(1) }] as const;
    host.post({ offing: CHANNEL_VERSION, type: 'outcomes', outcomes });
    await expect(handle.synced).rejects.toMatchObject({ name: 'OffingError', code: 'forbidden' });
  });

  test('[AC41] of writes that share a row a refusal is that of its own op, and the rest go on', async () => {
    host.answer = (request) =>
      request.type === 'write'
        ? {
            type: 'accepted',
            receipts: [{ space: HOME, row: 1, index: host.requests('write').length }],
          }
        : undefined;
    const [first, second, third] = [add(), add(), add()];
    await Promise.all([first, second, third]);
    const refused = [{ row: 1, index: 2, kind: 'refused', code: 'forbidden' }] as const;
    host.post({ offing: CHANNEL_VERSION, type: 'outcomes', outcomes: refused });
    await expect(second.synced).rejects.toMatchObject({ code: 'forbidden' });
    const synced = vi.fn();
    void first.synced.then(synced);
    await settled();
    expect(synced).not.toHaveBeenCalled();
    host.postSynced(1, 9);
    expect(await Promise.all([first.synced, third.synced])).toEqual([9, 9]);
  });

  test('[AC41] what overtakes the replies of writes that share a row reaches each of them', async () => {
    host.answer = (request) => {
      if (request.type !== 'write') return undefined;
      const index = host.requests('write').length - 1;
      if (index === 1) {
        const refused = [{ row: 1, index: 0, kind: 'refused', code: 'forbidden' }] as const;
        host.post({ offing: CHANNEL_VERSION, type: 'outcomes', outcomes: refused });
        host.postSynced(1, 7);
      }
      const receipts = [{ space: HOME, row: 1, index }];
      return settled().then(() => ({ type: 'accepted', receipts }));
    };
    const [first, second] = [add(), add()];
    await expect(first.synced).rejects.toMatchObject({ code: 'forbidden' });
    expect(await second.synced).toBe(7);
  });

  test('[PL4] an outcome that overtakes the reply is not lost', async () => {
    host.answer = (request) => {
      if (request.type !== 'write') return undefined;
      const receipts = host.receiptsFor(request);
      host.postSynced(1, 7);
      return settled().then(() => ({ type: 'accepted', receipts }));
    };
    expect(await add().synced).toBe(7);
  });

  test('[PL4] asked for after the outcome was known, synced still knows it', async () => {
    const handle = add();
    await handle;
    host.postSynced(1, 7);
    await settled();
    expect(await handle.synced).toBe(7);
  });

  test('[PL4] a row that the host does not know stays open: neither lost nor in the log', async () => {
    const handle = add();
    const settledOnce = vi.fn();
    void handle.synced.then(settledOnce, settledOnce);
    await handle;
    const outcomes = [{ row: 1, kind: 'unknown' }] as const;
    host.post({ offing: CHANNEL_VERSION, type: 'outcomes', outcomes });
    await settled();
    expect(settledOnce).not.toHaveBeenCalled();
    host.postSynced(1, 7);
    await settled();
    expect(settledOnce).toHaveBeenCalledWith(asSeq(7));
  });

  test('[PL5] what was not accepted rejects both, and the one not awaited is no unhandled rejection', async () => {
    refuseWrites();
    const first = add();
    void first.synced;
    await expect(first).rejects.toMatchObject({ code: 'storage_full', message: 'No room.' });
    const second = add();
    await expect(second.synced).rejects.toMatchObject({ code: 'storage_full' });
    await expect(add()).rejects.toMatchObject({ code: 'storage_full' });
    await settled();
    expect(unhandled).not.toHaveBeenCalled();
  });

  test('[PL5] a failed write of which nobody asked anything is reported, once', async () => {
    refuseWrites();
    add();
    await settled();
    await settled();
    expect(unhandled).toHaveBeenCalledTimes(1);
    expect(unhandled.mock.calls[0]?.[0]).toMatchObject({ code: 'storage_full' });
  });
});
