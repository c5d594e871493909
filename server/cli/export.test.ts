import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { actorId, op, spaceId } from '../testing/log-words.ts';
import { answerIn, openApp } from '../testing/open-app.ts';
import type { TestApp } from '../testing/open-app.ts';
import { SCRATCH } from '../testing/scratch.ts';
import { run } from './run.ts';

const S = spaceId(1);

let app: TestApp;
let ann: string;
let folder: string;
let said: { out: string; err: string };
beforeEach(async () => {
  said = { out: '', err: '' };
  vi.spyOn(console, 'log').mockImplementation((text) => void (said.out += `${String(text)}\n`));
  vi.spyOn(console, 'error').mockImplementation((text) => void (said.err += `${String(text)}\n`));
  folder = mkdtempSync(join(SCRATCH, 'offing-export-'));
  app = await openApp();
  ann = await app.tokenFor('ann');
});
afterEach(async () => {
  vi.restoreAllMocks();
  await app.stop();
  rmSync(folder, { recursive: true });
});

let [clock, base] = [0, 0];
beforeEach(() => ([clock, base] = [0, 0]));
async function push(actor: number, ...ops: (readonly object[])[]) {
  const sent = ops.map((mutations) =>
    op((clock += 1), { v: 2, base, payload: JSON.stringify({ do: mutations }) }),
  );
  const request = { actor: actorId(actor), since: 0, create: true, ops: sent };
  return answerIn(await app.push(ann, { [S]: request }), S);
}
const make = (id: string, fields: object, collection = 'items') => [
  { kind: 'put', collection, id, new: true, fields },
];

const rename = (title: string) => [
  { kind: 'put', collection: 'items', id: 'rope', fields: { title } },
];

const file = () => join(folder, 'list.db');
const exported = (...args: string[]) =>
  run(['export', S, '--sqlite', file(), '--data', app.data, ...args]);

function select(sql: string): unknown[] {
  const db = new Database(file(), { readonly: true });
  try {
    return db.prepare(sql).all();
  } finally {
    db.close();
  }
}

