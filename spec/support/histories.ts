/**
 * Random histories: a few actors write a few fields of a few records, each having seen some of what
 * came before and not the rest. One of them is a clone that forked from another.
 */
import fc from 'fast-check';
import type { Json, JsonObject, MutationJson, SequencedOp } from '../../core/index.ts';
import { log, nameOf, op, opOf, put, type WrittenOp } from './ops.ts';

/** What an op of a random history does, before it is given an author and a place. */
export type RawMutation = {
  readonly kind: 'put' | 'new' | 'delete' | 'restore';
  readonly id: string;
  readonly fields: readonly {
    readonly name: string;
    readonly value: Json;
    readonly flag: string;
  }[];
};

interface RawOp {
  readonly actor: string;
  /** How many of the ops before it its author has not seen. */
  readonly unseen: number;
  readonly at: number;
  readonly mutations: readonly RawMutation[];
  readonly odd: 'no' | 'malformed';
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
  kind: fc.constantFrom('put', 'put', 'put', 'put', 'new', 'new', 'delete', 'delete', 'restore'),
  id: fc.constantFrom(...IDS),
  fields: fc.array(field, { maxLength: 2 }),
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
}

/** A log of at most `maxLength` ops. */
export function history({ unique = false, maxLength = 30 }: HistoryOptions = {}) {
  return fc.array(rawOp, { maxLength, size: 'max' }).map((raws) => logOf(raws, unique));
}

function logOf(raws: readonly RawOp[], unique: boolean): SequencedOp[] {
  const clocks = new Map<string, number>();
  let forkedAt = 0;
  const written = raws.map((raw, i): WrittenOp => {
    const clock = (clocks.get(raw.actor) ?? 0) + 1;
    clocks.set(raw.actor, clock);
    if (raw.actor === 'D' && clock === 1) forkedAt = clocks.get('A') ?? 0;
    const name = `${raw.actor}:${clock}`;
    const options = {
      base: Math.max(0, i - raw.unseen),
      at: raw.at,
      ...(raw.actor === 'D' && { was: [`A:${forkedAt}`] }),
    };
    if (raw.odd === 'malformed') return opOf(name, '{"do":[{"kind":"put"}]}', options);
    return op(name, mutationsFrom(raw.mutations, unique ? name : undefined), options);
  });
  return log(...written);
}

/** The mutations themselves; with a `name`, each value in them is one that nobody else writes. */
export function mutationsFrom(raws: readonly RawMutation[], name?: string): MutationJson[] {
  return raws.map(({ kind, id, fields }, part) => {
    if (kind === 'delete' || kind === 'restore') return { kind, ...nameOf(id) };
    const values = fieldsFrom(fields, name === undefined ? undefined : `${name}.${part}`);
    const flagged = (wanted: string) =>
      fields.filter(({ flag }) => flag === wanted || flag === 'both').map((each) => each.name);
    const mutation = put(id, values, { latest: flagged('latest'), manual: flagged('manual') });
    return kind === 'new' ? { ...mutation, new: true } : mutation;
  });
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
