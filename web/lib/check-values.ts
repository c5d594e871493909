/** Every value that a write would store, against its field: before anything of it is sent. */
import type { Json, MutationJson, OpRequest } from '../../core/index.ts';
import type { Issue } from './errors.ts';
import { fieldOf } from './field-writes.ts';
import type { AnyField } from './fields.ts';
import type { Collections } from './schema.ts';
import { issuesOfValue, refuse } from './validate.ts';

/** Throws OffingError `invalid` with all that is wrong with them. */
export const checkValues = (collections: Collections, ops: readonly OpRequest[]): void =>
  refuse(ops.flatMap((op) => op.do.flatMap((mutation) => issuesOf(collections, mutation))));

function issuesOf(collections: Collections, mutation: MutationJson): Issue[] {
  const { collection } = mutation.kind === 'resolve' ? mutation.conflict : mutation;
  const field = (name: string) => {
    const def = Object.hasOwn(collections, collection) ? collections[collection] : undefined;
    return def && fieldOf(def, name);
  };
  const put = (name: string, value: unknown) =>
    issuesOfValue(field(name), value, [collection, name]);
  const element = (name: string, value: unknown, of: AnyField | undefined) =>
    issuesOfValue(of, value, [collection, name]);
  switch (mutation.kind) {
    case 'put':
      return Object.entries(mutation.fields).flatMap(([name, value]) => put(name, value));
    case 'add':
      return mutation.values.flatMap((value) =>
        element(mutation.field, value, field(mutation.field)?.of),
      );
    case 'remove':
      // What is there may be taken away, whatever the schema says of it by now.
      return mutation.values.flatMap((value) => element(mutation.field, value, undefined));
    case 'append':
      return element(mutation.field, mutation.entry, field(mutation.field)?.of);
    case 'increment':
      return element(mutation.field, mutation.by, undefined);
    case 'resolve': {
      const { take, conflict } = mutation;
      if (typeof take === 'string') return [];
      if (conflict.field !== null) return put(conflict.field, take.value);
      return Object.entries(take.value as Readonly<Record<string, Json>>).flatMap(([name, value]) =>
        put(name, value),
      );
    }
    case 'delete':
    case 'restore':
      return [];
  }
}
