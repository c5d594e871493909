/**
 * How an update changes what is not simply put: a set, a counter, a journal. They say what to do
 * instead of what is there afterwards, so that what others do at the same time is not undone.
 */

export type ListKind = 'set' | 'counter' | 'journal';

/** As the payload has it, but for the field. */
export type Step<T> =
  | { readonly kind: 'add' | 'remove'; readonly values: readonly T[] }
  | { readonly kind: 'increment'; readonly by: number }
  | { readonly kind: 'append'; readonly entry: T };

/** A class of its own, so that no value of an app's can be taken for one. */
export class FieldChange<K extends ListKind = ListKind, T = unknown> {
  readonly of: K;
  readonly steps: readonly Step<T>[];

  constructor(of: K, steps: readonly Step<T>[]) {
    this.of = of;
    this.steps = steps;
  }
}

export type SetChange<T> = FieldChange<'set', T>;
export type CounterChange = FieldChange<'counter', never>;
export type JournalChange<T> = FieldChange<'journal', T>;

/** The elements come into the set. */
export const add = <T>(...values: readonly T[]): SetChange<T> =>
  new FieldChange('set', values.length > 0 ? [{ kind: 'add', values }] : []);

/** The elements leave the set, but for those that somebody else is adding meanwhile. */
export const remove = <T>(...values: readonly T[]): SetChange<T> =>
  new FieldChange('set', values.length > 0 ? [{ kind: 'remove', values }] : []);

/** The counter goes up, or down by a negative number. */
export const increment = (by = 1): CounterChange =>
  new FieldChange('counter', [{ kind: 'increment', by }]);

/** The entries come to the end of the journal. */
export const append = <T>(...entries: readonly T[]): JournalChange<T> =>
  new FieldChange(
    'journal',
    entries.map((entry) => ({ kind: 'append', entry })),
  );
