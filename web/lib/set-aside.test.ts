import 'fake-indexeddb/auto';
import { Dexie } from 'dexie';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { databaseVersionOf, storesOf, type AppConfig } from '../../core/index.ts';
import type { Db } from './api.ts';
import { createDatabase } from './database.ts';
import { collection, text } from './index.ts';
import { FakeEnvironment, FakeHost, GROCERIES } from './test-doubles.ts';
import type { SetAsideOp } from './set-aside.ts';

const collections = { notes: collection({ title: text() }) };
const config: AppConfig = { name: 'aside', version: 1, collections: { notes: { indexes: [] } } };

let host: FakeHost;
let db: Db<typeof collections>;
/** The engine's own connection to the database. */
let engine: Dexie;

const put = (title: string) =>
  ({ kind: 'put', collection: 'notes', id: 'n', fields: { title } }) as const;
const stored = (row: number, title: string) => ({
  row,
  index: 0,
  space: GROCERIES,
  actor: 'a',
  clock: row,
  code: 'too_large',
  base: 0,
  at: 1000 + row,
  v: 1,
  payload: JSON.stringify({ do: [put(title)], was: [] }),
});

beforeEach(async () => {
  host = new FakeHost();
  const environment = new FakeEnvironment();
  db = createDatabase(
    { name: 'aside', schema: { version: 1, collections } },
    { environment, host },
  );
  engine = new Dexie('offing-aside');
  engine.version(databaseVersionOf(config)).stores(storesOf(config));
  await engine.table('_aside').bulkPut([stored(2, 'second'), stored(1, 'first')]);
});
afterEach(async () => {
  db.close();
  await engine.delete();
});

describe('what was set aside', () => {
  test('[PL21] is listed in the order in which it was written, with reason and content', async () => {
    expect(await db.setAside.toArray()).toEqual([
      { row: 1, index: 0, space: GROCERIES, code: 'too_large', at: 1001, do: [put('first')] },
      { row: 2, index: 0, space: GROCERIES, code: 'too_large', at: 1002, do: [put('second')] },
    ]);
  });

  test('[PL21] is listed live', async () => {
    const seen: number[] = [];
    const listing = db.live(() => db.setAside.toArray()).subscribe((ops) => seen.push(ops.length));
    await vi.waitFor(() => expect(seen).toEqual([2]));
    await engine.table('_aside').delete([1, 0]);
    await vi.waitFor(() => expect(seen.at(-1)).toBe(1));
    listing.unsubscribe();
  });

  test('[PL21] is sent again as it is or mended, in its space, in the place of the old one', async () => {
    const [first, second] = (await db.setAside.toArray()) as [SetAsideOp, SetAsideOp];
    const receipts = await db.setAside.resend([{ ...first, do: [put('mended')] }, second]);
    expect(receipts).toHaveLength(2);
    expect(host.requests('write')).toMatchObject([
      {
        ops: [
          { space: GROCERIES, do: [put('mended')] },
          { space: GROCERIES, do: [put('second')] },
        ],
        instead: [
          { row: 1, index: 0 },
          { row: 2, index: 0 },
        ],
      },
    ]);
  });

  test('[PL21] is discarded by the host alone', async () => {
    const ops = await db.setAside.toArray();
    await db.setAside.discard(ops.slice(0, 1));
    expect(host.requests('discard')).toMatchObject([{ ops: [{ row: 1, index: 0 }] }]);
    expect(await db.setAside.toArray()).toHaveLength(2);
  });
});
