/**
 * What a call like `db.items.update(…)` asks for, as data, and the ops it becomes. Knows nothing of
 * hosts and handles; only a move needs to look at the tables, for the fields it carries along.
 */
import { RESERVED_FIELDS } from '../../core/index.ts';
import type { JsonObject, MutationJson, OpRequest, PutJson } from '../../core/index.ts';
import type { Ref } from './api.ts';
import { OffingError } from './errors.ts';

/** One mutation, in a space or wherever the host finds its record. */
export interface Change {
  readonly kind: 'change';
  readonly space: string | undefined;
  readonly mutation: MutationJson;
  /** More of the same may follow at once. */
  readonly typing?: true;
}

export interface Move {
  readonly kind: 'move';
  readonly collection: string;
  readonly ref: Ref;
  readonly toSpace: string;
  readonly changes: object;
}

export type Intent = Change | Move;

export function addOf(
  collection: string,
  row: object,
  newId: () => string,
): Change & { readonly mutation: PutJson } {
  const { id = newId(), space } = row as { readonly id?: string; readonly space?: string };
  const mutation = { kind: 'put', collection, id, new: true, fields: fieldsOf(row) } as const;
  return { kind: 'change', space, mutation };
}

export const updateOf = (collection: string, ref: Ref, changes: object): Change =>
  change(ref, { kind: 'put', collection, id: idOf(ref), fields: fieldsOf(changes) });

export const deleteOf = (collection: string, ref: Ref): Change =>
  change(ref, { kind: 'delete', collection, id: idOf(ref) });

export const restoreOf = (collection: string, ref: Ref): Change =>
  change(ref, { kind: 'restore', collection, id: idOf(ref) });

const change = (ref: Ref, mutation: MutationJson): Change => ({
  kind: 'change',
  space: spaceOf(ref),
  mutation,
});

export const idOf = (ref: Ref): string => (typeof ref === 'string' ? ref : ref.id);
export const spaceOf = (ref: Ref): string | undefined =>
  typeof ref === 'string' ? undefined : ref.space;

/** The app's own fields. Members that are undefined were not given. */
function fieldsOf(row: object): JsonObject {
  const fields = Object.entries(row).filter(
    ([name, value]) => value !== undefined && !RESERVED_FIELDS.some((own) => own === name),
  );
  return Object.fromEntries(fields);
}

/** One op of all the changes. An op lies in one space: that of the changes which name one. */
export function batchOf(intents: readonly Intent[]): OpRequest {
  const spaces = new Set<string>();
  const mutations: MutationJson[] = [];
  for (const intent of intents) {
    if (intent.kind === 'move') throw spansSpaces();
    if (intent.space !== undefined) spaces.add(intent.space);
    mutations.push(intent.mutation);
  }
  if (spaces.size > 1) throw spansSpaces();
  const [space] = spaces;
  return opOf(space, mutations);
}

const spansSpaces = () =>
  new OffingError('batch_spans_spaces', 'A batch is one op, and an op lies in one space.');

export const changeOp = ({ space, mutation, typing }: Change): OpRequest => ({
  ...opOf(space, [mutation]),
  ...(typing && { typing }),
});

/** Put anew there, with all it has here, and deleted here; within one space it is an update. */
export function moveOps(
  { collection, toSpace, changes }: Move,
  row: { readonly id: string; readonly space: string },
): OpRequest[] {
  const { id, space } = row;
  const changed = fieldsOf(changes);
  if (space === toSpace) return [opOf(space, [{ kind: 'put', collection, id, fields: changed }])];
  const fields = { ...fieldsOf(row), ...changed };
  return [
    opOf(toSpace, [{ kind: 'put', collection, id, new: true, fields }]),
    opOf(space, [{ kind: 'delete', collection, id }]),
  ];
}

// Whether it is a space's id at all is for the host to say.
const opOf = (space: string | undefined, mutations: MutationJson[]): OpRequest =>
  space === undefined ? { do: mutations } : { space, do: mutations };
