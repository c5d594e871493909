import 'fake-indexeddb/auto';
import { Dexie } from 'dexie';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  asSeq,
  databaseVersionOf,
  storesOf,
  type ActorId,
  type AppConfig,
  type Missing,
  type RecordState,
  type Stamp,
} from '../../core/index.ts';
import type { Db } from './api.ts';
import { createDatabase } from './database.ts';
import { collection, text } from './index.ts';
import { FakeEnvironment, FakeHost, GROCERIES } from './test-doubles.ts';

const collections = { notes: collection({ title: text() }) };
const config: AppConfig = { name: 'former', version: 1, collections: { notes: { indexes: [] } } };

let host: FakeHost;
let db: Db<typeof collections>;
/** The engine's own connection to the database. */
let engine: Dexie;

const stampAt = (at: number): Stamp =>
  ({ seq: at, at, clock: at, actor: '01890000-0000-7000-8000-000000000001' as ActorId }) as Stamp;
const put = (field: string, value: string, at: number): Missing => ({
  kind: 'put',
  field,
  value,
  by: stampAt(at),
});

function stored(id: string, missing: readonly Missing[], state: Partial<RecordState> = {}) {
  const fields = new Map([['title', { value: `title of ${id}`, ...stampAt(1) }]]);
  const confirmed: RecordState = { collection: 'notes', id, born: [stampAt(1)], fields, ...state };
  return { space: GROCERIES, history: 0, collection: 'notes', id, confirmed, missing };
}

beforeEach(async () => {
  host = new FakeHost();
  host.cursors = { [GROCERIES]: asSeq(12) };
  const environment = new FakeEnvironment();
  db = createDatabase(
    { name: 'former', schema: { version: 1, collections } },
    { environment, host },
  );
  engine = new Dexie('offing-former');
  engine.version(databaseVersionOf(config)).stores(storesOf(config));
  await engine.table('notes').put({ id: 'there', space: GROCERIES, title: 'now', $: {} });
  const entry: Missing = { kind: 'append', field: 'log', entry: 'e', nth: 2, by: stampAt(5) };
  await engine
    .table('_missing')
    .bulkPut([
      stored('there', [put('title', 'title of there', 3), entry]),
      stored('gone', [{ kind: 'new', by: stampAt(9) }, put('title', 'title of gone', 9)]),
      stored('deleted', [{ kind: 'delete', by: stampAt(2) }], { grave: stampAt(2) }),
      { ...stored('strange', [put('title', 'title of strange', 1)]), collection: 'unknown' },
    ]);
});
afterEach(async () => {
  db.close();
  await engine.delete();
});

describe('what is missing since a restore', () => {
  test('[PL50] is listed with the record as it was, and with whether it is there', async () => {
    const ref = { space: GROCERIES, history: 0, collection: 'notes' };
    const title = (id: string, at: number) => ({
      kind: 'put',
      field: 'title',
      value: `title of ${id}`,
      at,
    });
    expect(await db.former.toArray()).toEqual([
      {
        ...ref,
        id: 'gone',
        fields: { title: 'title of gone' },
        isThere: false,
        missing: [{ kind: 'new', at: 9 }, title('gone', 9)],
        at: 9,
      },
      {
        ...ref,
        id: 'there',
        fields: { title: 'title of there' },
        isThere: true,
        missing: [title('there', 3), { kind: 'append', field: 'log', entry: 'e', at: 5 }],
        at: 5,
      },
      {
        ...ref,
        id: 'deleted',
        fields: null,
        isThere: false,
        missing: [{ kind: 'delete', at: 2 }],
        at: 2,
      },
      {
        ...ref,
        collection: 'unknown',
        id: 'strange',
        fields: { title: 'title of strange' },
        isThere: false,
        missing: [title('strange', 1)],
        at: 1,
      },
    ]);
  });

  test('[PL50] is listed live', async () => {
    const seen: string[][] = [];
    const listing = db
      .live(() => db.former.toArray())
      .subscribe((records) => seen.push(records.map(({ id }) => id)));
    await vi.waitFor(() => expect(seen).toHaveLength(1));
    await engine.table('_missing').delete([GROCERIES, 0, 'notes', 'there']);
    await vi.waitFor(() => expect(seen.at(-1)).toEqual(['gone', 'deleted', 'strange']));
    listing.unsubscribe();
  });

  test('[PL50] is brought back by one write that names the records, with what the page showed', async () => {
    await db.ready;
    const [gone, there] = await db.former.toArray();
    const handle = db.former.bringBack([gone, there].filter((record) => record !== undefined));
    await handle;
    expect(host.requests('write')).toEqual([
      expect.objectContaining({
        ops: [],
        instead: [],
        seen: { [GROCERIES]: 12 },
        former: [
          { space: GROCERIES, history: 0, collection: 'notes', id: 'gone' },
          { space: GROCERIES, history: 0, collection: 'notes', id: 'there' },
        ],
      }),
    ]);
  });

  test('[PL50] that is not missing any more is told as such', async () => {
    host.answer = ({ type }) =>
      type === 'write' ? { type: 'error', code: 'not_former', detail: '' } : undefined;
    const [first] = await db.former.toArray();
    await expect(db.former.bringBack(first ? [first] : [])).rejects.toMatchObject({
      code: 'not_former',
    });
    await expect(db.former.bringBack([])).rejects.toMatchObject({ code: 'bad_op' });
  });

  test('[PL50] is let go by the host alone', async () => {
    const [first] = await db.former.toArray();
    await db.former.discard(first ? [first] : []);
    expect(host.requests('let-go')).toMatchObject([{ records: [{ id: 'gone' }] }]);
    expect(await db.former.toArray()).toHaveLength(4);
  });
});
