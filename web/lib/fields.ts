/** The kinds of fields a record may have: each carries its TypeScript type and nothing else at run time. */

declare const type: unique symbol;

export type FieldKind = 'text' | 'number' | 'bool' | 'order' | 'ref' | 'json';

export interface Field<T, Optional extends boolean = false> {
  readonly kind: FieldKind;
  readonly optional: Optional;
  /** The collection that a `ref` points into. */
  readonly to?: string;
  /** For the compiler alone. */
  readonly [type]: T;
}

export type Shape = Readonly<Record<string, Field<unknown, boolean>>>;

export type ValueOf<F> = F extends Field<infer T, boolean> ? T : never;

export const text = (): Field<string> => field({ kind: 'text', optional: false });
export const number = (): Field<number> => field({ kind: 'number', optional: false });
/** Not indexed, and cannot be: IndexedDB has no boolean keys. */
export const bool = (): Field<boolean> => field({ kind: 'bool', optional: false });
/** A fractional index: text that sorts a record among its neighbours. Indexed. */
export const order = (): Field<string> => field({ kind: 'order', optional: false });
/** The id of a record of `collection`. Indexed. */
export const ref = (collection: string): Field<string> =>
  field({ kind: 'ref', optional: false, to: collection });
/** Any JSON value. It merges as a whole. */
export const json = <T>(): Field<T> => field({ kind: 'json', optional: false });

/** The field may be absent; an update clears it with null. */
export const optional = <T>(of: Field<T>): Field<T, true> => field({ ...of, optional: true });

/** Whether records can be looked up by the field without asking for an index. */
export const isIndexed = ({ kind }: Field<unknown, boolean>): boolean =>
  kind === 'order' || kind === 'ref';

/** `[type]` exists for the compiler alone: no value has it. */
const field = <T, Optional extends boolean>(
  facts: Omit<Field<T, Optional>, typeof type>,
): Field<T, Optional> => facts as Field<T, Optional>;
