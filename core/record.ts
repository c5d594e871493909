/** What the fold makes of a record: registers under a name each, a life, perhaps a tombstone. */
import type { ActorId, Clock, Seq } from './ids.ts';
import type { Json } from './json.ts';

/** Who wrote something, when, and where it stands in the log. */
export interface Stamp {
  readonly seq: Seq;
  readonly at: number;
  readonly actor: ActorId;
  readonly clock: Clock;
}

export interface Register extends Stamp {
  readonly value: Json;
}

export interface RecordState {
  readonly collection: string;
  readonly id: string;
  /** Each `new` of the record's present life; empty for a tombstone of a record never seen. */
  readonly born: readonly Stamp[];
  readonly fields: ReadonlyMap<string, Register>;
  /** The tombstone, if it is deleted; the fields stay under it. */
  readonly grave?: Stamp;
}

declare const recordKey: unique symbol;
/** Names a record within its space. */
export type RecordKey = string & { readonly [recordKey]: true };

/** Unambiguous for every collection and id, whatever characters they hold. */
export const recordKeyOf = (record: { collection: string; id: string }): RecordKey =>
  `${record.collection.length}:${record.collection}${record.id}` as RecordKey;

/** What a person sees of a record. */
export type RecordFields = ReadonlyMap<string, Json>;

/** The fields of a living record; undefined for one that is unknown or deleted. */
export function visibleFields(state: RecordState | undefined): RecordFields | undefined {
  if (!state || state.grave) return undefined;
  return new Map([...state.fields].map(([name, register]) => [name, register.value]));
}
