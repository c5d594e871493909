import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Json, MutationJson } from '../../core/index.ts';
import type { Db } from './api.ts';
import { createDatabase } from './database.ts';
import {
  add,
  append,
  collection,
  counter,
  increment,
  journal,
  json,
  number,
  optional,
  remove,
  set,
  text,
  type StandardResult,
  type StandardSchema,
} from './index.ts';
import { FakeEnvironment, FakeHost, HOME } from './test-doubles.ts';

/** Whatever the test says of a value. */
function schemaOf<T>(
  validate: (value: T) => StandardResult | Promise<StandardResult>,
): StandardSchema<T> {
  const check = validate as (value: unknown) => StandardResult;
  return { '~standard': { version: 1, vendor: 'test', validate: check } };
}
const fine = { value: null, issues: undefined };
const short = schemaOf((value: string) =>
  value.length <= 5 ? fine : { issues: [{ message: 'too long' }] },
);
const judged = vi.fn((row: { readonly from: number; readonly to: number }) =>
  row.from <= row.to ? fine : { issues: [{ message: 'ends too early', path: ['to'] }] },
);

const collections = {
  notes: collection({
    title: text({ validate: short }),
    note: optional(text({ validate: short })),
    tags: set(text({ validate: short })),
    packed: counter(),
    history: journal(json<Json>({ validate: schemaOf(pointed) })),
  }),
  trips: collection(
    { from: number(), to: number(), name: optional(text()), days: counter(), tags: set(text()) },
    { validate: schemaOf(judged) },
  ),
};

/** With the way in both forms that the interface allows. */
function pointed(value: Json): StandardResult {
  return value === 'bad' ? { issues: [{ message: 'bad', path: ['a', { key: 2 }] }] } : fine;
}

let host: FakeHost;
let db: Db<typeof collections>;
let databases = 0;

beforeEach(() => {
  host = new FakeHost();
  judged.mockClear();
  databases += 1;
  const name = `validators-${databases}`;
  const schema = { version: 1, collections };
  db = createDatabase({ name, schema }, { environment: new FakeEnvironment(), host });
});
afterEach(() => db.close());

const invalid = (...issues: readonly object[]) =>
  expect.objectContaining({ name: 'OffingError', code: 'invalid', issues });

