/**
 * Random histories: a few actors write a few fields of a few records, each having seen some of what
 * came before and not the rest. One of them is a clone that forked from another.
 */
import fc from 'fast-check';
import type {
  Conflict,
  ConflictName,
  Json,
  JsonObject,
  MutationJson,
  SequencedOp,
} from '../../core/index.ts';
import { append, conflictNamed, drop, increment, logAfter, nameOf, op, opOf, put } from './ops.ts';
import { EMPTY_WORLD, foldOnto } from './world.ts';

/** What an op of a random history does, before it is given an author and a place. */
export type RawMutation = {
  readonly kind: 'new' | MutationJson['kind'];
  readonly id: string;
  readonly fields: readonly {
    readonly name: string;
    readonly value: Json;
    readonly flag: string;
  }[];
  /** Which conflict a resolve is about, of those there are, and how much an increment adds. */
  readonly pick: number;
  readonly take: 'winner' | 'loser' | 'value';
};

interface RawOp {
  readonly actor: string;
  /** How many of the ops before it its author has not seen. */
  readonly unseen: number;
  readonly at: number;
  readonly mutations: readonly RawMutation[];
  readonly odd: 'no' | 'malformed';
  /** Where the server has a say: it drops what lies so far back. */
  readonly drops?: number;
}

export const IDS = ['r', 's', 'lists/__proto__'];
const FIELDS = ['title', 'note', '__proto__'];
/** D is what A became after a fork; somebody else goes on writing as A. */
const ACTORS = ['A', 'B', 'C', 'D'];

/** Values that meet again often, so that equal ones are written concurrently. */
const FEW_VALUES: readonly Json[] = [0, 1, null, 'x', ['x'], { a: 1, b: 2 }, { b: 2, a: 1 }];

const value = fc.constantFrom(...FEW_VALUES);
const flag = fc.constantFrom('', '', 'latest', 'manual', 'both');
const field = fc.record({ name: fc.constantFrom(...FIELDS), value, flag });

export const rawMutation: fc.Arbitrary<RawMutation> = fc.record({
  kind: fc.oneof(
    {
      weight: 5,
      arbitrary: fc.constantFrom<RawMutation['kind']>('put', 'put', 'put', 'put', 'new', 'new'),
    },
    { weight: 3, arbitrary: fc.constantFrom<RawMutation['kind']>('delete', 'delete', 'restore') },
    {
      weight: 5,
      arbitrary: fc.constantFrom<RawMutation['kind']>('add', 'remove', 'increment', 'append'),
    },
    { weight: 2, arbitrary: fc.constant<RawMutation['kind']>('resolve') },
  ),
  id: fc.constantFrom(...IDS),
  fields: fc.array(field, { maxLength: 2 }),
  pick: fc.nat(99),
  take: fc.constantFrom('winner', 'loser', 'value'),
});

const rawOp: fc.Arbitrary<RawOp> = fc.record({
  actor: fc.constantFrom(...ACTORS),
  unseen: fc.oneof(fc.constant(0), fc.nat(3), fc.nat(40)),
  at: fc.nat(20),
  mutations: fc.oneof(
    { weight: 3, arbitrary: fc.array(rawMutation, { minLength: 1, maxLength: 1 }) },
    { weight: 2, arbitrary: fc.array(rawMutation, { minLength: 2, maxLength: 4 }) },
  ),
  odd: fc.oneof({ weight: 30, arbitrary: fc.constant('no' as const) }, fc.constant('malformed')),
});

export interface HistoryOptions {
  /** Makes each value ever put another one, so that none can stand for another. */
  readonly unique?: boolean;
  readonly maxLength?: number;
  /** With ops of the server, that drop what lies far enough back. */
  readonly drops?: boolean;
}

/** A log of at most `maxLength` ops. */
export function history({ unique = false, maxLength = 30, drops = false }: HistoryOptions = {}) {
  const dropping = fc.record({ raw: rawOp, drops: fc.option(fc.nat(15), { freq: 4 }) });
  const raws = dropping.map(({ raw, drops: back }) =>
    back === null ? raw : { ...raw, drops: back },
  );
  return fc
    .array(drops ? raws : rawOp, { maxLength, size: 'max' })
    .map((found) => logOf(found, unique));
}

