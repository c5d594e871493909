/**
 * The grammar of an op's payload (docs/protocol-spec.md, "Payloads"): the JSON text of an atomic
 * list of mutations. Parsed by hand and not by a schema library, because names here are data: a
 * member called `__proto__` is an ordinary field, and validators drop it.
 */
import { asClock, asSeq, isActorId, isCount, type ActorId, type Clock, type Seq } from './ids.ts';
import { isObject, isPlainJson, type Json, type JsonObject } from './json.ts';
import type { Mutation, MutationJson } from './mutation.ts';
import { parseMutation } from './parse-mutation.ts';

/**
 * The versions of the grammar:
 * - 1: `put` (with `new`, `latest`, `manual`), `delete`, `restore`; `was` after a fork.
 * - 2: also `add`, `remove`, `increment`, `append`, `resolve`.
 * - 3: also `drop`, which stands alone.
 */
export const PAYLOAD_VERSIONS: readonly number[] = [1, 2, 3];

/** The first that has `drop`. */
export const DROP_VERSION = 3;

const IN_VERSION_1: ReadonlySet<MutationJson['kind']> = new Set(['put', 'delete', 'restore']);

/** The lowest version that has these mutations: older clients go on folding all that they can. */
export const payloadVersionOf = (mutations: readonly MutationJson[]): number =>
  mutations.every(({ kind }) => IN_VERSION_1.has(kind)) ? 1 : 2;

/** The payload by which a server drops what lies at or below `through`. */
export const encodeDrop = (through: Seq): string =>
  JSON.stringify({ do: [{ kind: 'drop', through }] });

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
  | { readonly kind: 'drop'; readonly through: Seq }
  | { readonly kind: 'malformed'; readonly why: string }
  | { readonly kind: 'unknown-version'; readonly version: number };

/** The text of a payload. Its bytes are final: the digest and the op's hash cover them. */
export const encodePayload = (
  mutations: readonly MutationJson[],
  was: readonly Was[] = [],
): string => JSON.stringify(was.length > 0 ? { do: mutations, was } : { do: mutations });

/**
 * The payload with a mark of chance, a member that readers ignore. Copies of one device may write the
 * same at one time under one clock. For a value that is the same op, and nothing is lost if it counts
 * as one; what adds to a counter or a journal has to count twice, and is told apart by its mark.
 */
export function marked(payload: string, mark: () => string): string {
  const { do: mutations, ...rest } = JSON.parse(payload) as { do: readonly MutationJson[] };
  if (!mutations.some(({ kind }) => kind === 'increment' || kind === 'append')) return payload;
  return JSON.stringify({ do: mutations, ...rest, mark: mark() });
}

/** What the payload says, whatever ids of its author it names: the same for every copy of an op. */
export function saidBy(payload: string): string {
  if (!payload.includes('"was"')) return payload;
  const { was: _, ...rest } = JSON.parse(payload) as { was?: unknown };
  return JSON.stringify(rest);
}

interface Read {
  readonly version: number;
  readonly parsed: ParsedPayload;
}

/**
 * A page of the log is read several times over, to load what it names and to fold it, and a batch for
 * each record that it names. So what was read last is kept, in two generations: to delete from a map one
 * by one makes it slow.
 */
let young = new Map<string, Read>();
let old: ReadonlyMap<string, Read> = new Map();
/** Of a generation's texts together, in characters: a page of short ops, or a few of the longest. */
const MOST_RECENT = 350_000;
let length = 0;

/** Reads a payload of grammar version `version`. Total: it answers for any text and never throws. */
export function parsePayload(text: string, version: number): ParsedPayload {
  // Never kept: it costs nothing to say, and holds only until the versions are others.
  if (!PAYLOAD_VERSIONS.includes(version)) return { kind: 'unknown-version', version };
  const known = young.get(text) ?? old.get(text);
  if (known?.version === version) return known.parsed;
  const parsed = readPayload(text, version);
  if (length > MOST_RECENT) {
    old = young;
    young = new Map();
    length = 0;
  }
  length += text.length;
  young.set(text, { version, parsed });
  return parsed;
}

function readPayload(text: string, version: number): ParsedPayload {
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
  if (version >= DROP_VERSION && list.some(isDrop)) return readDrop(list as readonly Json[]);
  const mutations: Mutation[] = [];
  for (const [i, item] of list.entries()) {
    const mutation = parseMutation(item as Json, version);
    if (typeof mutation === 'string') return malformed(`do[${i}]: ${mutation}`);
    mutations.push(mutation);
  }
  return { kind: 'known', payload: { do: mutations, was } };
}

const isDrop = (item: unknown): item is JsonObject => isObject(item) && item['kind'] === 'drop';

/** It is about no record, so it shares its op with nothing that is. */
function readDrop([drop, ...others]: readonly Json[]): ParsedPayload {
  if (others.length > 0 || !isDrop(drop)) return malformed('drop: not alone');
  const { through } = drop;
  return isCount(through)
    ? { kind: 'drop', through: asSeq(through) }
    : malformed('through: not a seq');
}

const malformed = (why: string): ParsedPayload => ({ kind: 'malformed', why });

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
