import Dexie, { type ObservabilitySet, RangeSet } from 'dexie';
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import { afterEach, describe, expect, it } from 'vitest';
import { createChanges, schemasOf } from './changes.ts';
import { createTables, keysUnder, type Tables } from './idb-tables.ts';
import { committed } from './idb-transaction.ts';

const SCHEMA = {
  items: '[space+id], id, order, *tags',
  outbox: '++row, [space+row], *resolves',
};
/** Where it does not find IndexedDB in its surroundings Dexie takes it for one of old. */
const OLD_MAX = '\uffff';
const MAX = [[]];

const factory = { indexedDB: new IDBFactory(), IDBKeyRange };
let opened: Dexie[] = [];
afterEach(() => {
  for (const db of opened) db.close();
  opened = [];
});

async function openEmpty(name: string): Promise<Dexie> {
  const db = new Dexie(name, factory);
  opened.push(db);
  db.version(1).stores(SCHEMA);
  await db.delete();
  return db.open();
}

/** Every part that was told of while `write` ran, by its name within the database. */
async function toldBy(db: Dexie, write: () => PromiseLike<unknown>) {
  const told = new Map<string, unknown[]>();
  const hear = (parts: ObservabilitySet): void => {
    for (const [part, tree] of Object.entries(parts)) {
      const ranges = Array.from(RangeSet(tree), ({ from, to }) => [
        from,
        to === OLD_MAX ? MAX : to,
      ]);
      const name = part.replace(`idb://${db.name}/`, '');
      if (ranges.length > 0) told.set(name, [...(told.get(name) ?? []), ...ranges]);
    }
  };
  Dexie.on.storagemutated.subscribe(hear);
  await write();
  Dexie.on.storagemutated.unsubscribe(hear);
  return Object.fromEntries(told);
}

async function inOurs(db: Dexie, work: (tables: Tables) => unknown): Promise<void> {
  const trans = db.backendDB().transaction(['items', 'outbox'], 'readwrite');
  const schemaOf = schemasOf(db);
  const changes = createChanges(db.name, schemaOf);
  const tables = createTables({ trans, schemaOf, ranges: IDBKeyRange, changes });
  await committed(trans, async () => void (await work(tables)), changes.gather);
  changes.tell();
}

const item = (id: string, order: number) => ({ space: 's', id, order, tags: ['red', id] });
const many = Array.from({ length: 60 }, (_, i) => item(`m${i}`, i));
const rows = [
  { row: 1, space: 's', resolves: ['c1'] },
  { row: 2, space: 's' },
];

const CASES = [
  [
    'puts what an index has an entry for each element of',
    (db: Dexie) => db.table('outbox').bulkPut(rows),
    (t: Tables) => t('outbox').put(rows),
  ],
  [
    'puts',
    (db: Dexie) => db.table('items').bulkPut([item('a', 3), item('b', 1)]),
    (t: Tables) => t('items').put([item('a', 3), item('b', 1)]),
  ],
  [
    'puts without what an index is of',
    (db: Dexie) => db.table('items').bulkPut([{ space: 's', id: 'a' }]),
    (t: Tables) => t('items').put([{ space: 's', id: 'a' }]),
  ],
  [
    'deletes',
    (db: Dexie) => db.table('items').bulkDelete([['s', 'a']]),
    (t: Tables) => t('items').delete([['s', 'a']]),
  ],
  [
    'deletes in a range',
    (db: Dexie) => db.table('items').where('[space+id]').between(['s'], ['s', []]).delete(),
    (t: Tables) => t('items').deleteRange(keysUnder(IDBKeyRange, 's')),
  ],
] as const;

describe('what live queries are told of a transaction', () => {
  it.each(CASES)('[PL14] that %s is what Dexie would tell of its own', async (_, byDexie, byUs) => {
    const [dexies, ours] = [await openEmpty('dexies'), await openEmpty('ours')];
    const expected = await toldBy(dexies, () => byDexie(dexies));
    expect(Object.keys(expected).length).toBeGreaterThan(1);
    expect(await toldBy(ours, () => inOurs(ours, byUs))).toEqual(expected);
  });

  it('[PL14] that puts many is so too, but that each is named', async () => {
    const [dexies, ours] = [await openEmpty('dexies'), await openEmpty('ours')];
    const expected = await toldBy(dexies, () => dexies.table('items').bulkPut(many));
    const ids = many.map(({ id }) => id).toSorted((a, b) => (a < b ? -1 : 1));
    const named = ids.map((id) => [
      ['s', id],
      ['s', id],
    ]);
    const told = await toldBy(ours, () => inOurs(ours, (t) => t('items').put(many)));
    expect(told).toEqual({ ...expected, 'items/': named });
    const bitByBit = await toldBy(ours, () =>
      inOurs(ours, (t) => many.forEach((row) => t('items').put([row]))),
    );
    expect(bitByBit).toEqual(told);
    const more = Array.from({ length: 1001 }, (_, i) => item(`n${i}`, i));
    const anything = await toldBy(ours, () => inOurs(ours, (t) => t('items').put(more)));
    expect(anything).toEqual(expected);
    const allBitByBit = await toldBy(ours, () =>
      inOurs(ours, (t) => [...more, ...more].forEach((row) => t('items').put([row]))),
    );
    expect(allBitByBit).toEqual(expected);
  });

  it('[PL14] that changes nothing is nothing', async () => {
    const db = await openEmpty('ours');
    let told = 0;
    const hear = () => void (told += 1);
    Dexie.on.storagemutated.subscribe(hear);
    await inOurs(db, (t) => [t('items').put([]), t('items').delete([])]);
    Dexie.on.storagemutated.unsubscribe(hear);
    expect(told).toBe(0);
  });
});
