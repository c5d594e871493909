/**
 * Histories in a few letters, the same as in the documents: `A:3` is actor A's third op, and in a
 * log its place counts from 1. An op has seen everything before it unless it says otherwise:
 *
 *     log(op('A:1', make('r', { title: 'Tent' })), op('B:1', put('r', { title: 'Tarp' }), { base: 0 }))
 */
import {
  asClock,
  asSeq,
  DROP_VERSION,
  encodeDrop,
  encodePayload,
  payloadVersionOf,
  SERVER_ACTOR,
  type ActorId,
  type ConflictName,
  type Json,
  type JsonObject,
  type MutationJson,
  type PendingOp,
  type PutJson,
  type ResolveJson,
  type SequencedOp,
  type Was,
} from '../../core/index.ts';

/** An op before it has a place: in a log or in an outbox. */
export interface WrittenOp {
  readonly actor: ActorId;
  readonly clock: number;
  readonly payload: string;
  readonly v: number;
  readonly at: number;
  /** What its author had seen; absent: everything before it. */
  readonly base?: number;
}

export interface OpOptions {
  readonly base?: number;
  readonly at?: number;
  /** Earlier identities, as `A:3`: what A wrote up to its third op is this author's own. */
  readonly was?: readonly string[];
  readonly v?: number;
}

/** `name` is `A:3`: the actor's name, at most six letters or digits, and the op's clock. */
export function op(
  name: string,
  mutations: MutationJson | readonly MutationJson[],
  { was = [], ...options }: OpOptions = {},
): WrittenOp {
  const list = 'kind' in mutations ? [mutations] : mutations;
  const payload = encodePayload(list, was.map(parseName));
  return opOf(name, payload, { v: payloadVersionOf(list), ...options });
}

/** An op with any text for a payload. */
export function opOf(name: string, payload: string, options: OpOptions = {}): WrittenOp {
  const { base, at = 0, v = 1 } = options;
  return { ...parseName(name), payload, v, at, ...(base !== undefined && { base }) };
}

/** The server's own op that drops what lies at or below `through`: its `clock`th. */
export const drop = (clock: number, through: number): WrittenOp => ({
  actor: SERVER_ACTOR,
  clock,
  payload: encodeDrop(asSeq(through)),
  v: DROP_VERSION,
  at: 0,
});

/** The ops in the order of a log that begins after seq `after`. */
export const log = (...ops: readonly WrittenOp[]): SequencedOp[] => logAfter(0, ops);

export function logAfter(after: number, ops: readonly WrittenOp[]): SequencedOp[] {
  return ops.map((written, i) => {
    const seq = after + i + 1;
    const { clock, base = seq - 1 } = written;
    return { ...written, seq: asSeq(seq), clock: asClock(clock), base: asSeq(base) };
  });
}

/** The ops as an outbox holds them, in its order; unless they say otherwise they have seen `head`. */
export function pendingAt(head: number, ops: readonly WrittenOp[]): PendingOp[] {
  return ops.map(({ actor, at, v, payload, base = head }) => ({
    actor,
    at,
    v,
    payload,
    base: asSeq(base),
  }));
}

// ── mutations: all on the collection `items`, unless the id is written `lists/groceries` ──────────

type Flags = Pick<PutJson, 'latest' | 'manual'>;

/** A put that makes the record. */
export const make = (id: string, fields: JsonObject = {}, flags: Flags = {}): PutJson => ({
  ...put(id, fields, flags),
  new: true,
});

export const put = (id: string, fields: JsonObject, flags: Flags = {}): PutJson => ({
  kind: 'put',
  ...nameOf(id),
  fields,
  ...flags,
});

export const del = (id: string): MutationJson => ({ kind: 'delete', ...nameOf(id) });
export const restore = (id: string): MutationJson => ({ kind: 'restore', ...nameOf(id) });

export const add = (id: string, field: string, ...values: readonly Json[]): MutationJson => ({
  kind: 'add',
  ...nameOf(id),
  field,
  values,
});

export const remove = (id: string, field: string, ...values: readonly Json[]): MutationJson => ({
  kind: 'remove',
  ...nameOf(id),
  field,
  values,
});

export const increment = (id: string, field: string, by: number = 1): MutationJson => ({
  kind: 'increment',
  ...nameOf(id),
  field,
  by,
});

export const append = (id: string, field: string, entry: Json): MutationJson => ({
  kind: 'append',
  ...nameOf(id),
  field,
  entry,
});

/** Of the conflict that `B:1 edit-edit r.title` names, or `B:1 edit-delete r` where it is the whole record's. */
export const resolve = (conflict: string, take: ResolveJson['take']): MutationJson => ({
  kind: 'resolve',
  conflict: conflictNamed(conflict),
  take,
});

export function conflictNamed(text: string): ConflictName {
  const [op = '', kind = '', record = ''] = text.split(' ');
  const dot = record.indexOf('.');
  return {
    ...parseName(op),
    ...nameOf(dot < 0 ? record : record.slice(0, dot)),
    field: dot < 0 ? null : record.slice(dot + 1),
    kind: kind as ConflictName['kind'],
  };
}

export function nameOf(id: string): { collection: string; id: string } {
  const slash = id.indexOf('/');
  if (slash < 0) return { collection: 'items', id };
  return { collection: id.slice(0, slash), id: id.slice(slash + 1) };
}

// ── actors ───────────────────────────────────────────────────────────────────────────────────────

const ACTOR_PREFIX = '01990000-0000-7000-8000-';

/** A UUIDv7 that spells a name of at most six ASCII letters or digits. */
export function actorOf(name: string): ActorId {
  if (!/^[A-Za-z0-9]{1,6}$/.test(name)) throw new Error(`not an actor's name: ${name}`);
  const hex = Array.from(name, (letter) => letter.charCodeAt(0).toString(16)).join('');
  return `${ACTOR_PREFIX}${hex.padStart(12, '0')}` as ActorId;
}

/** The name that `actorOf` spelled. */
export function actorName(actor: ActorId): string {
  const pairs = actor.slice(ACTOR_PREFIX.length).match(/../g) ?? [];
  const codes = pairs.map((pair) => Number.parseInt(pair, 16)).filter((code) => code > 0);
  return String.fromCharCode(...codes);
}

function parseName(name: string): Was {
  const [actor, clock] = name.split(':');
  return { actor: actorOf(actor ?? ''), clock: asClock(Number(clock)) };
}
