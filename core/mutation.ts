/** What an op does, part by part, as the fold reads it, and as JSON has it. */
import type { ConflictName } from './conflict.ts';
import type { Json, JsonObject } from './json.ts';

export type Fields = ReadonlyMap<string, Json>;

interface OfRecord {
  readonly collection: string;
  readonly id: string;
}

/** Sets fields, one register each. Only `new` makes a record. */
export interface Put extends OfRecord {
  readonly kind: 'put';
  readonly isNew: boolean;
  readonly fields: Fields;
  /** Fields merged by the greater `at` instead of the order of the log. */
  readonly latest: ReadonlySet<string>;
  /** Fields whose conflicts stay open until a person closes them. */
  readonly manual: ReadonlySet<string>;
}

/** Sets a tombstone, or lifts it with everything under it. */
export interface DeleteOrRestore extends OfRecord {
  readonly kind: 'delete' | 'restore';
}

/** An edit of a set, a counter or a journal, whichever record's it is. */
export type Change =
  | {
      readonly kind: 'add' | 'remove';
      readonly field: string;
      /** Elements of the set. */
      readonly values: readonly Json[];
    }
  | { readonly kind: 'increment'; readonly field: string; readonly by: number }
  | { readonly kind: 'append'; readonly field: string; readonly entry: Json };

export type ChangeOfRecord = Change & OfRecord;

/** Closes a conflict. Collection and id are those of its name. */
export interface Resolve extends OfRecord {
  readonly kind: 'resolve';
  readonly conflict: ConflictName;
  /** The side to take, or other values: that of the conflict's field, or, of a deletion's, of many. */
  readonly take: 'winner' | 'loser' | Fields;
}

/** What writes to a record that is there. */
export type Edit = Put | ChangeOfRecord;

export type Mutation = Edit | DeleteOrRestore | Resolve;

// ── as the page library and the wire write them ──────────────────────────────────────────────────

export interface PutJson extends OfRecord {
  readonly kind: 'put';
  readonly new?: true;
  readonly fields: JsonObject;
  readonly latest?: readonly string[];
  readonly manual?: readonly string[];
}

export interface ResolveJson {
  readonly kind: 'resolve';
  readonly conflict: ConflictName;
  /** Of a deletion's conflict, `value` is an object of fields. */
  readonly take: 'winner' | 'loser' | { readonly value: Json };
}

export type MutationJson = PutJson | DeleteOrRestore | ChangeOfRecord | ResolveJson;