describe('a validator of a field', () => {
  test('[PL28] refuses a bad value with its path and what is wrong, before anything is sent', async () => {
    const adding = db.notes.add({ title: 'too long' });
    await expect(adding).rejects.toEqual(
      invalid({ path: ['notes', 'title'], message: 'too long' }),
    );
    await expect(adding.synced).rejects.toMatchObject({ code: 'invalid' });
    await expect(db.notes.update('n', { title: 'too long' })).rejects.toMatchObject({
      message: 'notes.title: too long',
    });
    expect(host.requests('write')).toEqual([]);
  });

  test('[PL28] tells all that is wrong with a write', async () => {
    const changes = {
      title: 'too long',
      note: 'too long',
      tags: add('short', 'too long', 'also too long'),
      history: append<Json>('good', 'bad'),
    };
    await expect(db.notes.update('n', changes)).rejects.toEqual(
      invalid(
        { path: ['notes', 'title'], message: 'too long' },
        { path: ['notes', 'note'], message: 'too long' },
        { path: ['notes', 'tags'], message: 'too long' },
        { path: ['notes', 'tags'], message: 'too long' },
        { path: ['notes', 'history', 'a', 2], message: 'bad' },
      ),
    );
  });

  test('[PL28] lets through what is good, what is cleared, and what is taken away', async () => {
    await db.notes.add({ title: 'short', tags: ['short'] });
    await db.notes.update('n', { note: null, tags: remove('not short at all') });
    expect(host.requests('write')).toHaveLength(2);
  });

  test('[PL28] judges batches, bulk writes, resolves and what is sent again', async () => {
    const bad: MutationJson = {
      kind: 'put',
      collection: 'notes',
      id: 'n',
      fields: { title: 'too long' },
    };
    const conflict = {
      space: HOME,
      key: JSON.stringify([HOME, 1, 'notes', 'n', 'title', 'edit-edit']) as never,
    };
    const deletion = {
      space: HOME,
      key: JSON.stringify([HOME, 1, 'notes', 'n', null, 'edit-delete']) as never,
    };
    const writes = [
      () => db.batch((tx) => tx.notes.update('n', { title: 'too long' })),
      () =>
        db.bulk((tx) => {
          tx.notes.update('n', { title: 'good' });
          tx.notes.update('n', { title: 'too long' });
        }),
      () => db.conflicts.resolve(conflict, { value: 'too long' }),
      () => db.conflicts.resolve(deletion, { value: { title: 'too long' } }),
      () => db.setAside.resend([{ row: 1, index: 0, space: HOME, code: 'x', at: 1, do: [bad] }]),
    ];
    for (const write of writes)
      await expect(write()).rejects.toEqual(
        invalid({ path: ['notes', 'title'], message: 'too long' }),
      );
    expect(host.requests('write')).toEqual([]);
  });

  test.each([
    ['a number that is none', { packed: increment(Number.NaN) }],
    ['one without an end', { size: Infinity }],
    ['a date', { when: new Date(0) }],
    ['a map in a list', { list: [new Map()] }],
    ['a function', { fn: () => {} }],
    ['a big integer', { big: 1n }],
    ['what has no end', { loop: endless() }],
    ['an element', { tags: add(Symbol('s') as never) }],
  ])('[PL28] %s is no value, with a validator or not', async (_what, changes) => {
    const [field] = Object.keys(changes);
    await expect(db.notes.update('n', changes as object)).rejects.toMatchObject({
      code: 'invalid',
      issues: [{ path: ['notes', field], message: 'not a JSON value' }],
    });
    expect(host.requests('write')).toEqual([]);
  });

  test('[PL28] a member that is undefined is one that is not there', async () => {
    await db.notes.update('n', { history: append<Json>({ a: undefined } as never) });
    expect(host.requests('write')).toHaveLength(1);
  });

  test('[PL28] that throws refuses the value; one that answers later is a mistake in the schema', async () => {
    const failing = schemaOf<string>(() => {
      throw new Error('oops');
    });
    const late = schemaOf<string>(() => Promise.reject(new Error('later')));
    const fields = { failing: text({ validate: failing }), late: text({ validate: late }) };
    const odd = createDatabase(
      { name: 'odd', schema: { version: 1, collections: { odd: collection(fields) } } },
      { environment: new FakeEnvironment(), host },
    );
    const thrown = odd.odd.update('o', { failing: '' });
    await expect(thrown).rejects.toMatchObject({
      code: 'invalid',
      cause: expect.objectContaining({ message: 'oops' }),
    });
    await expect(odd.odd.update('o', { late: '' })).rejects.toMatchObject({ code: 'bad_schema' });
    expect(host.requests('write')).toEqual([]);
    odd.close();
  });
});

describe('a validator of a collection', () => {
  const early = [{ path: ['trips', 'to'], message: 'ends too early' }];

  test('[PL29] judges a new record with all its fields, as it is read', async () => {
    await expect(db.trips.add({ from: 2, to: 1 })).rejects.toEqual(invalid(...early));
    await db.trips.add({ from: 1, to: 2, name: 'Lake', days: 2 });
    expect(judged).toHaveBeenLastCalledWith({ from: 1, to: 2, name: 'Lake', days: 2, tags: [] });
    expect(host.requests('write')).toHaveLength(1);
  });

  test('[PL29] judges a batch by what it leaves, and each op of a bulk write by itself', async () => {
    await db.batch((tx) => {
      const id = tx.trips.add({ from: 5, to: 1 });
      tx.trips.update(id, { to: 6, tags: add('a', 'b', 'a') });
      tx.trips.update(id, { tags: remove('b'), days: increment(2), name: null });
    });
    expect(judged).toHaveBeenLastCalledWith({ from: 5, to: 6, days: 2, tags: ['a'] });
    const bulk = db.bulk((tx) => {
      const id = tx.trips.add({ from: 5, to: 1 });
      tx.trips.update(id, { to: 6 });
    });
    await expect(bulk).rejects.toEqual(invalid(...early));
    expect(host.requests('write')).toHaveLength(1);
  });

  test('[PL29] leaves to the host what is not here, and judges no deletion', async () => {
    await db.trips.update('nobody', { from: 9, to: 1 });
    await db.trips.delete('nobody');
    await db.trips.restore('nobody');
    expect(judged).not.toHaveBeenCalled();
    expect(host.requests('write')).toHaveLength(3);
  });
});

function endless(): object {
  const loop: { self?: object } = {};
  loop.self = loop;
  return loop;
}
