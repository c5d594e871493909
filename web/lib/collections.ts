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
import { opsOfBulk } from './bulk-ops.ts';
import { OffingError } from './errors.ts';
import type { Named } from './field-writes.ts';
import {
  addOf,
  batchOf,
  changeOp,
  deleteOf,
  moveOf,
  restoreOf,
  spaceOf,
  updateOf,
  type Change,
  type Intent,
  type Move,
  type StoredRow,
} from './intents.ts';
import type { LiveQueries } from './live.ts';
import type { CollectionDef } from './schema.ts';
import { readable } from './tables.ts';
import { createAddHandle, createHandle, firstOf } from './write-handle.ts';
import type { Plan, Write, Written } from './writer.ts';

export interface Parts {
  readonly tables: Dexie;
  readonly liveRows: LiveQueries['rows'];
  readonly write: Write;
  readonly newId: () => string;
}

type AnyTable = Table<StoredRow, RowKey>;

export function createCollection(of: Named, parts: Parts): CollectionHandle<CollectionDef> {
  const { newId } = parts;
  const table: AnyTable = parts.tables.table(of.name);
  const one = (change: () => Change): Promise<Written> =>
    planned(parts.write, () => {
      const made = change();
      return { spaces: spacesOf([made]), ops: [changeOp(made)] };
    });
  const handle = (change: () => Change): WriteHandle => createHandle(one(change), firstOf);
  const handles = {
    add(row: { readonly id?: string }) {
      const { id = newId() } = row;
      return createAddHandle(
        id,
        one(() => addOf(of, { ...row, id }, newId)),
        firstOf,
      );
    },
    update: (ref: Ref, changes: object, { typing = false }: UpdateOptions = {}) =>
      handle(() => ({ ...updateOf(of, ref, changes), ...(typing && { typing }) })),
    delete: (ref: Ref) => handle(() => deleteOf(of, ref)),
    restore: (ref: Ref) => handle(() => restoreOf(of, ref)),
    move: (ref: Ref, toSpace: string, changes: object = {}) =>
      bulk(parts, () => [moveOf(of, ref, toSpace, changes)]),
    get: (ref: Ref) => found(table, ref).first(),
    where: table.where.bind(table),
    orderBy: table.orderBy.bind(table),
    // Dexie asks a predicate about the stored row.
    filter: (fn: (row: object) => boolean) =>
      table.filter((row) => fn(readable({ ...row }, of.def.fields))),
    toArray: table.toArray.bind(table),
    count: table.count.bind(table),
    live: (space: string) => parts.liveRows(of.name, space),
    table,
  };
  // The rows' type is the compiler's alone, and it has it from the schema.
  return handles as unknown as CollectionHandle<CollectionDef>;
}

/** One op of all that `write` asks for. */
export function batch(parts: Parts, all: readonly Named[], write: (tx: never) => void) {
  const intents = collect(parts, all, write);
  const written = planned(parts.write, () => ({
    spaces: spacesOf(intents),
    ops: intents.length > 0 ? [batchOf(intents)] : [],
  }));
  return createHandle(written, firstOf);
}

/** Many ops in one request, in the order of the calls. */
export function bulk(
  { tables, write }: Parts,
  intentsOf: () => readonly Intent[],
): WriteHandle<readonly Receipt[]> {
  const written = planned(write, () => {
    const intents = intentsOf();
    const moves = intents.filter((intent) => intent.kind === 'move');
    const rowsOf = async (move: Move) => [move, await rowsToMove(tables, move)] as const;
    const ops = async () => opsOfBulk(intents, new Map(await Promise.all(moves.map(rowsOf))));
    return {
      spaces: spacesOf(intents),
      ops: moves.length > 0 ? ops : opsOfBulk(intents, new Map()),
    };
  });
  return createHandle(written, (receipts) => receipts);
}

/** The intents of the calls on `tx`, in their order. */
export function collect(
  { newId }: Parts,
  all: readonly Named[],
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
  const tx = Object.fromEntries(all.map((of) => [of.name, collectorOf(of, newId, push)]));
  write(tx as never);
  isOpen = false;
  return intents;
}

function collectorOf(
  of: Named,
  newId: () => string,
  push: (intent: Intent) => void,
): BulkCollection<CollectionDef> {
  return {
    add(row) {
      const change = addOf(of, row, newId);
      push(change);
      return change.id;
    },
    update: (ref, changes) => push(updateOf(of, ref, changes)),
    delete: (ref) => push(deleteOf(of, ref)),
    restore: (ref) => push(restoreOf(of, ref)),
    move: (ref, toSpace, changes = {}) => push(moveOf(of, ref, toSpace, changes)),
  };
}

/** What is wrong with a plan is told by its handle, like all that is wrong with a write. */
const planned = async (write: Write, plan: () => Plan): Promise<Written> => write(plan());

/** As they are stored: what the layer knows of them goes along. */
const rowsToMove = (tables: Dexie, { of, ref }: Move): PromiseLike<readonly StoredRow[]> =>
  found(tables.table(of.name), ref).limit(2).raw().toArray();

const found = (table: AnyTable, ref: Ref) =>
  typeof ref === 'string'
    ? table.where('id').equals(ref)
    : table.where(':id').equals([ref.space, ref.id]);

/** The record of this name as an app reads it, if there is one and no other. */
export async function onlyRow(
  tables: Dexie,
  collection: string,
  ref: Ref,
): Promise<object | undefined> {
  const [row, other] = await found(tables.table(collection), ref).limit(2).toArray();
  return other ? undefined : row;
}

/** All the spaces an intent may touch; undefined if one of them is for the host to find. */
function spacesOf(intents: readonly Intent[]): ReadonlySet<string> | undefined {
  const spaces = intents.flatMap((intent) =>
    intent.kind === 'change' ? [intent.space] : [spaceOf(intent.ref), intent.toSpace],
  );
  const known = spaces.filter((space) => space !== undefined);
  return known.length === spaces.length ? new Set(known) : undefined;
}
