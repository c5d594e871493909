/** What the fold makes of a record: values under a name each, a life, perhaps a tombstone. */
import type { ConflictKey } from './conflict.ts';
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

/** One adding of an element to a set: it is in the set while it has a tag. */
export interface Tag extends Stamp {
  readonly value: Json;
}

/** What one actor has added to a counter, stamped by its last increment. */
export interface Part extends Stamp {
  readonly total: number;
}

/** One entry of a journal. */
export interface Entry extends Stamp {
  readonly entry: Json;
}

/** What lies in a record under the name of a field, beside the registers. */
interface Lists {
  readonly sets: Tag;
  /** A counter is the sum of its parts, one for each actor. */
  readonly counters: Part;
  /** In the order of the log. */
  readonly journals: Entry;
}
export type ListKind = keyof Lists;
export type ListsByField<K extends ListKind> = ReadonlyMap<string, readonly Lists[K][]>;

/** The values of one name are separate, one of each kind; of a kind that has none the member is absent. */
export interface RecordState {
  readonly collection: string;
  readonly id: string;
  /** Each `new` of the record's present life; empty for a tombstone of a record never seen. */
  readonly born: readonly Stamp[];
  readonly fields: ReadonlyMap<string, Register>;
  readonly sets?: ListsByField<'sets'>;
  readonly counters?: ListsByField<'counters'>;
  readonly journals?: ListsByField<'journals'>;
  /** Conflicts of deletions whose lost changes were brought into this life: none is applied twice. */
  readonly taken?: readonly ConflictKey[];
  /** The tombstone, if it is deleted; the values stay under it. */
  readonly grave?: Stamp;
}

/** What a record has of a kind under a name: never an empty list but where it has nothing. */
export const listOf = <K extends ListKind>(
  state: RecordState,
  kind: K,
  field: string,
): readonly Lists[K][] => (state[kind] as ListsByField<K> | undefined)?.get(field) ?? [];

/** The record with this list in the other's place. */
export function withList<K extends ListKind>(
  state: RecordState,
  kind: K,
  field: string,
  list: readonly Lists[K][],
): RecordState {
  const { [kind]: before, ...rest } = state;
  const lists = new Map<string, unknown>(before);
  if (list.length > 0) lists.set(field, list);
  else lists.delete(field);
  return (lists.size > 0 ? { ...rest, [kind]: lists } : rest) as RecordState;
}

/** The record without its tombstone. */
export function unburied({ grave: _, ...state }: RecordState): RecordState {
  return state;
}

declare const recordKey: unique symbol;
/** Names a record within its space. */
export type RecordKey = string & { readonly [recordKey]: true };

/** Unambiguous for every collection and id, whatever characters they hold. */
export const recordKeyOf = (record: { collection: string; id: string }): RecordKey =>
  `${record.collection.length}:${record.collection}${record.id}` as RecordKey;
