/**
 * What a record had in a former history and has not in the present one. A server that was put back to
 * an earlier day has lost what came since; each device brings back what it wrote itself, and what
 * nobody brings back is told apart here, one change at a time, from what only looks different now.
 */
import type { ActorId, Clock, Seq, SpaceId } from './ids.ts';
import { canonicalJson, jsonEquals, type Json } from './json.ts';
import type { Mutation } from './mutation.ts';
import { parsePayload, type Was } from './payload.ts';
import {
  listOf,
  recordKeyOf,
  type RecordKey,
  type RecordState,
  type Stamp,
  type Tag,
} from './record.ts';
import { elementsOf } from './contents.ts';

/** Names what a record had in a former history: `history` counts those that the space has had before. */
export interface FormerRef {
  readonly space: SpaceId;
  readonly history: number;
  readonly collection: string;
  readonly id: string;
}

/** One change that was confirmed and is missing now. `by` is the op that made it there. */
export type Missing = { readonly by: Stamp } & (
  | { readonly kind: 'put'; readonly field: string; readonly value: Json }
  | { readonly kind: 'add'; readonly field: string; readonly value: Json }
  /** Here `by` is the adding that it took away: of a removal nothing is left but that. */
  | { readonly kind: 'remove'; readonly field: string; readonly value: Json }
  /** What one actor had added to a counter, and is not in it now. */
  | {
      readonly kind: 'increment';
      readonly field: string;
      readonly amount: number;
      /** Who else had added to it there. */
      readonly beside: readonly ActorId[];
    }
  /** The `nth` of equal entries of its journal. */
  | { readonly kind: 'append'; readonly field: string; readonly entry: Json; readonly nth: number }
  | { readonly kind: 'new' }
  | { readonly kind: 'delete' }
);

/** An op of the present history, or one that is about to be in it. */
export interface PresentOp {
  readonly actor: ActorId;
  /** Absent where it is not sealed yet. */
  readonly clock?: Clock;
  readonly at: number;
  readonly was: readonly Was[];
  readonly mutations: readonly Mutation[];
  /** Its increments are in the state that the changes were compared with. */
  readonly isFolded?: boolean;
}

type Written = Pick<PresentOp, 'actor' | 'at' | 'isFolded'> & {
  readonly clock?: Clock | undefined;
  readonly v: number;
  readonly payload: string;
};

export function presentOp({ v, payload, clock, ...op }: Written): PresentOp {
  const parsed = parsePayload(payload, v);
  const { do: mutations, was } =
    parsed.kind === 'known' ? parsed.payload : { do: [] as Mutation[], was: [] };
  return { ...op, mutations, was, ...(clock !== undefined && { clock }) };
}

/** The present ops, by the records that they name. */
export function byRecord(ops: Iterable<PresentOp>): Map<RecordKey, PresentOp[]> {
  const found = new Map<RecordKey, PresentOp[]>();
  for (const op of ops) {
    for (const key of new Set(op.mutations.map(recordKeyOf))) {
      const known = found.get(key);
      if (known) known.push(op);
      else found.set(key, [op]);
    }
  }
  return found;
}

/**
 * What the log has done to the record since `common`, the last seq that both histories have, as far as
 * it shows. `now` is the record as it is confirmed in the present one.
 */
export function changesSince(
  former: RecordState,
  now: RecordState | undefined,
  common: Seq,
): Missing[] {
  const isLater = ({ seq }: Stamp): boolean => seq > common;
  if (former.grave) return isLater(former.grave) ? [{ kind: 'delete', by: former.grave }] : [];
  const found: Missing[] = [];
  const born = former.born.find(isLater);
  if (born && former.born.every(isLater)) found.push({ kind: 'new', by: born });
  for (const [field, register] of former.fields) {
    if (isLater(register)) found.push({ kind: 'put', field, value: register.value, by: register });
  }
  for (const [field, tags] of former.sets ?? []) {
    for (const tag of tags.filter(isLater))
      found.push({ kind: 'add', field, value: tag.value, by: tag });
  }
  found.push(...removals(former, now, common));
  for (const [field, parts] of former.counters ?? []) {
    for (const part of parts.filter(isLater)) {
      const there = now ? listOf(now, 'counters', field) : [];
      const amount = part.total - (there.find(({ actor }) => actor === part.actor)?.total ?? 0);
      const beside = parts.flatMap(({ actor }) => (actor === part.actor ? [] : [actor]));
      if (amount !== 0) found.push({ kind: 'increment', field, amount, beside, by: part });
    }
  }
  for (const [field, entries] of former.journals ?? []) {
    for (const [i, { entry, ...by }] of entries.entries()) {
      const nth = entries.slice(0, i + 1).filter((one) => jsonEquals(one.entry, entry)).length;
      if (isLater(by)) found.push({ kind: 'append', field, entry, nth, by });
    }
  }
  return found;
}

/** Elements that both histories had once, and that were taken out of the former one alone. */
function removals(former: RecordState, now: RecordState | undefined, common: Seq): Missing[] {
  return [...(now?.sets ?? [])].flatMap(([field, tags]) => {
    const kept = new Set(elementsOf(listOf(former, 'sets', field)).map(canonicalJson));
    return tags
      .filter(({ seq, value }) => seq <= common && !kept.has(canonicalJson(value)))
      .map((tag): Missing => ({ kind: 'remove', field, value: tag.value, by: tag }));
  });
}

