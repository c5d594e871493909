/** Types from definitions and handles, for apps that name their rows. */
import type { CollectionHandle } from './api.ts';
import type { CollectionDef, Row } from './schema.ts';

export type ShapeOf<D> = D extends CollectionDef<infer S> ? S : never;

/** The row of a collection: `type Item = RowOf<typeof db.items>`, or of its definition. */
export type RowOf<T> =
  T extends CollectionHandle<infer D>
    ? Row<ShapeOf<D>>
    : T extends CollectionDef<infer S>
      ? Row<S>
      : never;
