/**
 * Whole records against the validators of their collections, as each op of a write would leave them.
 * What is in the tables is as of the write before; what the write itself has done is kept here.
 */
import {
  canonicalJson,
  EMPTY_OF_KIND,
  type Json,
  type MutationJson,
  type OpRequest,
  type ResolveJson,
} from '../../core/index.ts';
import type { Ref } from './api.ts';
import type { Issue } from './errors.ts';
import { listKindOf } from './fields.ts';
import type { Collections, CollectionDef } from './schema.ts';
import { issuesBy, refuse } from './validate.ts';

/** The record as an app reads it; undefined where it is not here. */
export type ReadRow = (collection: string, ref: Ref) => PromiseLike<object | undefined>;

type Fields = Readonly<Record<string, Json>>;
type OfRecord = Exclude<MutationJson, ResolveJson>;

/** A record as the write has left it so far; undefined where it does not show. */
interface Touched {
  readonly collection: string;
  readonly id: string;
  readonly space: string | undefined;
  readonly def: CollectionDef;
  row: Fields | undefined;
}

/** Whether any of these ops may change a record whose collection has a validator. */
export const needsRecords = (collections: Collections, ops: readonly OpRequest[]): boolean =>
  ops.some((op) => op.do.some((mutation) => validated(collections, collectionOf(mutation))));

/** Throws OffingError `invalid` with all that is wrong with the records. */
export async function checkRecords(
  collections: Collections,
  ops: readonly OpRequest[],
  readRow: ReadRow,
): Promise<void> {
  const known: Touched[] = [];
  const issues: Issue[] = [];
  for (const { space, do: mutations } of ops) {
    const changed = new Set<Touched>();
    for (const mutation of mutations) {
      const change = asChange(mutation);
      const def = change && validated(collections, change.collection);
      if (!change || !def) continue;
      const record = await find(known, { ...change, space, def }, readRow);
      record.row = after(record, change);
      changed.add(record);
    }
    for (const { collection, def, row } of changed) {
      if (row && def.validate) issues.push(...issuesBy(def.validate, row, [collection]));
    }
  }
  refuse(issues);
}

const collectionOf = (mutation: MutationJson): string =>
  mutation.kind === 'resolve' ? mutation.conflict.collection : mutation.collection;

function validated(collections: Collections, name: string): CollectionDef | undefined {
  const def = Object.hasOwn(collections, name) ? collections[name] : undefined;
  return def?.validate && def;
}

/** A resolve as the put that it is; one that takes a side takes what was valid when it was written. */
function asChange(mutation: MutationJson): OfRecord | undefined {
  if (mutation.kind !== 'resolve') return mutation;
  const { conflict, take } = mutation;
  if (typeof take === 'string') return undefined;
  const { collection, id, field } = conflict;
  const fields = field === null ? (take.value as Fields) : { [field]: take.value };
  return { kind: 'put', collection, id, fields };
}

async function find(
  known: Touched[],
  { collection, id, space, def }: Omit<Touched, 'row'>,
  readRow: ReadRow,
): Promise<Touched> {
  const isSame = (one: Touched) =>
    one.collection === collection &&
    one.id === id &&
    (one.space === space || one.space === undefined || space === undefined);
  const before = known.find(isSame);
  if (before) return before;
  const row = await readRow(collection, space === undefined ? id : { id, space });
  const record: Touched = { collection, id, space, def, row: row && ownFields(row) };
  known.push(record);
  return record;
}

/** What nobody shows is not judged: of a record that is not here the host says so. */
function after({ row, def }: Touched, change: OfRecord): Fields | undefined {
  switch (change.kind) {
    case 'put': {
      const before = row ?? (change.new ? emptyLists(def) : undefined);
      return before && withPut(before, change.fields, def);
    }
    case 'delete':
    case 'restore':
      return undefined;
    case 'add':
    case 'remove':
    case 'increment':
    case 'append':
      return row && { ...row, [change.field]: changed(row[change.field], change) };
  }
}

function withPut(row: Fields, put: Fields, { fields }: CollectionDef): Fields {
  const entries = Object.entries({ ...row, ...put });
  return Object.fromEntries(
    entries.filter(([name, value]) => !(value === null && fields[name]?.optional)),
  );
}

type ListChange = Exclude<OfRecord, { readonly kind: 'put' | 'delete' | 'restore' }>;

function changed(before: Json | undefined, change: ListChange): Json {
  const list: readonly Json[] = Array.isArray(before) ? before : [];
  switch (change.kind) {
    case 'add':
      return distinct([...without(list, change.values), ...change.values]);
    case 'remove':
      return without(list, change.values);
    case 'increment':
      return (typeof before === 'number' ? before : 0) + change.by;
    case 'append':
      return [...list, change.entry];
  }
}

const distinct = (list: readonly Json[]): Json[] => [
  ...new Map(list.map((value) => [canonicalJson(value), value])).values(),
];

function without(list: readonly Json[], values: readonly Json[]): Json[] {
  const left = new Set(values.map(canonicalJson));
  return list.filter((value) => !left.has(canonicalJson(value)));
}

const emptyLists = ({ fields }: CollectionDef): Fields =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([name, field]) => {
      const kind = listKindOf(field);
      return kind ? [[name, EMPTY_OF_KIND[kind]]] : [];
    }),
  );

const ownFields = (row: object): Fields => {
  const { id: _, space: __, ...fields } = row as Fields;
  return fields;
};
