/** Reads what kept-record.ts writes. On its own, because a page that moves a record needs no more. */
import type { Json } from './json.ts';
import type { KeptRow, Known, ListsText, StateText } from './kept-record.ts';
import {
  recordKeyOf,
  type Entry,
  type Part,
  type RecordState,
  type Register,
  type Stamp,
  type Tag,
} from './record.ts';

/** What is known of the record that lies in this row. */
export function knownIn(collection: string, row: KeptRow): Known {
  const { id, $ } = row;
  if ('key' in $) return { ...$, collection, id };
  const { confirmed, pending = [], rebased } = $;
  const name = { collection, id };
  return {
    ...name,
    key: recordKeyOf(name),
    pending,
    ...(confirmed && { confirmed: stateOf(confirmed.text, name, row) }),
    ...(rebased !== undefined && { rebased: stateOf(rebased, name, row) }),
  };
}

/** What a person sees of it: with what is pending, where something is. */
export function stateShown(collection: string, row: KeptRow): RecordState | undefined {
  const { confirmed, rebased } = knownIn(collection, row);
  return rebased ?? confirmed;
}

function stateOf(
  text: string,
  name: { readonly collection: string; readonly id: string },
  row: object,
): RecordState {
  const kept = JSON.parse(text) as StateText;
  const ops = kept.ops.map(([seq, at, actor, clock]) => ({ seq, at, actor, clock }) as Stamp);
  const opAt = (place: number): Stamp => ops[place] as Stamp;
  const shown = row as Readonly<Record<string, Json>>;
  const fields = new Map<string, Register>();
  for (const [field, place, value = shown[field] as Json] of kept.fields)
    fields.set(field, { ...opAt(place), value });
  const listsOf = <T>(
    lists: ListsText,
    make: (op: Stamp, value: Json) => T,
  ): ReadonlyMap<string, readonly T[]> =>
    new Map(
      lists.map(([field, items]) => [
        field,
        items.map(([value, place]) => make(opAt(place), value)),
      ]),
    );
  const { sets, counters, journals, taken, grave } = kept;
  return {
    ...name,
    born: kept.born.map(opAt),
    fields,
    ...(sets && { sets: listsOf(sets, (op, value): Tag => ({ ...op, value })) }),
    ...(counters && {
      counters: listsOf(counters, (op, total): Part => ({ ...op, total: total as number })),
    }),
    ...(journals && { journals: listsOf(journals, (op, entry): Entry => ({ ...op, entry })) }),
    ...(taken && { taken }),
    ...(grave !== undefined && { grave: opAt(grave) }),
  };
}
