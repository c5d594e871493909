/**
 * Reads one line of a snapshot. By hand and not by a schema library, because names here are data: a
 * field called `__proto__` is an ordinary field, and validators drop it. Total: a text that is no
 * such line is answered with what is wrong with it. Members that are not known are ignored; a line
 * of an unknown kind is a fault, because state that is not understood must not be lost in silence.
 */
import {
  isConflictKind,
  type Conflict,
  type ConflictKey,
  type ConflictSide,
  type LostChange,
} from './conflict.ts';
import type { Malformed } from './fold.ts';
import { asClock, asSeq, isActorId, isCount, type ActorId, type Clock } from './ids.ts';
import { isObject, isPlainJson, type Json, type JsonObject } from './json.ts';
import { parseChange } from './parse-mutation.ts';
import type { Entry, Part, RecordState, Register, Stamp, Tag } from './record.ts';

export type SnapshotLine =
  | { readonly kind: 'actor'; readonly actor: ActorId; readonly clock: Clock }
  | { readonly kind: 'record'; readonly record: RecordState }
  | { readonly kind: 'conflict'; readonly conflict: Conflict }
  | { readonly kind: 'malformed'; readonly malformed: Malformed };

/** The line, or what is wrong with it. */
export function parseSnapshotLine(text: string): SnapshotLine | string {
  const line = parseJson(text);
  if (!isObject(line)) return 'not a JSON object';
  switch (line['kind']) {
    case 'actor':
      return isOpName(line)
        ? { kind: 'actor', actor: line.actor, clock: asClock(line.clock) }
        : 'actor or clock';
    case 'record':
      return parseRecord(line);
    case 'conflict':
      return parseConflict(line);
    case 'malformed':
      return parseMalformed(line);
    default:
      return 'kind: unknown';
  }
}

function parseRecord(line: JsonObject): SnapshotLine | string {
  const { collection, id } = line;
  if (!isName(collection) || !isName(id)) return 'collection or id';
  const ops = listOf(line['ops'], parseStamp);
  if (!ops) return 'ops';
  const opAt: OpAt = (place) => (isCount(place) ? ops[place] : undefined);
  const born = listOf(line['born'], opAt);
  if (!born) return 'born';
  const fields = parseEntries(line['fields'], (value, place): Register | undefined => {
    const op = opAt(place);
    return op && isPlainJson(value) ? { ...op, value } : undefined;
  });
  if (!fields) return 'fields';
  const lists = parseLists(line, opAt);
  if (typeof lists === 'string') return lists;
  const record: RecordState = { collection, id, born, fields, ...lists };
  if (line['grave'] !== undefined) {
    const grave = opAt(line['grave']);
    return grave ? { kind: 'record', record: { ...record, grave } } : 'grave';
  }
  // Only a `put` with `new` makes a record: one that lives and was never born cannot be.
  return born.length > 0 ? { kind: 'record', record } : 'neither born nor deleted';
}

type OpAt = (place: Json | undefined) => Stamp | undefined;
type Lists = Pick<RecordState, 'sets' | 'counters' | 'journals' | 'taken'>;

/** What a record has beside its registers, or which of it is at fault. */
function parseLists(line: JsonObject, opAt: OpAt): Lists | string {
  const members: { -readonly [Name in keyof Lists]: Lists[Name] } = {};
  if (line['sets'] !== undefined) {
    const sets = parseItems(line['sets'], opAt, (op, value): Tag => ({ ...op, value }));
    if (!sets) return 'sets';
    members.sets = sets;
  }
  if (line['counters'] !== undefined) {
    const counters = parseItems(line['counters'], opAt, (op, total): Part | undefined =>
      typeof total === 'number' ? { ...op, total } : undefined,
    );
    if (!counters) return 'counters';
    members.counters = counters;
  }
  if (line['journals'] !== undefined) {
    const journals = parseItems(line['journals'], opAt, (op, entry): Entry => ({ ...op, entry }));
    if (!journals) return 'journals';
    members.journals = journals;
  }
  if (line['taken'] !== undefined) {
    const taken = listOf(line['taken'], (key) => (isName(key) ? (key as ConflictKey) : undefined));
    if (!taken) return 'taken';
    members.taken = taken;
  }
  return members;
}

