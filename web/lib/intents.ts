/**
 * What a call like `db.items.update(…)` asks for, as data, and the ops it becomes. Knows nothing of
 * hosts and handles; only a move needs to look at the tables, for the fields it carries along.
 */
import type { KeptRow, MutationJson, OpRequest } from '../../core/index.ts';
import { changesIn, stateShown } from '../../core/index.ts';
import type { Ref } from './api.ts';
import { OffingError } from './errors.ts';
import {
  fieldOf,
  mutationsOf,
  writesOfChanges,
  writesOfRow,
  type FieldWrites,
  type Named,
} from './field-writes.ts';

/** What one call does to one record, in a space or wherever the host finds it. */
export interface Change {
  readonly kind: 'change';
  readonly space: string | undefined;
  readonly collection: string;
  readonly id: string;
  readonly mutations: readonly MutationJson[];
  /** More of the same may follow at once. */
  readonly typing?: true;
}

export interface Move {
  readonly kind: 'move';
  readonly of: Named;
  readonly ref: Ref;
  readonly toSpace: string;
  readonly writes: FieldWrites;
}

export type Intent = Change | Move;

export function addOf(of: Named, row: object, newId: () => string): Change {
  const { id = newId(), space } = row as { readonly id?: string; readonly space?: string };
  const record = { collection: of.name, id };
  return {
    kind: 'change',
    space,
    ...record,
    mutations: mutationsOf(record, writesOfRow(of, row), true),
  };
}

export const updateOf = (of: Named, ref: Ref, changes: object): Change =>
  updateBy(of, ref, writesOfChanges(of, changes));

export const updateBy = (of: Named, ref: Ref, writes: FieldWrites): Change =>
  change(of, ref, (record) => mutationsOf(record, writes));

export const deleteOf = (of: Named, ref: Ref): Change =>
  change(of, ref, (record) => [{ kind: 'delete', ...record }]);

export const restoreOf = (of: Named, ref: Ref): Change =>
  change(of, ref, (record) => [{ kind: 'restore', ...record }]);

export const moveOf = (of: Named, ref: Ref, toSpace: string, changes: object): Move => ({
  kind: 'move',
  of,
  ref,
  toSpace,
  writes: writesOfChanges(of, changes),
});

function change(
  { name: collection }: Named,
  ref: Ref,
  mutationsOn: (record: { collection: string; id: string }) => MutationJson[],
): Change {
  const record = { collection, id: idOf(ref) };
  return { kind: 'change', space: spaceOf(ref), ...record, mutations: mutationsOn(record) };
}

export const idOf = (ref: Ref): string => (typeof ref === 'string' ? ref : ref.id);
export const spaceOf = (ref: Ref): string | undefined =>
  typeof ref === 'string' ? undefined : ref.space;

/** One op of all the changes. An op lies in one space: that of the changes which name one. */
export function batchOf(intents: readonly Intent[]): OpRequest {
  const spaces = new Set<string>();
  const mutations: MutationJson[] = [];
  for (const intent of intents) {
    if (intent.kind === 'move') throw spansSpaces();
    if (intent.space !== undefined) spaces.add(intent.space);
    mutations.push(...intent.mutations);
  }
  if (spaces.size > 1) throw spansSpaces();
  const [space] = spaces;
  return opOf(space, mutations);
}

const spansSpaces = () =>
  new OffingError('batch_spans_spaces', 'A batch is one op, and an op lies in one space.');

export const changeOp = ({ space, mutations, typing }: Change): OpRequest => ({
  ...opOf(space, mutations),
  ...(typing && { typing }),
});

/** A record as it lies in its table, with what the layer knows of it. */
export interface StoredRow extends KeptRow {
  readonly space: string;
}

/** Put anew there, with all it has here, and deleted here; within one space it is an update. */
export function moveOps({ of, toSpace, writes }: Move, row: StoredRow): OpRequest[] {
  const { id, space } = row;
  const record = { collection: of.name, id };
  if (space === toSpace) return [opOf(space, mutationsOf(record, writes))];
  return [
    opOf(toSpace, mutationsOf(record, withAllOf(row, of, writes), true)),
    opOf(space, [{ kind: 'delete', ...record }]),
  ];
}

/** Sets, counters and journals go along as what they are, also those that the schema does not know. */
function withAllOf(row: StoredRow, { name, def }: Named, writes: FieldWrites): FieldWrites {
  const state = stateShown(name, row);
  if (!state) return writes;
  const registers = [...state.fields].filter(
    // JSON knows no undefined: an optional field was cleared with null.
    ([name, { value }]) => !(value === null && fieldOf(def, name)?.optional),
  );
  const carried = Object.fromEntries(registers.map(([name, { value }]) => [name, value]));
  return {
    ...writes,
    fields: { ...carried, ...writes.fields },
    changes: [...changesIn(state, () => true).changes, ...writes.changes],
  };
}

// Whether it is a space's id at all is for the host to say.
const opOf = (space: string | undefined, mutations: readonly MutationJson[]): OpRequest =>
  space === undefined ? { do: [...mutations] } : { space, do: [...mutations] };
