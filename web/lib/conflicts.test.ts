import 'fake-indexeddb/auto';
import { Dexie } from 'dexie';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  asClock,
  asSeq,
  conflictKeyOf,
  databaseNameOf,
  databaseVersionOf,
  storesOf,
  type ActorId,
  type AppConfig,
  type Conflict as Stored,
  type SpaceId,
  type Stamp,
} from '../../core/index.ts';
import type { Db } from './api.ts';
import { createDatabase } from './database.ts';
import { collection, text } from './index.ts';
import { FakeEnvironment, FakeHost, GROCERIES, HOME } from './test-doubles.ts';

const collections = { notes: collection({ title: text() }) };
const config: AppConfig = { name: 'told', version: 1, collections: { notes: { indexes: [] } } };
const [OTHER, ME, FORMER] = [3, 4, 5].map(
  (n) => `01890000-0000-7000-8000-00000000000${n}` as ActorId,
) as [ActorId, ActorId, ActorId];

let db: Db<typeof collections>;
/** The engine's own connection to the database, as an earlier layout left it. */
let earlier: Dexie;

const stamp = (actor: ActorId, clock: number, at: number): Stamp => ({
  actor,
  clock: asClock(clock),
  at,
  seq: asSeq(at),
});

/** At `at`, this op put what another had not seen. */
function stored(space: SpaceId, by: Stamp, { open = true } = {}) {
  const name = { actor: by.actor, clock: by.clock, collection: 'notes', id: 'n', field: 'title' };
  const conflict: Stored = {
    ...name,
    kind: 'edit-edit',
    open,
    winner: { values: new Map([['title', 'won']]), stamp: by },
    loser: { values: new Map([['title', 'lost']]), stamp: stamp(OTHER, 1, 1) },
  };
  return { ...conflict, space, key: conflictKeyOf(conflict) };
}

const facts = (space: SpaceId, followed: boolean) => ({
  space,
  actor: ME,
  selves: [{ actor: FORMER, clock: 5, until: 0 }],
  followed,
});

beforeEach(async () => {
  const { _conflicts: _, _outbox: __, ...stores } = storesOf(config);
  earlier = new Dexie(databaseNameOf(config));
  earlier.version(databaseVersionOf(config) - 1).stores({
    ...stores,
    _outbox: '++row, [space+row]',
    _conflicts: '[space+key], [space+collection+id]',
  });
  await earlier.table('_spaces').bulkPut([facts(HOME, true), facts(GROCERIES, false)]);
});
afterEach(async () => {
  db.close();
  await Dexie.delete(databaseNameOf(config));
});

async function openWith(...rows: object[]): Promise<void> {
  await earlier.table('_conflicts').bulkPut(rows);
  earlier.close();
  const schema = { version: 1, collections };
  const world = { environment: new FakeEnvironment(), host: new FakeHost() };
  db = createDatabase({ name: config.name, schema }, world);
}

describe('the conflicts that wait for a person', () => {
  test('[PL22] [RT2] are found in a database of an earlier layout too, and the closed ones by their end', async () => {
    const [open, closed] = [
      stored(HOME, stamp(ME, 2, 20)),
      stored(HOME, stamp(ME, 3, 30), { open: false }),
    ];
    await openWith(open, closed);
    expect((await db.conflicts.open()).map(({ key }) => key)).toEqual([open.key]);
    expect((await db.conflicts.of('notes', 'n')).map((one) => one.open)).toEqual([true, false]);
    const tables = await new Dexie(databaseNameOf(config)).open();
    const ended = tables.table('_conflicts').where('[space+ended]');
    expect(await ended.between([HOME, 0], [HOME, Infinity]).toArray()).toMatchObject([
      { key: closed.key, ended: 30 },
    ]);
    tables.close();
  });

  test('[PL22] come oldest first, and not from spaces that are followed no more', async () => {
    const times = [40, 20, 30];
    await openWith(
      ...times.map((at) => stored(HOME, stamp(ME, at, at))),
      stored(GROCERIES, stamp(ME, 1, 10)),
    );
    expect((await db.conflicts.open()).map(({ winner }) => winner.at)).toEqual([20, 30, 40]);
    expect(await db.conflicts.of('notes', { id: 'n', space: GROCERIES })).toHaveLength(1);
    expect(await db.conflicts.of('notes', 'n')).toHaveLength(4);
  });

  test('[PL22] know this device under the id that it had before a fork, as far as it had come', async () => {
    await openWith(...[5, 6].map((clock) => stored(HOME, stamp(FORMER, clock, clock))));
    expect((await db.conflicts.open()).map(({ winner }) => winner.mine)).toEqual([true, false]);
  });
});
