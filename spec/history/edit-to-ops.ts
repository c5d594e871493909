/** The history's edits as mutations: a create is a put that makes the record, and so on. */
import { utf8Length, type MutationJson } from '../../core/index.ts';
import { withoutGaps, type Change, type Edit } from './read-history.ts';

/** Where a record of the history lives: its key serves as its id, unless a host wants another. */
export type Naming = (change: Change) => { readonly collection: string; readonly id: string };

const byKey: Naming = ({ collection, key }) => ({ collection, id: key });

/** What the edit does, in its order. */
export const mutationsOfEdit = (edit: Edit, nameOf: Naming = byKey): MutationJson[] =>
  edit.changes.map((change) => toMutation(change, nameOf(change)));

function toMutation(change: Change, name: ReturnType<Naming>): MutationJson {
  switch (change.kind) {
    case 'create':
      return { kind: 'put', ...name, new: true, fields: change.fields };
    case 'update':
      return { kind: 'put', ...name, fields: withoutGaps(change.fields) };
    case 'delete':
      return { kind: 'delete', ...name };
  }
}

const ENVELOPE_BYTES = utf8Length('{"do":[]}');

/** The mutations as ops that each fit into `limit` bytes of payload: nearly every edit is one. */
export function splitByBytes(mutations: readonly MutationJson[], limit: number): MutationJson[][] {
  const ops: MutationJson[][] = [];
  let room = 0;
  for (const mutation of mutations) {
    const size = utf8Length(JSON.stringify(mutation)) + 1;
    if (size > room || ops.length === 0) {
      ops.push([]);
      room = limit - ENVELOPE_BYTES;
    }
    ops.at(-1)?.push(mutation);
    room -= size;
  }
  return ops;
}
