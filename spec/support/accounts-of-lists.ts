/** Keeps account of what is in sets, counters and journals, as accounts.ts does of registers. */
import {
  jsonEquals,
  type Change,
  type Conflict,
  type Json,
  type Mutation,
  type RecordState,
  type SequencedOp,
  type Stamp,
} from '../../core/index.ts';

/** One op and one record. */
export interface ListStep {
  readonly before: RecordState | undefined;
  readonly after: RecordState | undefined;
  readonly op: SequencedOp;
  /** The op's mutations of this record. */
  readonly parts: readonly Mutation[];
  /** All conflicts about this record, those of the op among them. */
  readonly told: readonly Conflict[];
}

/** Each stamp in a record, with the name of its field. */
export const stampsOf = (state: RecordState): [field: string, stamp: Stamp][] => [
  ...state.fields,
  ...itemsOf(state).map(({ field, stamp }) => [field, stamp] as [string, Stamp]),
];

/** One tag, part or entry, as the change that would write it. */
interface Item {
  readonly field: string;
  readonly stamp: Stamp;
  readonly change: Change;
}

function itemsOf(state: RecordState | undefined): Item[] {
  const items: Item[] = [];
  for (const [field, tags] of state?.sets ?? []) {
    for (const tag of tags)
      items.push({ field, stamp: tag, change: { kind: 'add', field, values: [tag.value] } });
  }
  for (const [field, parts] of state?.counters ?? []) {
    for (const part of parts)
      items.push({ field, stamp: part, change: { kind: 'increment', field, by: part.total } });
  }
  for (const [field, entries] of state?.journals ?? []) {
    for (const one of entries)
      items.push({ field, stamp: one, change: { kind: 'append', field, entry: one.entry } });
  }
  return items;
}

/** What was there is there, was taken away by who had seen it, or is told by a conflict. */
export function lostFromLists(step: ListStep, isKnown: (stamp: Stamp) => boolean): string[] {
  const { before, after, op, parts } = step;
  const buried = after?.grave !== undefined && after.grave.seq !== before?.grave?.seq;
  const madeAnew = after?.born[0]?.seq === op.seq;
  const now = itemsOf(after);
  return itemsOf(before).flatMap(({ stamp, change, field }) => {
    const isThere = now.some((item) => isSame(item, { stamp, change, field }, op));
    if (isThere && (!buried || isKnown(stamp) || isTold(step.told, change, stamp))) return [];
    const isWanted = madeAnew || parts.some((part) => takesAway(part, change));
    if (!isThere && isWanted && (isKnown(stamp) || isTold(step.told, change, stamp))) return [];
    return [`${change.kind} ${field} by ${stamp.seq} is lost`];
  });
}

/** The actor of a part is the only one who changes it. */
const isSame = (item: Item, old: Item, op: SequencedOp): boolean =>
  item.field === old.field &&
  item.change.kind === old.change.kind &&
  item.stamp.actor === old.stamp.actor &&
  (old.change.kind === 'increment' && old.stamp.actor === op.actor
    ? true
    : item.stamp.seq === old.stamp.seq && jsonEquals(valueOf(item.change), valueOf(old.change)));

const valueOf = (change: Change): Json => {
  switch (change.kind) {
    case 'add':
    case 'remove':
      return change.values;
    case 'increment':
      return change.by;
    case 'append':
      return change.entry;
  }
};

/** Nothing takes an entry or a part away but the end of the record's life. */
function takesAway(part: Mutation, change: Change): boolean {
  if (change.kind !== 'add') return false;
  // A resolve may bring back a removal that had lost to a deletion.
  if (part.kind === 'resolve') return true;
  return (
    (part.kind === 'add' || part.kind === 'remove') &&
    part.field === change.field &&
    part.values.some((value) => change.values.some((one) => jsonEquals(one, value)))
  );
}

const ofThisOp = ({ told, op }: ListStep): Conflict[] =>
  told.filter(({ actor, clock }) => actor === op.actor && clock === op.clock);

/** Of a part of a counter the last increment is: each before it was told when it was the last. */
function isTold(told: readonly Conflict[], change: Change, stamp?: Stamp): boolean {
  return told.some(({ loser, actor, clock }) =>
    (loser.changes ?? []).some((lost) => {
      if (lost.kind !== change.kind || lost.field !== change.field) return false;
      if (lost.kind === 'increment' && actor === stamp?.actor && clock === stamp.clock) return true;
      if (lost.kind !== 'add' || change.kind !== 'add')
        return jsonEquals(valueOf(lost), valueOf(change));
      return change.values.every((value) => lost.values.some((one) => jsonEquals(one, value)));
    }),
  );
}

/** What the op itself wrote is there, is told by a conflict, or it took it back itself. */
export function lostOfLists(step: ListStep): string[] {
  const { after, op, parts } = step;
  const mine = itemsOf(after).filter(({ stamp }) => stamp.seq === op.seq);
  const faults = parts.flatMap((part, i) => {
    const later = parts.slice(i + 1);
    return wantedBy(part)
      .filter((change) => {
        const isThere = mine.some(
          (item) =>
            item.field === change.field &&
            item.change.kind === change.kind &&
            jsonEquals(valueOf(item.change), valueOf(change)),
        );
        const isTakenBack = later.some((next) => next.kind === 'delete' || takesAway(next, change));
        return !(isThere && !after?.grave) && !isTakenBack && !isTold(ofThisOp(step), change);
      })
      .map((change) => `its own ${change.kind} ${change.field} is nowhere`);
  });
  return [...faults, ...wrongSums(step)];
}

/** The adding of each element, or of an entry. */
function wantedBy(part: Mutation): Change[] {
  if (part.kind === 'append') return [{ kind: 'append', field: part.field, entry: part.entry }];
  if (part.kind !== 'add') return [];
  return part.values.map((value) => ({ kind: 'add', field: part.field, values: [value] }));
}

/** What an op adds to a counter is in its sum, or in a conflict and not under the tombstone. */
function wrongSums(step: ListStep): string[] {
  const { before, after, op, parts } = step;
  // Where a life ends or begins within the op, or old changes come back, sums say nothing.
  const isPlain = parts.every(({ kind }) => kind !== 'delete' && kind !== 'resolve');
  const isOneLife = before === undefined || after?.born[0]?.seq === before.born[0]?.seq;
  if (!isPlain || !isOneLife) return [];
  const fields = new Set(parts.flatMap((part) => (part.kind === 'increment' ? [part.field] : [])));
  return [...fields].flatMap((field) => {
    const wanted = sum(parts.flatMap((part) => byOf(part, field)));
    const told = ofThisOp(step)
      .flatMap(({ loser }) => loser.changes ?? [])
      .filter(({ kept }) => !kept);
    const apart = sum(told.flatMap((change) => byOf(change, field)));
    const added = mineIn(after, field, op) - mineIn(before, field, op);
    return added + apart === wanted ? [] : [`${field} grew by ${added} and not by ${wanted}`];
  });
}

const byOf = (change: Mutation | Change, field: string): number[] =>
  change.kind === 'increment' && change.field === field ? [change.by] : [];

const mineIn = (state: RecordState | undefined, field: string, { actor }: SequencedOp): number =>
  sum((state?.counters?.get(field) ?? []).map((part) => (part.actor === actor ? part.total : 0)));

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
