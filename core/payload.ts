/**
 * The grammar of an op's payload (docs/protocol-spec.md, "Payloads"): the JSON text of an atomic
 * list of mutations. Parsed by hand and not by a schema library, because names here are data: a
 * member called `__proto__` is an ordinary field, and validators drop it.
 */
import { isObject, isPlainJson, type Json, type JsonObject } from './json.ts';
import { asClock, isActorId, isCount, type ActorId, type Clock } from './ids.ts';

/**
 * History of the grammar:
 * - 1: `put` (with `new`, `latest`, `manual`), `delete`, `restore`; `was` after a fork.
 */
export const PAYLOAD_VERSION = 1;

export type Fields = ReadonlyMap<string, Json>;

/** Sets fields, one register each. Only `new` makes a record. */
export interface Put {
  readonly kind: 'put';
  readonly collection: string;
  readonly id: string;
  readonly isNew: boolean;
  readonly fields: Fields;
  /** Fields merged by the greater `at` instead of the order of the log. */
  readonly latest: ReadonlySet<string>;
  /** Fields whose conflicts stay open until a person closes them. */
  readonly manual: ReadonlySet<string>;
}

/** Sets a tombstone, or lifts it with everything under it. */
export interface DeleteOrRestore {
  readonly kind: 'delete' | 'restore';
  readonly collection: string;
  readonly id: string;
}

export type Mutation = Put | DeleteOrRestore;

/** An actor's earlier identity: what it wrote up to `clock` counts as its own. */
export interface Was {
  readonly actor: ActorId;
  readonly clock: Clock;
}

export interface Payload {
  readonly do: readonly Mutation[];
  readonly was: readonly Was[];
}

export type ParsedPayload =
  | { readonly kind: 'known'; readonly payload: Payload }
  | { readonly kind: 'malformed'; readonly why: string }
  | { readonly kind: 'unknown-version'; readonly version: number };

/** A mutation as the page library and the wire write it. */
export type PutJson = {
  readonly kind: 'put';
  readonly collection: string;
  readonly id: string;
  readonly new?: true;
  readonly fields: JsonObject;
  readonly latest?: readonly string[];
  readonly manual?: readonly string[];
};
export type MutationJson = PutJson | DeleteOrRestore;

/** The text of a payload. Its bytes are final: the digest and the op's hash cover them. */
export const encodePayload = (
  mutations: readonly MutationJson[],
  was: readonly Was[] = [],
): string => JSON.stringify(was.length > 0 ? { do: mutations, was } : { do: mutations });

/** Reads a payload of grammar version `version`. Total: it answers for any text and never throws. */
export function parsePayload(text: string, version: number): ParsedPayload {
  if (version !== PAYLOAD_VERSION) return { kind: 'unknown-version', version };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return malformed('not JSON');
  }
  if (!isObject(value) || !isPlainJson(value)) return malformed('not a plain JSON object');
  const list = value['do'];
  if (!Array.isArray(list) || list.length === 0) return malformed('do: not a list of mutations');
  const was = parseWas(value['was']);
  if (!was) return malformed('was: not a list of actors and clocks');
  const mutations: Mutation[] = [];
  for (const [i, item] of list.entries()) {
    const mutation = parseMutation(item as Json);
    if (typeof mutation === 'string') return malformed(`do[${i}]: ${mutation}`);
    mutations.push(mutation);
  }
  return { kind: 'known', payload: { do: mutations, was } };
}

const malformed = (why: string): ParsedPayload => ({ kind: 'malformed', why });

/** The mutation, or what is wrong with it. */
function parseMutation(item: Json): Mutation | string {
  if (!isObject(item)) return 'not an object';
  const { kind, collection, id } = item;
  if (typeof collection !== 'string' || collection === '') return 'collection: not a name';
  if (typeof id !== 'string' || id === '') return 'id: not an id';
  switch (kind) {
    case 'put':
      return parsePut(item, collection, id);
    case 'delete':
    case 'restore':
      return { kind, collection, id };
    default:
      return 'kind: unknown';
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

function parseWas(value: Json | undefined): readonly Was[] | undefined {
  if (value === undefined) return [];
  if (!Array.isArray(value)) return undefined;
  const was: Was[] = [];
  for (const item of value as readonly Json[]) {
    if (!isObject(item) || !isActorId(item['actor']) || !isCount(item['clock'])) return undefined;
    was.push({ actor: item['actor'], clock: asClock(item['clock']) });
  }
  return was;
}
