/**
 * What the layer knows of a record that is shown, as it lies in its row under `$`: its states as texts,
 * in which no value stands that the row itself shows. As objects they would be three quarters of the
 * row, and whoever reads the row would have to make them. `knownIn` (read-kept-record.ts) reads them.
 */
import type { Json } from './json.ts';
import type { OpRef } from './outbox.ts';
import { membersOf, type StampText } from './record-members.ts';
import type { RecordKey, RecordState, Stamp } from './record.ts';
import { RESERVED_FIELDS } from './tables.ts';
import type { RecordFields } from './visible.ts';

/** What a device knows of a record: folded state, what is pending on it, and both together. */
export interface Known {
  readonly key: RecordKey;
  readonly collection: string;
  readonly id: string;
  readonly confirmed?: RecordState;
  readonly pending: readonly OpRef[];
  /** `confirmed` with the pending ops applied; absent where nothing is pending. */
  readonly rebased?: RecordState;
}

/** The member `$` of a row. */
export interface Kept {
  /** `grave` is what an index finds it by (`BY_GRAVE`). */
  readonly confirmed?: { readonly text: string; readonly grave?: Stamp };
  readonly pending?: readonly OpRef[];
  readonly rebased?: string;
}

/** As it was kept before the sixth layout: such a row stays until it is written again. */
export type KeptBefore = Omit<Known, 'collection' | 'id'>;

/** A row of a record that is shown. */
export interface KeptRow {
  readonly id: string;
  readonly $: Kept | KeptBefore;
}

export type ListsText = readonly (readonly [
  field: string,
  items: readonly (readonly [Json, number])[],
])[];

/** A state, as it is kept. */
export interface StateText extends Pick<RecordState, 'taken'> {
  readonly ops: readonly StampText[];
  readonly born: readonly number[];
  /** Without a value where the row shows it. */
  readonly fields: readonly (readonly [name: string, place: number, value?: Json])[];
  readonly sets?: ListsText;
  readonly counters?: ListsText;
  readonly journals?: ListsText;
  readonly grave?: number;
}

/** `shown` are the fields of its row. */
export function keptOf({ confirmed, pending, rebased }: Known, shown: RecordFields): Kept {
  return {
    ...(confirmed && {
      confirmed: {
        text: textOf(confirmed, shown),
        ...(confirmed.grave && { grave: confirmed.grave }),
      },
    }),
    ...(pending.length > 0 && { pending }),
    ...(rebased && { rebased: textOf(rebased, shown) }),
  };
}

const textOf = (state: RecordState, shown: RecordFields): string =>
  JSON.stringify(
    membersOf(state, (name, { value }, place) =>
      isShown(name, value, shown) ? [name, place] : [name, place, value],
    ),
  );

/** Of a field that is called as a member of the layer's own the row has another value. */
const isShown = (name: string, value: Json, shown: RecordFields): boolean =>
  shown.has(name) && Object.is(shown.get(name), value) && !RESERVED.includes(name);

const RESERVED: readonly string[] = RESERVED_FIELDS;