/** Entries `[name, [[value, op], …]]`; no list is empty. */
const parseItems = <T extends Stamp>(
  entries: Json,
  opAt: OpAt,
  make: (op: Stamp, value: Json) => T | undefined,
): ReadonlyMap<string, readonly T[]> | undefined =>
  parseEntries(entries, (list): readonly T[] | undefined => {
    const items = listOf(list, (item) => {
      if (!Array.isArray(item)) return undefined;
      const [value, place] = item as readonly Json[];
      const op = opAt(place);
      return op && isPlainJson(value) ? make(op, value) : undefined;
    });
    return items && items.length > 0 ? items : undefined;
  });

function parseConflict(line: JsonObject): SnapshotLine | string {
  const { collection, id, field, open } = line;
  const kind = line['case'];
  if (!isConflictKind(kind)) return 'case';
  if (!isOpName(line)) return 'actor or clock';
  if (!isName(collection) || !isName(id)) return 'collection or id';
  if (field !== null && typeof field !== 'string') return 'field';
  if (typeof open !== 'boolean') return 'open';
  const winner = parseSide(line['winner']);
  const loser = parseSide(line['loser']);
  if (!winner || !loser) return 'winner or loser';
  const name = { actor: line.actor, clock: asClock(line.clock), collection, id, field, kind };
  const conflict: Conflict = { ...name, open, winner, loser };
  if (line['closed'] === undefined) return { kind: 'conflict', conflict };
  const closed = parseStamp(line['closed']);
  return closed && !open ? { kind: 'conflict', conflict: { ...conflict, closed } } : 'closed';
}

function parseSide(side: Json | undefined): ConflictSide | undefined {
  if (!isObject(side)) return undefined;
  const values =
    side['values'] === null
      ? null
      : parseEntries(side['values'], (value) => (isPlainJson(value) ? value : undefined));
  const stamp = side['op'] === null ? null : parseStamp(side['op']);
  const changes = side['changes'] === undefined ? [] : listOf(side['changes'], parseLost);
  if (values === undefined || stamp === undefined || !changes) return undefined;
  return { values, ...(changes.length > 0 && { changes }), stamp };
}

function parseLost(item: Json): LostChange | undefined {
  if (!isObject(item) || !isPlainJson(item)) return undefined;
  const change = parseChange(item);
  if (typeof change === 'string') return undefined;
  return item['kept'] === true ? { ...change, kept: true } : change;
}

function parseMalformed(line: JsonObject): SnapshotLine | string {
  const { seq, why } = line;
  if (!isOpName(line)) return 'actor or clock';
  if (!isPositive(seq)) return 'seq';
  if (typeof why !== 'string') return 'why';
  const malformed = { seq: asSeq(seq), actor: line.actor, clock: asClock(line.clock), why };
  return { kind: 'malformed', malformed };
}

// ── parts ────────────────────────────────────────────────────────────────────────────────────────

function parseStamp(op: Json | undefined): Stamp | undefined {
  if (!Array.isArray(op)) return undefined;
  const [seq, at, actor, clock] = op as readonly Json[];
  if (!isPositive(seq) || !isCount(at) || !isActorId(actor) || !isPositive(clock)) return undefined;
  return { seq: asSeq(seq), at, actor, clock: asClock(clock) };
}

/** Entries `[name, value, more]` as a map; undefined where one is not of that form, or comes twice. */
function parseEntries<T>(
  list: Json | undefined,
  read: (value: Json | undefined, more: Json | undefined) => T | undefined,
): ReadonlyMap<string, T> | undefined {
  if (!Array.isArray(list)) return undefined;
  const entries = new Map<string, T>();
  for (const entry of list as readonly Json[]) {
    if (!Array.isArray(entry)) return undefined;
    const [name, value, more] = entry as readonly Json[];
    const part = read(value, more);
    if (typeof name !== 'string' || part === undefined || entries.has(name)) return undefined;
    entries.set(name, part);
  }
  return entries;
}

function listOf<T>(
  list: Json | undefined,
  read: (part: Json) => T | undefined,
): readonly T[] | undefined {
  if (!Array.isArray(list)) return undefined;
  const parts = (list as readonly Json[]).map(read);
  return parts.every((part) => part !== undefined) ? parts : undefined;
}

/** An op's name within its space, beside whatever else the line says. */
const isOpName = (line: JsonObject): line is JsonObject & { actor: ActorId; clock: number } =>
  isActorId(line['actor']) && isPositive(line['clock']);

const isPositive = (n: unknown): n is number => isCount(n) && n > 0;

const isName = (text: Json | undefined): text is string => typeof text === 'string' && text !== '';

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
