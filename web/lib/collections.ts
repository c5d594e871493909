/**
 * `db.items` and its like: calls become intents, intents become one request. The reads are Dexie's
 * own, on the tables that the engine writes.
 */
import type { Dexie, Table } from 'dexie';
import type { Receipt } from '../../core/index.ts';
import type {
  BulkCollection,
  CollectionHandle,
  Ref,
  RowKey,
  UpdateOptions,
  WriteHandle,
} from './api.ts';
import { opsOfBulk, type Keyed } from './bulk-ops.ts';
import { OffingError } from './errors.ts';
import type { Written } from './fates.ts';
import {
  addOf,
  batchOf,
  changeOp,
  deleteOf,
  restoreOf,
  spaceOf,
  updateOf,
  type Change,
  type Intent,
  type Move,
} from './intents.ts';
import type { CollectionDef } from './schema.ts';
import { createAddHandle, createHandle, firstOf } from './write-handle.ts';
import type { Plan, Write } from './writer.ts';

export interface Parts {
  readonly tables: Dexie;
  readonly write: Write;
  readonly newId: () => string;
}

type AnyTable = Table<Keyed, RowKey>;

export function createCollection(name: string, parts: Parts): CollectionHandle<CollectionDef> {
  const table: AnyTable = parts.tables.table(name);
  const one = (change: Change): Promise<Written> =>
    parts.write({ spaces: spacesOf([change]), ops: [changeOp(change)] });
  const handle = (change: Change): WriteHandle => createHandle(one(change), firstOf);
  const handles = {
    add(row: object) {
      const change = addOf(name, row, parts.newId);
      return createAddHandle(change.mutation.id, one(change), firstOf);
    },
    update: (ref: Ref, changes: object, { typing = false }: UpdateOptions = {}) =>
      handle({ ...updateOf(name, ref, changes), ...(typing && { typing }) }),
    delete: (ref: Ref) => handle(deleteOf(name, ref)),
    restore: (ref: Ref) => handle(restoreOf(name, ref)),
    move: (ref: Ref, toSpace: string, changes: object = {}) =>
      bulk(parts, [{ kind: 'move', collection: name, ref, toSpace, changes }]),
    get: (ref: Ref) => found(table, ref).first(),
    where: table.where.bind(table),
    orderBy: table.orderBy.bind(table),
    filter: table.filter.bind(table),
    toArray: table.toArray.bind(table),
    count: table.count.bind(table),
    table,
  };
  // The rows' type is the compiler's alone, and it has it from the schema.
  return handles as unknown as CollectionHandle<CollectionDef>;
}

/** One op of all that `write` asks for. */
export function batch(parts: Parts, names: readonly string[], write: (tx: never) => void) {
  const intents = collect(parts, names, write);
  const written = planned(parts.write, () => ({
    spaces: spacesOf(intents),
    ops: intents.length > 0 ? [batchOf(intents)] : [],
  }));
  return createHandle(written, firstOf);
}

/** Many ops in one request, in the order of the calls. */
export function bulk(parts: Parts, intents: readonly Intent[]): WriteHandle<readonly Receipt[]> {
  const moves = intents.filter((intent) => intent.kind === 'move');
  const rowsOf = async (move: Move) => [move, await rowsToMove(parts.tables, move)] as const;
  const ops =
    moves.length > 0
      ? async () => opsOfBulk(intents, new Map(await Promise.all(moves.map(rowsOf))))
      : opsOfBulk(intents, new Map());
  return createHandle(parts.write({ spaces: spacesOf(intents), ops }), (receipts) => receipts);
}

/** The intents of the calls on `tx`, in their order. */
export function collect(
  { newId }: Parts,
  names: readonly string[],
  write: (tx: never) => void,
): Intent[] {
  const intents: Intent[] = [];
  let isOpen = true;
  const push = (intent: Intent): void => {
    // An async callback goes on after the batch was sent: what it adds then would be lost.
    if (!isOpen)
      throw new OffingError('closed', 'The batch was sent already; its callback is synchronous.');
    intents.push(intent);
  };
  const tx = Object.fromEntries(names.map((name) => [name, collectorOf(name, newId, push)]));
  write(tx as never);
  isOpen = false;
  return intents;
}

function collectorOf(
  name: string,
  newId: () => string,
  push: (intent: Intent) => void,
): BulkCollection<CollectionDef> {
  return {
    add(row) {
      const change = addOf(name, row, newId);
      push(change);
      return change.mutation.id;
    },
    update: (ref, changes) => push(updateOf(name, ref, changes)),
    delete: (ref) => push(deleteOf(name, ref)),
    restore: (ref) => push(restoreOf(name, ref)),
    move: (ref, toSpace, changes = {}) =>
      push({ kind: 'move', collection: name, ref, toSpace, changes }),
  };
}

/** What is wrong with a plan is told by its handle, like all that is wrong with a write. */
const planned = async (write: Write, plan: () => Plan): Promise<Written> => write(plan());

const rowsToMove = (tables: Dexie, { collection, ref }: Move): PromiseLike<readonly Keyed[]> =>
  found(tables.table(collection), ref).limit(2).toArray();

const found = (table: AnyTable, ref: Ref) =>
  typeof ref === 'string'
    ? table.where('id').equals(ref)
    : table.where(':id').equals([ref.space, ref.id]);

/** All the spaces an intent may touch; undefined if one of them is for the host to find. */
function spacesOf(intents: readonly Intent[]): ReadonlySet<string> | undefined {
  const spaces = intents.flatMap((intent) =>
    intent.kind === 'change' ? [intent.space] : [spaceOf(intent.ref), intent.toSpace],
  );
  const known = spaces.filter((space) => space !== undefined);
  return known.length === spaces.length ? new Set(known) : undefined;
}
