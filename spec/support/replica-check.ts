/** Looks into a device's database, as of one moment, for what must hold at every moment. */
import type { Table } from 'dexie';
import {
  applyPending,
  conflictOfRow,
  conflictsNamed,
  endedAt,
  isPending,
  mutationsOf,
  pendingOp,
  recordKeyOf,
  visibleFields,
  type ConflictRow,
  type Kinds,
  type Malformed,
  type OpRef,
  type OutboxRow,
  type RecordKey,
  type SequencedOp,
  type SpaceId,
} from '../../core/index.ts';
import { fromRow, type HiddenRow, type RecordRow } from '../../sw/adapters/record-row.ts';
import type { Meta, SetAside, SettledRow, SpaceRow, StoredRecord } from '../../sw/engine/ports.ts';
import type { Unfolding } from '../../sw/engine/unfold.ts';
import type { Device } from './device.ts';
import { spaceRowsOf } from './space-rows.ts';
import { canonicalWorld, EMPTY_WORLD, foldOnto, type World } from './world.ts';

/** All that a device holds. */
export interface Replica {
  /** How the app’s schema has the fields of a collection, where it says something of them. */
  readonly kindsOf?: (collection: string) => Kinds | undefined;
  /** What is accepted ahead of its records. */
  readonly unfolding?: Unfolding | undefined;
  readonly spaces: readonly SpaceRow[];
  readonly outbox: readonly OutboxRow[];
  readonly settled: readonly SettledRow[];
  readonly aside: readonly SetAside[];
  readonly shown: readonly (RecordRow & { readonly collection: string })[];
  readonly hidden: readonly HiddenRow[];
  readonly conflicts: readonly ConflictRow[];
  readonly malformed: readonly (Malformed & { space: SpaceId })[];
}

export async function readReplica(device: Device, collections: string[]): Promise<Replica> {
  const { db } = device.table('_spaces');
  const { config } = await device.session.load();
  return db.transaction('r', db.tables, async (): Promise<Replica> => {
    const all = (name: string) => (db.table(name) as Table<never>).toArray();
    const shown = collections.map(async (collection) =>
      (await all(collection)).map((row: RecordRow) => ({ ...row, collection })),
    );
    return {
      kindsOf: (collection) => config?.collections[collection]?.kinds,
      unfolding: (await db.table<Partial<Meta>>('_meta').get('meta'))?.unfolding,
      spaces: spaceRowsOf(await all('_spaces'), await all('_meta')),
      outbox: await all('_outbox'),
      settled: await all('_settled'),
      aside: await all('_aside'),
      shown: (await Promise.all(shown)).flat(),
      hidden: await all('_hidden'),
      conflicts: await all('_conflicts'),
      malformed: await all('_malformed'),
    };
  });
}

/** What a replica has confirmed in each of its spaces. */
export function worldsOf(replica: Replica): Map<SpaceId, World> {
  const stored = recordsBySpace(replica);
  return new Map(
    replica.spaces.map(({ space }) => [
      space,
      worldIn(replica, space, stored.get(space) ?? new Map()),
    ]),
  );
}

/** What is wrong with a replica, whatever it has heard so far; `logs` are the server's. */
export function faultsOf(
  replica: Replica,
  logs: ReadonlyMap<SpaceId, readonly SequencedOp[]>,
): string[] {
  const stored = recordsBySpace(replica);
  const strayed = [...stored.keys()].filter(
    (space) => !replica.spaces.some((row) => row.space === space),
  );
  const waiting = replica.outbox.filter(
    (row) => !replica.spaces.some(({ space }) => space === row.space),
  );
  return [
    ...strayed.map((space) => `records of a space that is not there: ${space}`),
    ...waiting.map(({ row }) => `row ${row} of a space that is not there`),
    ...shownTwice(replica),
    ...indexFaults(replica),
    ...movingFaults(replica, stored),
    ...replica.spaces.flatMap((space) =>
      spaceFaults(
        replica,
        space,
        stored.get(space.space) ?? new Map(),
        logs.get(space.space) ?? [],
      ),
    ),
  ];
}

function recordsBySpace({ shown, hidden }: Replica): Map<SpaceId, Map<RecordKey, StoredRecord>> {
  const spaces = new Map<SpaceId, Map<RecordKey, StoredRecord>>();
  const put = (space: SpaceId, record: StoredRecord) =>
    spaces.set(
      space,
      (spaces.get(space) ?? new Map<RecordKey, StoredRecord>()).set(record.key, record),
    );
  for (const { space, $ } of hidden) put(space, $);
  for (const row of shown) put(row.space, fromRow(row.collection, row));
  return spaces;
}

function shownTwice({ shown, hidden }: Replica): string[] {
  const nameOf = (row: { space: SpaceId; collection: string; id: string }) =>
    `${row.space} ${row.collection} ${row.id}`;
  const names = new Set(shown.map(nameOf));
  return hidden
    .map(nameOf)
    .filter((name) => names.has(name))
    .map((name) => `shown and hidden: ${name}`);
}

/** What open conflicts, and what resolves them, is found by. */
function indexFaults({ conflicts, outbox }: Replica): string[] {
  const misplaced = conflicts.filter((row) => {
    const { open, waits, ended } = row;
    return open !== (waits === 1) || ended !== (open ? undefined : endedAt(conflictOfRow(row)));
  });
  const unfound = outbox.filter(({ payloads, v, resolves = [] }) => {
    const named = conflictsNamed(payloads.map((payload) => ({ payload, v })));
    return String([...named]) !== String(resolves);
  });
  return [
    ...misplaced.map(({ key }) => `${key}: not found as what it is`),
    ...unfound.map(({ row }) => `row ${row} is not found by what it resolves`),
  ];
}