function logOf(raws: readonly RawOp[], unique: boolean): SequencedOp[] {
  const clocks = new Map<string, number>();
  const ops: SequencedOp[] = [];
  let world = EMPTY_WORLD;
  let forkedAt = 0;
  let dropped = 0;
  for (const [i, raw] of raws.entries()) {
    if (raw.drops !== undefined) {
      const placed = logAfter(i, [drop(++dropped, Math.max(0, i - raw.drops))]);
      ops.push(...placed);
      world = foldOnto(world, placed);
      continue;
    }
    const clock = (clocks.get(raw.actor) ?? 0) + 1;
    clocks.set(raw.actor, clock);
    if (raw.actor === 'D' && clock === 1) forkedAt = clocks.get('A') ?? 0;
    const name = `${raw.actor}:${clock}`;
    const options = {
      base: Math.max(0, i - raw.unseen),
      at: raw.at,
      ...(raw.actor === 'D' && { was: [`A:${forkedAt}`] }),
    };
    const known = [...world.conflicts.values()];
    const written =
      raw.odd === 'malformed'
        ? opOf(name, '{"do":[{"kind":"put"}]}', options)
        : op(name, mutationsFrom(raw.mutations, { known, ...(unique && { name }) }), options);
    const placed = logAfter(i, [written]);
    ops.push(...placed);
    world = foldOnto(world, placed);
  }
  return ops;
}

export interface Around {
  /** The conflicts that its author may know of. */
  readonly known: readonly Conflict[];
  /** With a name, each value is one that nobody else writes. */
  readonly name?: string;
}

/** The mutations themselves. */
export function mutationsFrom(
  raws: readonly RawMutation[],
  { known, name }: Around,
): MutationJson[] {
  return raws.map((raw, part) => mutationFrom(raw, known, name && `${name}.${part}`));
}

function mutationFrom(
  { kind, id, fields, pick, take }: RawMutation,
  known: readonly Conflict[],
  unique: string | undefined,
): MutationJson {
  const values = fieldsFrom(fields, unique);
  const [[name, value] = ['title', unique ?? pick]] = Object.entries(values);
  const flagged = (wanted: string) =>
    fields.filter(({ flag }) => flag === wanted || flag === 'both').map((each) => each.name);
  const mutation = put(id, values, { latest: flagged('latest'), manual: flagged('manual') });
  switch (kind) {
    case 'put':
      return mutation;
    case 'new':
      return { ...mutation, new: true };
    case 'delete':
    case 'restore':
      return { kind, ...nameOf(id) };
    case 'add':
    case 'remove':
      return { kind, ...nameOf(id), field: name, values: elementsFrom(pick, fields.length) };
    case 'increment':
      return increment(id, name, (pick % 5) - 1);
    case 'append':
      return append(id, name, value);
    case 'resolve': {
      const conflict = conflictFrom(known[pick % (known.length + 1)], {
        id,
        name,
        isWhole: pick % 2 === 0,
      });
      const wanted = conflict.field === null ? values : value;
      return { kind, conflict, take: take === 'value' ? { value: wanted } : take };
    }
  }
}

/** Few enough that somebody else adds or removes the same. */
const elementsFrom = (pick: number, count: number): readonly Json[] =>
  ELEMENTS.slice(pick % ELEMENTS.length).slice(0, Math.max(1, count));
const ELEMENTS: readonly Json[] = ['x', { a: 1, b: 2 }, { b: 2, a: 1 }, 'x'];

/** The name of this one, or, where there is none, of one that nobody knows. */
function conflictFrom(
  known: Conflict | undefined,
  { id, name, isWhole }: { id: string; name: string; isWhole: boolean },
): ConflictName {
  if (!known)
    return conflictNamed(`X:1 ${isWhole ? `edit-delete ${id}` : `edit-edit ${id}.${name}`}`);
  const { actor, clock, collection, id: record, field, kind } = known;
  return { actor, clock, collection, id: record, field, kind };
}

const fieldsFrom = (fields: RawMutation['fields'], unique: string | undefined): JsonObject =>
  Object.fromEntries(
    fields.map(({ name, value }) => [name, unique === undefined ? value : `${unique}.${name}`]),
  );

/** The log in pieces: cut after each of the places given. */
export function splitAt<T>(items: readonly T[], cuts: readonly number[]): T[][] {
  const places = [...new Set(cuts.map((cut) => cut % (items.length + 1)))].sort((a, b) => a - b);
  return [0, ...places].map((from, i) => items.slice(from, places[i] ?? items.length));
}
