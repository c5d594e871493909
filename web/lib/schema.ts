/** The app's schema: what collections there are, and the types of their records. */
import type { SpaceId } from '../../core/index.ts';
import type { Shape, ValueOf } from './fields.ts';

export interface CollectionDef<S extends Shape = Shape> {
  readonly fields: S;
  /** Further indexes, as Dexie writes them: `title`, `[space+order]`. */
  readonly indexes: readonly string[];
}

export type Collections = Readonly<Record<string, CollectionDef>>;

export interface Schema<C extends Collections> {
  /** Raise it when collections or indexes change. */
  readonly version: number;
  readonly collections: C;
  /** The home collection whose records name, by their ids, the other spaces to follow. */
  readonly registry?: keyof C & string;
}

export const collection = <S extends Shape>(
  fields: S,
  { indexes = [] }: { readonly indexes?: readonly string[] } = {},
): CollectionDef<S> => ({ fields, indexes });

type OptionalNames<S extends Shape> = {
  [K in keyof S]: S[K]['optional'] extends true ? K : never;
}[keyof S];
type RequiredNames<S extends Shape> = Exclude<keyof S, OptionalNames<S>>;
type Flat<T> = { [K in keyof T]: T[K] };

/** A record as it is read. */
export type Row<S extends Shape> = Flat<
  { readonly id: string; readonly space: SpaceId } & {
    readonly [K in RequiredNames<S>]: ValueOf<S[K]>;
  } & { readonly [K in OptionalNames<S>]?: ValueOf<S[K]> }
>;

/** A record as it is added. Without `space` it goes to the home space; without `id` it gets one. */
export type NewRow<S extends Shape> = Flat<
  { readonly id?: string; readonly space?: string } & {
    readonly [K in RequiredNames<S>]: ValueOf<S[K]>;
  } & { readonly [K in OptionalNames<S>]?: ValueOf<S[K]> }
>;

/** Fields to set. Those that are left out stay as they are; null clears an optional one. */
export type Changes<S extends Shape> = Flat<
  { readonly [K in RequiredNames<S>]?: ValueOf<S[K]> } & {
    readonly [K in OptionalNames<S>]?: ValueOf<S[K]> | null;
  }
>;
