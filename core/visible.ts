/** What a person sees of a record. */
import { elementsOf, entriesOf, totalOf } from './contents.ts';
import type { Json } from './json.ts';
import type { RecordState } from './record.ts';

export type RecordFields = ReadonlyMap<string, Json>;

/** How a field's value is kept, and so how it merges. */
export type FieldKind = 'register' | 'set' | 'counter' | 'journal';

/** Of the fields that an app's schema names. */
export type Kinds = Readonly<Record<string, FieldKind>>;

/** What is shown of a set, a counter or a journal that nothing was ever written to. */
export const EMPTY_OF_KIND: Readonly<Record<Exclude<FieldKind, 'register'>, Json>> = {
  set: [],
  counter: 0,
  journal: [],
};

/**
 * The fields of a living record; undefined for one that is unknown or deleted. Where a name has
 * values of several kinds, the schema's is shown; without its word the first of `FieldKind`.
 */
export function visibleFields(
  state: RecordState | undefined,
  kinds: Kinds = {},
): RecordFields | undefined {
  if (!state || state.grave) return undefined;
  const shown = new Map<string, Json>();
  for (const [kind, name, value] of valuesOf(state)) {
    // A field may be called `constructor`: only what the schema itself names counts.
    const wanted = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    if (wanted === undefined ? !shown.has(name) : wanted === kind) shown.set(name, value);
  }
  for (const [name, kind] of Object.entries(kinds)) {
    if (kind !== 'register' && !shown.has(name)) shown.set(name, EMPTY_OF_KIND[kind]);
  }
  return shown;
}

function* valuesOf(state: RecordState): Generator<[FieldKind, string, Json]> {
  for (const [name, { value }] of state.fields) yield ['register', name, value];
  for (const [name, tags] of state.sets ?? []) yield ['set', name, elementsOf(tags)];
  for (const [name, parts] of state.counters ?? []) yield ['counter', name, totalOf(parts)];
  for (const [name, entries] of state.journals ?? []) yield ['journal', name, entriesOf(entries)];
}