/** What is on its way to another space is so by an op that waits, and that has yet to be followed. */
function movingFaults({ outbox }: Replica, stored: ReadonlyMap<SpaceId, Stored>): string[] {
  return [...stored].flatMap(([space, records]) =>
    [...records.values()].flatMap(({ key, moving }) => {
      const row = moving && outbox.find((one) => one.row === moving.row);
      const isDue = row?.follows?.some((one) => one.index === moving?.index && one.space === space);
      return moving && !isDue ? [`${key}: moving, and nothing moves it`] : [];
    }),
  );
}

type Stored = ReadonlyMap<RecordKey, StoredRecord>;

function spaceFaults(
  replica: Replica,
  space: SpaceRow,
  stored: Stored,
  log: readonly SequencedOp[],
): string[] {
  const rows = replica.outbox.filter((row) => row.space === space.space);
  const pending = rows.flatMap((row) =>
    [...row.payloads.keys()]
      .filter((index) => isPending(row, index, space.progress))
      .map((index) => ({ row, index })),
  );
  return [
    ...outboxFaults(space, rows, pending),
    ...viewFaults(
      replica,
      space,
      stored,
      pending.filter(({ row }) => !replica.unfolding?.includes(row.row)),
    ),
    ...worldFaults(worldIn(replica, space.space, stored), space, log),
  ];
}

/** What is confirmed is the fold of the log; where a replica is being filled, a part of that. */
function worldFaults(
  world: World,
  { space, cursor, filling }: SpaceRow,
  log: readonly SequencedOp[],
): string[] {
  const seq = filling ? (filling.of?.seq ?? 0) : cursor;
  const whole = foldOnto(EMPTY_WORLD, log.slice(0, seq));
  const due = filling ? partOf(whole, world) : whole;
  return canonicalWorld(world) === canonicalWorld(due)
    ? []
    : [`${space}: at ${seq} it is not the fold of the log`];
}

const partOf = (whole: World, { records, conflicts, malformed }: World): World => ({
  records: new Map([...whole.records].filter(([key]) => records.has(key))),
  conflicts: new Map([...whole.conflicts].filter(([key]) => conflicts.has(key))),
  malformed: whole.malformed.filter(({ seq }) => malformed.some((one) => one.seq === seq)),
});

interface Pending {
  readonly row: OutboxRow;
  readonly index: number;
}

function outboxFaults(
  { space, actor, pending: counted }: SpaceRow,
  rows: readonly OutboxRow[],
  pending: readonly Pending[],
): string[] {
  const others = rows.filter((row) => row.actor !== actor);
  const idle = rows.filter((row) => !pending.some((op) => op.row === row));
  return [
    ...(counted === pending.length ? [] : [`${space}: counts ${counted}, has ${pending.length}`]),
    ...others.map(({ row }) => `row ${row} is of another actor`),
    ...idle.map(({ row }) => `row ${row} waits for nothing`),
  ];
}

/** Each record knows what is pending on it, and shows what was confirmed with that on top. */
function viewFaults(
  replica: Replica,
  { space }: SpaceRow,
  stored: Stored,
  pending: readonly Pending[],
): string[] {
  const { conflicts } = worldIn(replica, space, stored);
  const shown = replica.shown.filter((row) => row.space === space);
  const due = new Map<RecordKey, Pending[]>();
  for (const op of pending) {
    for (const key of new Set(mutationsOf(pendingOp(op.row, op.index)).map(recordKeyOf)))
      due.set(key, [...(due.get(key) ?? []), op]);
  }
  const rowOf = new Map(shown.map((row) => [recordKeyOf(row), row]));
  const lost = [...due.keys()].filter((key) => !stored.has(key));
  const faults = lost.map((key) => `${key}: pending, and not stored`);
  for (const [key, { pending: refs, confirmed, moving, collection }] of stored) {
    const ops = due.get(key) ?? [];
    const dueRefs = ops.map(({ row, index }): OpRef => ({ row: row.row, index }));
    if (JSON.stringify(dueRefs) !== JSON.stringify(refs))
      faults.push(`${key}: ${JSON.stringify(refs)} for ${JSON.stringify(dueRefs)}`);
    const state = applyPending(
      key,
      confirmed,
      ops.map(({ row, index }) => pendingOp(row, index)),
      (name) => conflicts.get(name),
    );
    const row = rowOf.get(key);
    const shows = moving ? undefined : visibleFields(state, replica.kindsOf?.(collection));
    if (textOf(shows) !== textOf(row && fieldsOf(row)))
      faults.push(`${key}: does not show what it should`);
  }
  return faults;
}

/** What is confirmed of a space; `stored` are its records. */
export function worldIn(
  replica: Pick<Replica, 'conflicts' | 'malformed'>,
  space: SpaceId,
  stored: Stored,
): World {
  const conflicts = replica.conflicts.filter((conflict) => conflict.space === space);
  const malformed = replica.malformed.filter((op) => op.space === space);
  return {
    records: new Map(
      [...stored].flatMap(([key, { confirmed }]) => (confirmed ? [[key, confirmed] as const] : [])),
    ),
    conflicts: new Map(conflicts.map((row) => [row.key, conflictOfRow(row)] as const)),
    malformed: malformed.map(({ space: _, ...op }) => op),
  };
}

const fieldsOf = ({
  space: _,
  id: __,
  collection: ___,
  $: ____,
  ...fields
}: Replica['shown'][number]) => new Map(Object.entries(fields));

const textOf = (fields: ReadonlyMap<string, unknown> | undefined): string =>
  fields ? JSON.stringify([...fields].sort(([a], [b]) => (a < b ? -1 : 1))) : 'nothing';
