/** What a row to add, or changes to make, write to the fields of a record: puts, and changes of lists. */
import { RESERVED_FIELDS, type Change, type Json, type MutationJson } from '../../core/index.ts';
import { OffingError } from './errors.ts';
import { FieldChange, type ListKind, type Step } from './field-changes.ts';
import { listKindOf, type AnyField } from './fields.ts';
import type { CollectionDef } from './schema.ts';

/** A collection under its name. */
export interface Named {
  readonly name: string;
  readonly def: Pick<CollectionDef, 'fields'>;
}

export interface FieldWrites {
  readonly fields: Readonly<Record<string, Json>>;
  /** Of these fields, those merged by `latest`, and those whose conflicts stay open. */
  readonly latest: readonly string[];
  readonly manual: readonly string[];
  /** Of sets, counters and journals, in order. */
  readonly changes: readonly Change[];
}

export const NO_WRITES: FieldWrites = { fields: {}, latest: [], manual: [], changes: [] };

/** Of a new record: a set, a counter or a journal is given by what is in it from the beginning. */
export const writesOfRow = (of: Named, row: object): FieldWrites =>
  writesOf(of, row, (kind, given, path) => firstSteps(kind, given) ?? misgiven(path, kind));

/** Of a record that is there. Throws OffingError `invalid`. */
export const writesOfChanges = (of: Named, changes: object): FieldWrites =>
  writesOf(of, changes, (kind, given, path) => stepsOf(kind, given) ?? misgiven(path, kind));

type Path = readonly [collection: string, field: string];
type StepsOf = (kind: ListKind, given: unknown, path: Path) => readonly Step<unknown>[];

function writesOf({ name: collection, def }: Named, given: object, steps: StepsOf): FieldWrites {
  const fields: [string, Json][] = [];
  const [latest, manual]: [string[], string[]] = [[], []];
  const changes: Change[] = [];
  for (const [name, value] of ownFields(given)) {
    const field = fieldOf(def, name);
    const kind = field && listKindOf(field);
    if (kind) {
      const made = steps(kind, value, [collection, name]);
      changes.push(...made.map((step) => ({ ...step, field: name }) as Change));
      continue;
    }
    if (isChange(value)) misgiven([collection, name], 'register');
    fields.push([name, value as Json]);
    if (field?.merge === 'latest') latest.push(name);
    // A resolver settles only what is open, as a person does: so the first of them wins everywhere.
    if (field?.conflicts === 'manual' || field?.resolve) manual.push(name);
  }
  return { fields: Object.fromEntries(fields), latest, manual, changes };
}

/** As one op's mutations. The put comes first, and also where there is nothing to write at all. */
export function mutationsOf(
  { collection, id }: { readonly collection: string; readonly id: string },
  { fields, latest, manual, changes }: FieldWrites,
  isNew = false,
): MutationJson[] {
  const put: MutationJson = {
    kind: 'put',
    collection,
    id,
    ...(isNew && { new: true }),
    fields,
    ...(latest.length > 0 && { latest }),
    ...(manual.length > 0 && { manual }),
  };
  const isPut = isNew || changes.length === 0 || Object.keys(fields).length > 0;
  return [...(isPut ? [put] : []), ...changes.map((change) => ({ ...change, collection, id }))];
}

/** By its name in the schema, if that has it: a field may be called `constructor`. */
export const fieldOf = (
  { fields }: Pick<CollectionDef, 'fields'>,
  name: string,
): AnyField | undefined => (Object.hasOwn(fields, name) ? fields[name] : undefined);

/** The app's own fields. Members that are undefined were not given. */
const ownFields = (row: object): [string, unknown][] =>
  Object.entries(row).filter(
    ([name, value]) => value !== undefined && !RESERVED_FIELDS.some((own) => own === name),
  );

function firstSteps(kind: ListKind, given: unknown): Step<unknown>[] | undefined {
  if (kind === 'counter') {
    if (typeof given !== 'number') return undefined;
    return given === 0 ? [] : [{ kind: 'increment', by: given }];
  }
  if (!Array.isArray(given)) return undefined;
  const values: readonly unknown[] = given;
  if (kind === 'journal') return values.map((entry) => ({ kind: 'append', entry }));
  return values.length > 0 ? [{ kind: 'add', values }] : [];
}

function stepsOf(kind: ListKind, given: unknown): Step<unknown>[] | undefined {
  const all: readonly unknown[] = Array.isArray(given) ? given : [given];
  const changes = all.filter((one) => one instanceof FieldChange);
  if (changes.length < all.length || changes.some(({ of }) => of !== kind)) return undefined;
  return changes.flatMap(({ steps }) => steps);
}

const isChange = (value: unknown): boolean =>
  value instanceof FieldChange || (Array.isArray(value) && value.some(isChange));

const HOW: Readonly<Record<ListKind | 'register', string>> = {
  set: 'a set is changed with add() and remove(), and begins as an array',
  counter: 'a counter is changed with increment(), and begins as a number',
  journal: 'a journal is changed with append(), and begins as an array',
  register: 'add(), remove(), increment() and append() are for sets, counters and journals',
};

function misgiven(path: Path, kind: ListKind | 'register'): never {
  throw new OffingError('invalid', `${path.join('.')}: ${HOW[kind]}.`, {
    issues: [{ path, message: HOW[kind] }],
  });
}
