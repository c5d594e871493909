import 'fake-indexeddb/auto';
import { Dexie } from 'dexie';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { databaseNameOf, isUuidV7 } from '../../core/index.ts';
import type { Db } from './api.ts';
import { createDatabase } from './database.ts';
import { bool, collection, optional, order, text } from './index.ts';
import { FakeEnvironment, FakeHost, GROCERIES, HOME, settled, storedRow } from './test-doubles.ts';

const collections = {
  lists: collection({ title: text(), order: order() }),
  items: collection({ title: text(), note: optional(text()), done: bool() }),
};
const schema = { version: 1, registry: 'lists', collections } as const;

let host: FakeHost;
let environment: FakeEnvironment;
let db: Db<typeof collections>;
let databases = 0;

beforeEach(() => {
  host = new FakeHost();
  environment = new FakeEnvironment();
  databases += 1;
  db = createDatabase({ name: `writes-${databases}`, schema }, { environment, host });
});
afterEach(() => db.close());

/** What the engine would have written. */
async function store(...rows: object[]): Promise<void> {
  await db.items.count(); // makes the tables
  const engine = new Dexie(
    databaseNameOf({ ...schema, name: `writes-${databases}`, collections: {} }),
  );
  await engine.open();
  await engine.table('items').bulkPut(rows);
  engine.close();
}

const opsOf = (write = 0) => host.requests('write')[write]?.ops;

describe('writes', () => {
  test('[PL3] an add has its id at once, and its receipt once it is durable here', async () => {
    const handle = db.items.add({ space: GROCERIES, title: 'Milk', done: false });
    expect(isUuidV7(handle.id)).toBe(true);
    expect(await handle).toEqual({ space: GROCERIES, row: 1, index: 0 });
    expect(await handle.accepted).toEqual(await handle);
    const fields = { title: 'Milk', done: false };
    const put = { kind: 'put', collection: 'items', id: handle.id, new: true, fields };
    expect(opsOf()).toEqual([{ space: GROCERIES, do: [put] }]);
  });

  test('[PL3] update, delete and restore name the record, and its space where it is known', async () => {
    await db.items.update({ id: 'a', space: HOME }, { title: 'Tea', note: null });
    await db.items.delete('b');
    await db.items.restore('b');
    const fields = { title: 'Tea', note: null };
    expect(opsOf(0)).toEqual([
      { space: HOME, do: [{ kind: 'put', collection: 'items', id: 'a', fields }] },
    ]);
    expect(opsOf(1)).toEqual([{ do: [{ kind: 'delete', collection: 'items', id: 'b' }] }]);
    expect(opsOf(2)).toEqual([{ do: [{ kind: 'restore', collection: 'items', id: 'b' }] }]);
  });

  test('[PL3] a row given back changes no member of the layer, and leaves out what is undefined', async () => {
    const row = { id: 'a', space: HOME, title: 'Tea', done: undefined, $: 1 };
    await db.items.update('a', row as object);
    expect(opsOf()?.[0]?.do[0]).toMatchObject({ id: 'a', fields: { title: 'Tea' } });
    expect(opsOf()?.[0]?.do[0]).not.toHaveProperty(['fields', 'space']);
    expect(opsOf()?.[0]?.do[0]).not.toHaveProperty(['fields', 'done']);
  });

  test('[PL6] reach the host in the order of the calls, without waiting for answers', async () => {
    host.answer = (request) => (request.type === 'write' ? new Promise(() => {}) : undefined);
    for (const title of ['a', 'b', 'c']) void db.lists.add({ title, order: title });
    await settled();
    const titles = host.requests('write').map(({ ops }) => ops[0]?.do[0]);
    expect(titles).toMatchObject(['a', 'b', 'c'].map((title) => ({ fields: { title } })));
  });

  test('[PL6] one that fails does not hold up the next', async () => {
    host.answer = (request) =>
      request.type === 'write' && host.requests('write').length === 1
        ? { type: 'error', code: 'no_such_record', detail: 'No items has this id here.' }
        : undefined;
    const first = db.items.delete('nobody');
    const second = db.items.add({ title: 'Milk', done: false });
    await expect(first).rejects.toMatchObject({ name: 'OffingError', code: 'no_such_record' });
    await expect(second).resolves.toMatchObject({ index: 0 });
  });
});