describe('offing export --sqlite', () => {
  it('[OPS22] has a table for each collection, and a column for each field', async () => {
    await push(
      1,
      make('tent', { title: 'Zelt ⛺', done: false, amount: 2, price: 1.5, note: null }),
      make('rope', { title: "O'Neil", done: true, more: { length: [10, 'm'] } }),
      [{ kind: 'add', collection: 'items', id: 'tent', field: 'tags', values: ['red', 'big'] }],
      [{ kind: 'increment', collection: 'items', id: 'tent', field: 'packed', by: 3 }],
      make('gone', { title: 'Gone' }),
      [{ kind: 'delete', collection: 'items', id: 'gone' }],
      make('l1', { name: 'Camping' }, 'lists'),
      rename('String'),
    );
    clock = 0;
    base = 7;
    const { epoch, head, digest } = await push(2, rename('Cord'));
    expect(await exported()).toBe(0);
    expect(said).toEqual({ out: `${file()}\n`, err: '3 records in 2 tables, at 9.\n' });
    expect(select('SELECT id, title, done, amount, price, note, tags, packed FROM items')).toEqual([
      {
        id: 'tent',
        title: 'Zelt ⛺',
        done: 0,
        amount: 2,
        price: 1.5,
        note: null,
        tags: '["red","big"]',
        packed: 3,
      },
      {
        id: 'rope',
        title: 'Cord',
        done: 1,
        amount: null,
        price: null,
        note: null,
        tags: null,
        packed: null,
      },
    ]);
    expect(
      select(`SELECT id, typeof(done) AS done, typeof(amount) AS amount, typeof(price) AS price,
              typeof(packed) AS packed FROM items WHERE id = 'tent'`),
    ).toEqual([
      { id: 'tent', done: 'integer', amount: 'integer', price: 'real', packed: 'integer' },
    ]);
    expect(select("SELECT more FROM items WHERE id = 'rope'")).toEqual([
      { more: '{"length":[10,"m"]}' },
    ]);
    expect(select('SELECT * FROM lists')).toEqual([{ id: 'l1', name: 'Camping' }]);
    expect(select('SELECT collection, id, seq FROM _deleted')).toEqual([
      { collection: 'items', id: 'gone', seq: 6 },
    ]);
    expect(select('SELECT id, field, kind, winner, loser FROM _conflicts')).toEqual([
      {
        id: 'rope',
        field: 'title',
        kind: 'edit-edit',
        winner: '[["title","Cord"]]',
        loser: '[["title","String"]]',
      },
    ]);
    expect(select('SELECT space, epoch, seq, digest FROM _space')).toEqual([
      { space: S, epoch, seq: head, digest },
    ]);
  });

  it('[OPS22] is for its owner alone', async () => {
    await push(1, make('tent', { big: 2 ** 60, huge: 1e300, small: -1 }));
    expect(await exported()).toBe(0);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(statSync(join(app.data, 'offing.db')).mode & 0o777).toBe(0o600);
    expect(select('SELECT big, huge, small FROM items')).toEqual([
      { big: 2 ** 60, huge: 1e300, small: -1 },
    ]);
  });

  it('[OPS22] takes every name there is', async () => {
    const names = [
      'id',
      'ID',
      'Title',
      'title',
      'a"b',
      'x; DROP TABLE items',
      '',
      '__proto__',
      'rowid',
      'a\0b',
    ];
    const fields = JSON.parse(`{${names.map((name, i) => `${JSON.stringify(name)}:${i}`).join()}}`);
    const collections = ['sqlite_master', '_space', 'Items', 'items', 'select', '"', '__proto__'];
    await push(1, ...collections.map((collection) => make('r', fields, collection)));
    expect(await exported()).toBe(0);
    const tables = select(`SELECT name FROM sqlite_schema WHERE type = 'table'`) as {
      name: string;
    }[];
    expect(tables).toHaveLength(collections.length + 3);
    for (const { name } of tables.filter(
      (table) => !['_space', '_deleted', '_conflicts'].includes(table.name),
    )) {
      const db = new Database(file(), { readonly: true });
      // As a list of cells: an object of columns has no place for one called `__proto__`.
      const cells = db
        .prepare(`SELECT * FROM "${name.replaceAll('"', '""')}"`)
        .raw()
        .get() as unknown[];
      db.close();
      const values = cells.filter((value) => typeof value === 'number');
      expect(values.sort((a, b) => a - b)).toEqual(names.map((_, i) => i));
    }
  });

  it('[OPS22] takes more fields than a table has columns', async () => {
    const many = Object.fromEntries(Array.from({ length: 1500 }, (_, i) => [`f${i}`, i]));
    await push(1, make('wide', many), make('narrow', { f0: 1 }));
    expect(await exported()).toBe(0);
    const [wide, narrow] = select('SELECT * FROM items') as Record<string, string | null>[];
    const more = JSON.parse(wide?.['_more'] ?? '') as [string, number][];
    expect(Object.keys(wide ?? {}).length - 2 + more.length).toBe(1500);
    expect(narrow).toMatchObject({ f0: 1, _more: null });
  });

  it('[OPS22] writes over nothing, and leaves nothing half behind', async () => {
    await push(1, make('tent', { title: 'Tent' }));
    writeFileSync(file(), 'mine');
    expect(await exported()).toBe(2);
    expect(said.err).toContain('is there already');
    rmSync(file());
    expect(await run(['export', S, '--data', app.data])).toBe(2);
    expect(await run(['export', 'x', '--sqlite', file(), '--data', app.data])).toBe(2);
    expect(await run(['export', spaceId(9), '--sqlite', file(), '--data', app.data])).toBe(2);
    expect(await run(['export', S, '--sqlite', join(folder, 'no', 'x'), '--data', app.data])).toBe(
      2,
    );
    expect(readdirSync(folder)).toEqual([]);
  });
});