/** What says that a change is not missing after all. */
export interface Evidence {
  /** The record as it is shown now, pending ops included. */
  readonly view: RecordState | undefined;
  /** Present ops that name the record. */
  readonly ops: readonly PresentOp[];
  /** Whether the op of this stamp is in the present log, though its content is not at hand. */
  isInLog?(stamp: Stamp): boolean;
  /** The last clock that the present log has of an actor. */
  lastOf?(actor: ActorId): Clock | undefined;
}

/** Those of the changes that are missing still, or what is left of them. */
export const stillMissing = (changes: readonly Missing[], evidence: Evidence): Missing[] =>
  changes.flatMap((change) => {
    const { kind, by } = change;
    const isInLog =
      kind === 'increment'
        ? (evidence.lastOf?.(by.actor) ?? 0) >= by.clock
        : kind !== 'remove' && (evidence.isInLog?.(by) ?? false);
    if (isInLog || isShown(change, evidence.view)) return [];
    if (evidence.ops.some((op) => brings(op, change))) return [];
    return change.kind === 'increment' ? lessened(change, evidence.ops) : [change];
  });

/** Whether the record is now as this change would make it, whoever made it so. */
function isShown(change: Missing, view: RecordState | undefined): boolean {
  const living = view && !view.grave ? view : undefined;
  if (!living) return change.kind === 'delete' || change.kind === 'remove';
  switch (change.kind) {
    case 'new':
      return true;
    case 'delete':
      return false;
    case 'put': {
      const now = living.fields.get(change.field);
      return now !== undefined && jsonEquals(now.value, change.value);
    }
    case 'add':
      return listOf(living, 'sets', change.field).some((tag) =>
        jsonEquals(tag.value, change.value),
      );
    case 'remove':
      return !listOf(living, 'sets', change.field).some((tag) => isOf(tag, change));
    case 'increment':
      return false;
    case 'append': {
      const entries = listOf(living, 'journals', change.field);
      return entries.filter(({ entry }) => jsonEquals(entry, change.entry)).length >= change.nth;
    }
  }
}

const isOf = (tag: Tag, { by, value }: Missing & { kind: 'remove' }): boolean =>
  tag.actor === by.actor && tag.clock === by.clock && jsonEquals(tag.value, value);

/**
 * Whether it is the op that made the change: by its name, or, where its author has another id since, by
 * its time. It does not matter what has become of the change since: that is this history's affair.
 */
function brings(op: PresentOp, change: Missing): boolean {
  const { by, kind } = change;
  if (kind === 'remove') return false;
  if (kind === 'increment') return bringsAll(op, change);
  const isNamed = op.actor === by.actor && op.clock === by.clock;
  return (isNamed || op.at === by.at) && op.mutations.some((mutation) => says(mutation, change));
}

function says(mutation: Mutation, change: Missing): boolean {
  // What a resolve puts is not in it; that it is the same op is enough.
  if (mutation.kind === 'resolve') return change.kind !== 'delete';
  switch (change.kind) {
    case 'new':
      return mutation.kind === 'put' && mutation.isNew;
    case 'delete':
      return mutation.kind === 'delete';
    case 'put': {
      if (mutation.kind !== 'put' || !mutation.fields.has(change.field)) return false;
      return jsonEquals(mutation.fields.get(change.field) ?? null, change.value);
    }
    case 'add':
    case 'remove':
      return (
        mutation.kind === change.kind &&
        mutation.field === change.field &&
        mutation.values.some((value) => jsonEquals(value, change.value))
      );
    case 'append':
      return (
        mutation.kind === 'append' &&
        mutation.field === change.field &&
        jsonEquals(mutation.entry, change.entry)
      );
    case 'increment':
      return false;
  }
}

type Increment = Extract<Missing, { kind: 'increment' }>;

/** An actor's later op is never in a log without its earlier ones. Else: somebody has brought it back. */
function bringsAll(op: PresentOp, { by, field, amount }: Increment): boolean {
  if (op.actor === by.actor && (op.clock ?? 0) >= by.clock) return true;
  const [first] = op.mutations;
  const isBringingBack = op.at > by.at && first?.kind === 'put' && first.isNew;
  return isBringingBack && incrementsOf(op, field).includes(amount);
}

/** What the author has brought back of it, under their id or under one that they have since a fork. */
function lessened(change: Increment, ops: readonly PresentOp[]): Missing[] {
  const { by, field, beside } = change;
  const isBack = (op: PresentOp): boolean => {
    if (op.actor === by.actor) return op.isFolded !== true && (op.clock ?? Infinity) <= by.clock;
    // A copy has the same former id, and was there all along.
    if (op.at > by.at || beside.includes(op.actor)) return false;
    return op.was.some(({ actor }) => actor === by.actor);
  };
  const back = ops.filter(isBack).flatMap((op) => incrementsOf(op, field));
  const amount = back.reduce((left, one) => left - one, change.amount);
  return amount === 0 ? [] : [{ ...change, amount }];
}

const incrementsOf = ({ mutations }: PresentOp, field: string): number[] =>
  mutations.flatMap((one) => (one.kind === 'increment' && one.field === field ? [one.by] : []));