describe('batches', () => {
  test('[PL7] are one op, in the space that its members name', async () => {
    let id = '';
    const handle = db.batch((tx) => {
      id = tx.items.add({ space: GROCERIES, title: 'Milk', done: false });
      tx.items.update(id, { done: true });
      tx.lists.delete('c');
    });
    expect(await handle).toMatchObject({ space: GROCERIES });
    expect(opsOf()).toEqual([
      {
        space: GROCERIES,
        do: [
          {
            kind: 'put',
            collection: 'items',
            id,
            new: true,
            fields: { title: 'Milk', done: false },
          },
          { kind: 'put', collection: 'items', id, fields: { done: true } },
          { kind: 'delete', collection: 'lists', id: 'c' },
        ],
      },
    ]);
  });

  test('[PL7] leave the space to the host if no member names one', async () => {
    await db.batch((tx) => tx.items.update('a', { done: true }));
    expect(opsOf()?.[0]).not.toHaveProperty('space');
  });

  test('[PL7] that span spaces are refused before anything is sent', async () => {
    const handle = db.batch((tx) => {
      tx.items.delete({ id: 'a', space: HOME });
      tx.items.delete({ id: 'b', space: GROCERIES });
    });
    await expect(handle).rejects.toMatchObject({ code: 'batch_spans_spaces' });
    await expect(handle.synced).rejects.toMatchObject({ code: 'batch_spans_spaces' });
    expect(host.requests('write')).toEqual([]);
  });

  test('[PL7] with nothing in them are an error', async () => {
    await expect(db.batch(() => {})).rejects.toMatchObject({ code: 'bad_op' });
    await expect(db.bulk(() => {})).rejects.toMatchObject({ code: 'bad_op' });
  });

  test('[PL7] are over when their callback returns: what comes later throws', async () => {
    let late: unknown;
    // oxlint-disable-next-line typescript/no-misused-promises -- because this is the mistake
    const handle = db.batch(async (tx) => {
      tx.items.delete('a');
      await Promise.resolve();
      try {
        tx.items.delete('b');
      } catch (error) {
        late = error;
      }
    });
    await handle;
    expect(late).toMatchObject({ code: 'closed' });
    expect(opsOf()?.[0]?.do).toHaveLength(1);
  });
});

describe('bulk writes', () => {
  test('[PL8] are many ops in one request, in any spaces, with a receipt for each', async () => {
    const handle = db.bulk((tx) => {
      tx.items.add({ space: GROCERIES, title: 'Milk', done: false });
      tx.items.delete({ id: 'a', space: HOME });
      tx.items.delete('b');
    });
    expect(await handle).toHaveLength(3);
    expect(host.requests('write')).toHaveLength(1);
    expect(opsOf()?.map(({ space }) => space)).toEqual([GROCERIES, HOME, undefined]);
  });
});

describe('moves', () => {
  const drink = { id: 'a', space: HOME, title: 'Tea', note: null, done: true, shade: 'green' };
  const tea = storedRow(drink);

  test('[PL9] put all that the record has there and delete it here', async () => {
    await store(tea);
    await db.items.move('a', GROCERIES, { done: false });
    const fields = { title: 'Tea', shade: 'green', done: false };
    expect(opsOf()).toEqual([
      { space: GROCERIES, do: [{ kind: 'put', collection: 'items', id: 'a', new: true, fields }] },
      { space: HOME, do: [{ kind: 'delete', collection: 'items', id: 'a' }] },
    ]);
  });

  test('[PL9] within the same space only change', async () => {
    await store(tea);
    await db.items.move({ id: 'a', space: HOME }, HOME, { done: false });
    expect(opsOf()).toEqual([
      { space: HOME, do: [{ kind: 'put', collection: 'items', id: 'a', fields: { done: false } }] },
    ]);
  });

  test('[PL9] see what was written before them, and hold their place before what follows', async () => {
    await store(tea);
    host.answer = (request) => {
      if (request.type !== 'write' || host.requests('write').length > 1) return undefined;
      const receipts = host.receiptsFor(request);
      return store(storedRow({ ...drink, title: 'Coffee' })).then(() => ({
        type: 'accepted',
        receipts,
      }));
    };
    void db.items.update('a', { title: 'Coffee' });
    void db.items.move('a', GROCERIES);
    await db.items.delete('a');
    expect(opsOf(1)?.[0]?.do[0]).toMatchObject({ fields: { title: 'Coffee' } });
    expect(opsOf(2)?.[0]?.do[0]).toMatchObject({ kind: 'delete' });
  });

  test('[PL9] of many records are one request', async () => {
    await store(tea, { ...tea, id: 'b' });
    await db.bulk((tx) => {
      tx.items.move('a', GROCERIES);
      tx.items.move('b', GROCERIES);
    });
    expect(opsOf()).toHaveLength(4);
  });

  test('[PL9] of what is not here are refused', async () => {
    await store(tea, { ...tea, space: GROCERIES });
    const nobody = db.items.move('nobody', GROCERIES);
    await expect(nobody).rejects.toMatchObject({ code: 'no_such_record' });
    await expect(db.items.move('a', GROCERIES)).rejects.toMatchObject({ code: 'ambiguous_record' });
  });
});
