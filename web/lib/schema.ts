/** The app's schema: what collections there are, and the types of their records. */
import type { SpaceId } from '../../core/index.ts';
import type { CounterChange, JournalChange, ListKind, SetChange } from './field-changes.ts';
import type { Field, FieldKind, Shape, ValueOf } from './fields.ts';
import type { StandardSchema } from './standard-schema.ts';

export interface CollectionDef<S extends Shape = Shape> {
  readonly fields: S;
  /** Further indexes, as Dexie writes them: `title`, `[space+order]`. */
  readonly indexes: readonly string[];
  /** What a record must pass as a whole, with all its fields, after each write to it. */
  readonly validate?: StandardSchema;
}

export type Collections = Readonly<Record<string, CollectionDef>>;

export interface Schema<C extends Collections> {
  /** Raise it when collections, indexes or the kinds of fields change. */
  readonly version: number;
  readonly collections: C;
  /** The home collection whose records name, by their ids, the other spaces to follow. */
  readonly registry?: keyof C & string;
}

export interface CollectionOptions {
  readonly indexes?: readonly string[];
  /** Sees a record's fields as a read gives them, without `id` and `space`. It only checks. */
  readonly validate?: StandardSchema;
}

export const collection = <S extends Shape>(
  fields: S,
  { indexes = [], validate }: CollectionOptions = {},
): CollectionDef<S> => ({ fields, indexes, ...(validate && { validate }) });

type OptionalNames<S extends Shape> = {
  [K in keyof S]: S[K]['optional'] extends true ? K : never;
}[keyof S];
/** Those that have a value, an empty one, from the beginning. */
type ListNames<S extends Shape> = {
  [K in keyof S]: S[K]['kind'] extends ListKind ? K : never;
}[keyof S];
type RequiredNames<S extends Shape> = Exclude<keyof S, OptionalNames<S> | ListNames<S>>;
type Flat<T> = { [K in keyof T]: T[K] };

type Values<S extends Shape> = Flat<
  {
    readonly [K in RequiredNames<S> | ListNames<S>]: ValueOf<S[K]>;
  } & { readonly [K in OptionalNames<S>]?: ValueOf<S[K]> }
>;

/** A record as it is read. */
export type Row<S extends Shape> = Flat<
  { readonly id: string; readonly space: SpaceId } & Values<S>
>;

/** A record as it is added. Without `space` it goes to the home space; without `id` it gets one. */
export type NewRow<S extends Shape> = Flat<
  { readonly id?: string; readonly space?: string } & {
    readonly [K in RequiredNames<S>]: ValueOf<S[K]>;
  } & { readonly [K in OptionalNames<S> | ListNames<S>]?: ValueOf<S[K]> }
>;

/** One change or several, in their order. */
type Several<T> = T | readonly T[];
type ElementOf<T> = T extends readonly (infer E)[] ? E : never;
type ListChange<F> =
  F extends Field<infer T, boolean, infer K extends FieldKind>
    ? {
        set: Several<SetChange<ElementOf<T>>>;
        counter: Several<CounterChange>;
        journal: Several<JournalChange<ElementOf<T>>>;
      }[Extract<K, ListKind>]
    : never;

/**
 * Fields to set. Those that are left out stay as they are; null clears an optional one. Of a set, a
 * counter or a journal it is said what to do: `add('red')`, `remove('red')`, `increment()`, `append(entry)`.
 */
export type Changes<S extends Shape> = Flat<
  { readonly [K in RequiredNames<S>]?: ValueOf<S[K]> } & {
    readonly [K in OptionalNames<S>]?: ValueOf<S[K]> | null;
  } & { readonly [K in ListNames<S>]?: ListChange<S[K]> }
>;
