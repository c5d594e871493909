/** Reads one mutation of a payload. Total: what is not one is answered with what is wrong with it. */
import { isConflictKind, type ConflictName } from './conflict.ts';
import { asClock, isActorId, isCount } from './ids.ts';
import { isObject, type Json, type JsonObject } from './json.ts';
import type { Change, Fields, Mutation, Put, Resolve } from './mutation.ts';

/** The mutation, or what is wrong with it, by version `version` of the grammar. */
export function parseMutation(item: Json, version: number): Mutation | string {
  if (!isObject(item)) return 'not an object';
  if (version >= 2 && item['kind'] === 'resolve') return parseResolve(item);
  const { kind, collection, id } = item;
  if (!isName(collection)) return 'collection: not a name';
  if (!isName(id)) return 'id: not an id';
  switch (kind) {
    case 'put':
      return parsePut(item, collection, id);
    case 'delete':
    case 'restore':
      return { kind, collection, id };
    default: {
      const change = version >= 2 ? parseChange(item) : 'kind: unknown';
      return typeof change === 'string' ? change : { ...change, collection, id };
    }
  }
}

function parsePut(item: JsonObject, collection: string, id: string): Put | string {
  const { fields } = item;
  if (!isObject(fields)) return 'fields: not an object';
  if (item['new'] !== undefined && item['new'] !== true) return 'new: not true';
  const latest = parseNames(item['latest']);
  const manual = parseNames(item['manual']);
  if (!latest || !manual) return 'latest or manual: not a list of names';
  return {
    kind: 'put',
    collection,
    id,
    isNew: item['new'] === true,
    fields: new Map(Object.entries(fields)),
    latest,
    manual,
  };
}

function parseNames(value: Json | undefined): ReadonlySet<string> | undefined {
  if (value === undefined) return new Set();
  if (!Array.isArray(value)) return undefined;
  return value.every((name) => typeof name === 'string') ? new Set(value) : undefined;
}

/** Edits of sets, counters and journals: in payloads, and in conflicts as a snapshot has them. */
export function parseChange({ kind, field, values, by, entry }: JsonObject): Change | string {
  switch (kind) {
    case 'add':
    case 'remove':
      if (typeof field !== 'string') return 'field: not a name';
      return Array.isArray(values) ? { kind, field, values } : 'values: not a list';
    case 'increment':
      if (typeof field !== 'string') return 'field: not a name';
      return typeof by === 'number' ? { kind, field, by } : 'by: not a number';
    case 'append':
      if (typeof field !== 'string') return 'field: not a name';
      return entry === undefined ? 'entry: missing' : { kind, field, entry };
    default:
      return 'kind: unknown';
  }
}

function parseResolve({ conflict, take }: JsonObject): Resolve | string {
  const name = parseConflictName(conflict);
  if (!name) return 'conflict: not the name of one';
  const { collection, id } = name;
  const resolve = { kind: 'resolve', collection, id, conflict: name } as const;
  if (take === 'winner' || take === 'loser') return { ...resolve, take };
  const fields = isObject(take) ? parseTaken(name, take['value']) : undefined;
  return fields ? { ...resolve, take: fields } : 'take: neither a side nor a value';
}

/** Of the whole record the value is an object of fields. */
function parseTaken({ field }: ConflictName, value: Json | undefined): Fields | undefined {
  if (value === undefined) return undefined;
  if (field !== null) return new Map([[field, value]]);
  return isObject(value) ? new Map(Object.entries(value)) : undefined;
}

function parseConflictName(name: Json | undefined): ConflictName | undefined {
  if (!isObject(name)) return undefined;
  const { actor, clock, collection, id, field, kind } = name;
  if (!isActorId(actor) || !isCount(clock) || !isName(collection) || !isName(id)) return undefined;
  if (!isConflictKind(kind) || (field !== null && typeof field !== 'string')) return undefined;
  return { actor, clock: asClock(clock), collection, id, field, kind };
}

const isName = (text: Json | undefined): text is string => typeof text === 'string' && text !== '';
