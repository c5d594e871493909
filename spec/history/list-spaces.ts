/**
 * The history as the app would have kept it: lists in the home space, the items of each list in the
 * list's own space. So an item that changes its list moves between spaces.
 */
import { createHash } from 'node:crypto';
import {
  uuidV7,
  type Json,
  type MutationJson,
  type OpRequest,
  type SpaceId,
} from '../../core/index.ts';
import { splitByBytes } from './edit-to-ops.ts';
import { withoutGaps, type Change, type Edit, type Fields } from './read-history.ts';
import type { PlainRecords } from './plain-reading.ts';

/** A list's space: the same for everyone who reads the same history. */
export function spaceOfList(key: string): SpaceId {
  const digest = createHash('sha256').update(key).digest();
  return uuidV7(1_400_000_000_000, digest.subarray(0, 10)) as SpaceId;
}

type ShownRow = Readonly<Record<string, Json>>;

/** What a device shows: all rows of both tables. */
export interface ShownRecords {
  readonly lists: readonly ShownRow[];
  readonly items: readonly ShownRow[];
}

export const ROOM_FOR_OP = 60_000;

/**
 * The edit as a bulk write of one op (or a few, where it is too large for one) for each space that
 * it touches. `findItem` is what the person had on screen: a moved item takes all its fields along.
 */
export function opsOfEdit(edit: Edit, findItem: (key: string) => Fields | undefined): OpRequest[] {
  const bySpace = new Map<SpaceId | undefined, MutationJson[]>();
  const moved = new Map<string, Fields>();
  const add = (space: SpaceId | undefined, mutation: MutationJson) =>
    bySpace.set(space, [...(bySpace.get(space) ?? []), mutation]);
  for (const change of edit.changes) {
    if (change.collection === 'lists') add(undefined, listMutation(change));
    else
      for (const [space, mutation] of itemMutations(
        change,
        (key) => moved.get(key) ?? findItem(key),
        moved,
      ))
        add(space, mutation);
  }
  return [...bySpace].flatMap(([space, mutations]) =>
    splitByBytes(mutations, ROOM_FOR_OP).map((part) => ({ ...(space && { space }), do: part })),
  );
}

function listMutation(change: Change): MutationJson {
  const name = { collection: 'lists', id: spaceOfList(change.key) };
  if (change.kind === 'delete') return { kind: 'delete', ...name };
  const fields = { ...withoutGaps(change.fields), key: change.key };
  return { kind: 'put', ...name, ...(change.kind === 'create' && { new: true }), fields };
}

function itemMutations(
  change: Change,
  findItem: (key: string) => Fields | undefined,
  seen: Map<string, Fields>,
): [SpaceId, MutationJson][] {
  const name = { collection: 'items', id: change.key };
  const before = findItem(change.key);
  const home = spaceOfList(String(before?.['list']));
  if (change.kind === 'delete') return [[home, { kind: 'delete', ...name }]];
  const changed = withoutGaps(change.fields);
  const after: Fields = change.kind === 'create' ? changed : { ...before, ...changed };
  seen.set(change.key, after);
  const there = spaceOfList(String(after['list']));
  if (change.kind === 'create')
    return [[there, { kind: 'put', ...name, new: true, fields: withoutList(after) }]];
  if (there === home) return [[there, { kind: 'put', ...name, fields: withoutList(changed) }]];
  return [
    [there, { kind: 'put', ...name, new: true, fields: withoutList(after) }],
    [home, { kind: 'delete', ...name }],
  ];
}

export const withoutList = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => name !== 'list'));

const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

/** What is shown, as the plain reading would have it: items of lists that are gone are not shown. */
export function asPlainRecords({ lists, items }: ShownRecords): PlainRecords {
  const keys = new Map(lists.map((list) => [textOf(list['id']), textOf(list['key'])]));
  const plain = (row: ShownRow, gone: readonly string[]) =>
    Object.fromEntries(Object.entries(row).filter(([name]) => !gone.includes(name))) as Fields;
  return {
    lists: new Map(lists.map((list) => [textOf(list['key']), plain(list, ['id', 'space', 'key'])])),
    items: new Map(
      items.flatMap((item) => {
        const list = keys.get(textOf(item['space']));
        if (list === undefined) return [];
        return [[textOf(item['id']), { ...plain(item, ['id', 'space']), list }]];
      }),
    ),
  };
}
