/**
 * What is written of a record, in a snapshot's line (snapshot.ts) and in its row on a device
 * (kept-record.ts). Most of it was written by one op, so each op stands once, in `ops`, and what it
 * wrote names it by its place there: the ids of actors would be most of the text.
 */
import type { Json } from './json.ts';
import type { RecordState, Register, Stamp } from './record.ts';

export type StampText = readonly [seq: number, at: number, actor: string, clock: number];

export const stampText = ({ seq, at, actor, clock }: Stamp): StampText => [seq, at, actor, clock];

/** `fieldEntry` says what is written of a field, whose op has this place. */
export function membersOf(
  { born, fields, sets, counters, journals, taken, grave }: RecordState,
  fieldEntry: (name: string, register: Register, place: number) => readonly Json[],
): object {
  const { ops, placeOf } = createPlaces();
  return {
    ops,
    born: born.map(placeOf),
    fields: [...fields].map(([name, register]) => fieldEntry(name, register, placeOf(register))),
    ...(sets && { sets: listsOf(sets, (tag) => [tag.value, placeOf(tag)]) }),
    ...(counters && { counters: listsOf(counters, (part) => [part.total, placeOf(part)]) }),
    ...(journals && { journals: listsOf(journals, (each) => [each.entry, placeOf(each)]) }),
    ...(taken && { taken }),
    ...(grave && { grave: placeOf(grave) }),
  };
}

/** Whether both say the same, value by value and stamp by stamp. */
export function isSameState(one: RecordState | undefined, other: RecordState | undefined): boolean {
  if (one === other || !one || !other) return one === other;
  return wholeText(one) === wholeText(other);
}

const wholeText = (state: RecordState): string =>
  JSON.stringify(membersOf(state, (name, { value }, place) => [name, value, place]));

function createPlaces() {
  const ops: StampText[] = [];
  const places = new Map<string, number>();
  let last: { readonly stamp: Stamp; readonly place: number } | undefined;
  return {
    ops,
    placeOf(stamp: Stamp): number {
      // Mostly it is the same as before.
      if (last && isSame(last.stamp, stamp)) return last.place;
      const op = stampText(stamp);
      const name = op.join();
      const place = places.get(name) ?? ops.push(op) - 1;
      places.set(name, place);
      last = { stamp, place };
      return place;
    },
  };
}

const isSame = (one: Stamp, other: Stamp): boolean =>
  one.seq === other.seq &&
  one.clock === other.clock &&
  one.at === other.at &&
  one.actor === other.actor;

const listsOf = <T>(
  lists: ReadonlyMap<string, readonly T[]>,
  write: (item: T) => readonly [Json, number],
): object => [...lists].map(([name, list]) => [name, list.map(write)]);
