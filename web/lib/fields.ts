/** The kinds of fields a record may have: how each merges, who settles its conflicts, what it takes. */
import type { Resolver } from './resolvers.ts';
import type { ListKind } from './field-changes.ts';
import type { StandardSchema } from './standard-schema.ts';

declare const type: unique symbol;

/** Fields that are put as a whole. */
export type RegisterKind = 'text' | 'number' | 'bool' | 'order' | 'ref' | 'json';
export type FieldKind = RegisterKind | ListKind;

export interface Field<T, Optional extends boolean = false, K extends FieldKind = RegisterKind> {
  readonly kind: K;
  readonly optional: Optional;
  /** The collection that a `ref` points into. */
  readonly to?: string;
  /** Of a set its elements, of a journal its entries. */
  readonly of?: AnyField;
  readonly conflicts?: 'auto' | 'manual';
  readonly merge?: 'server-order' | 'latest';
  readonly resolve?: Resolver<unknown>;
  readonly validate?: StandardSchema;
  /** For the compiler alone. */
  readonly [type]: T;
}

export type AnyField = Field<unknown, boolean, FieldKind>;
export type Shape = Readonly<Record<string, AnyField>>;

export type ValueOf<F> = F extends Field<infer T, boolean, FieldKind> ? T : never;

export interface ValueOptions<T> {
  /** What a value must pass before it is stored. It only checks: what it would make of it is not kept. */
  readonly validate?: StandardSchema<T>;
}

export interface FieldOptions<T> extends ValueOptions<T> {
  /** `manual`: of two values that did not know of each other one shows, and a person is asked. */
  readonly conflicts?: 'auto' | 'manual';
  /** Which of them shows: the later in the server's log, or (`latest`) the one written later by the clock. */
  readonly merge?: 'server-order' | 'latest';
  /** Settles its conflicts without a person, on the device whose value does not show. */
  readonly resolve?: Resolver<T>;
}

export const text = (options?: FieldOptions<string>): Field<string> => register('text', options);
export const number = (options?: FieldOptions<number>): Field<number> =>
  register('number', options);
/** Not indexed, and cannot be: IndexedDB has no boolean keys. */
export const bool = (options?: FieldOptions<boolean>): Field<boolean> => register('bool', options);
/** A fractional index: text that sorts a record among its neighbours. Indexed. */
export const order = (options?: FieldOptions<string>): Field<string> => register('order', options);
/** The id of a record of `collection`. Indexed. */
export const ref = (collection: string, options?: FieldOptions<string>): Field<string> =>
  field({ ...register<string>('ref', options), to: collection });
/** Any JSON value. It merges as a whole. */
export const json = <T>(options?: FieldOptions<T>): Field<T> => register('json', options);

/** Elements that are added and removed one by one, each once: adding wins over a removal that had not seen it. */
export const set = <T>(of: Field<T>): Field<readonly T[], false, 'set'> =>
  field({ kind: 'set', optional: false, of });
/** A number that is counted up and down: all increments count, whoever makes them at the same time. */
export const counter = (): Field<number, false, 'counter'> =>
  field({ kind: 'counter', optional: false });
/** Entries that are only ever added at the end, in the order of the server's log. */
export const journal = <T>(of: Field<T>): Field<readonly T[], false, 'journal'> =>
  field({ kind: 'journal', optional: false, of });

/** The field may be absent; an update clears it with null. */
export const optional = <T>(of: Field<T>): Field<T, true> => field({ ...of, optional: true });

/** Whether records can be looked up by the field without asking for an index. */
export const isIndexed = ({ kind }: AnyField): boolean => kind === 'order' || kind === 'ref';

/** How it merges, where that is not as a whole. */
export const listKindOf = ({ kind }: AnyField): ListKind | undefined =>
  kind === 'set' || kind === 'counter' || kind === 'journal' ? kind : undefined;

const register = <T>(kind: RegisterKind, options: FieldOptions<T> = {}): Field<T> =>
  field({ kind, optional: false, ...(options as FieldOptions<unknown>) });

/** `[type]` exists for the compiler alone: no value has it. */
const field = <T, Optional extends boolean, K extends FieldKind>(
  facts: Omit<Field<T, Optional, K>, typeof type>,
): Field<T, Optional, K> => facts as Field<T, Optional, K>;
