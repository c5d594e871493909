/** What a bulk write with moves in it becomes, as ops. */
import { describe, expect, it } from 'vitest';
import type { OpRequest } from '../../core/index.ts';
import { opsOfBulk } from './bulk-ops.ts';
import type { Named } from './field-writes.ts';
import { collection } from './schema.ts';
import { storedRow } from './test-doubles.ts';
import {
  addOf,
  deleteOf,
  idOf,
  moveOf,
  restoreOf,
  spaceOf,
  updateOf,
  type Intent,
  type Move,
  type StoredRow,
} from './intents.ts';

const items: Named = { name: 'items', def: collection({}) };
const TENT = storedRow({ id: 'i', space: 'x', title: 'Tent' });
const add = (row: object) => addOf(items, row, () => 'new');
const update = (ref: Parameters<typeof updateOf>[1], changes: object) =>
  updateOf(items, ref, changes);
const move = (ref: Move['ref'], toSpace: string, changes: object = {}): Move =>
  moveOf(items, ref, toSpace, changes);

/** The ops of these calls, with `rows` in the table. */
function opsOf(intents: readonly Intent[], ...rows: readonly StoredRow[]): string[] {
  const found = intents.flatMap((intent) =>
    intent.kind === 'move' ? [[intent, rows.filter((row) => isOf(intent, row))] as const] : [],
  );
  return opsOfBulk(intents, new Map(found)).map(show);
}

const isOf = ({ ref }: Move, { id, space }: StoredRow): boolean =>
  id === idOf(ref) && (spaceOf(ref) ?? space) === space;

/** `y: new i {"title":"Tent"}`. */
function show({ space, do: [mutation] }: OpRequest): string {
  if (!mutation || mutation.kind === 'resolve') return '';
  const { id, kind } = mutation;
  if (mutation.kind !== 'put') return `${space}: ${kind} ${id}`;
  return `${space}: ${mutation.new ? 'new' : 'put'} ${id} ${JSON.stringify(mutation.fields)}`;
}

describe('a move in a bulk', () => {
  it('[PL60] of what the bulk adds makes it where it goes, with all that the bulk does to it', () => {
    const intents = [
      add({ title: 'Tarp' }),
      update('new', { done: true }),
      move('new', 'y', { title: 'Big tarp' }),
      update('other', { done: true }),
      update('new', { done: false }),
    ];
    expect(opsOf(intents, TENT)).toEqual([
      'y: new new {"title":"Tarp"}',
      'y: put new {"done":true}',
      'y: put new {"title":"Big tarp"}',
      'undefined: put other {"done":true}',
      'y: put new {"done":false}',
    ]);
    expect(opsOf([add({ id: 'n', space: 'x', title: 'Tent' }), move('n', 'y')])).toEqual([
      'y: new n {"title":"Tent"}',
    ]);
  });

  it('[PL60] leaves behind no edit that came before it, nor one after it that names where it was', () => {
    const intents = [
      update('i', { title: 'Tarp' }),
      move('i', 'y', { done: true }),
      update(TENT, { title: 'Big tarp' }),
    ];
    expect(opsOf(intents, TENT)).toEqual([
      'y: new i {"title":"Tent"}',
      'x: delete i',
      'y: put i {"title":"Tarp"}',
      'y: put i {"done":true}',
      'y: put i {"title":"Big tarp"}',
    ]);
  });

  it('[PL60] made twice ends where the last one says, and nowhere else', () => {
    const there = [move('i', 'y', { title: 'Tarp' }), move('i', 'z', { done: true })];
    expect(opsOf(there, TENT)).toEqual([
      'z: new i {"title":"Tarp"}',
      'x: delete i',
      'z: put i {"done":true}',
    ]);
    const andBack = [move('i', 'y', { title: 'Tarp' }), move('i', 'x')];
    expect(opsOf(andBack, TENT)).toEqual(['x: put i {"title":"Tarp"}']);
  });

  it('[PL60] of what the bulk has deleted before is refused, unless it has restored it', () => {
    const gone = [deleteOf(items, 'i'), move('i', 'y')];
    expect(() => opsOf(gone, TENT)).toThrow(expect.objectContaining({ code: 'no_such_record' }));
    const back = [deleteOf(items, 'i'), restoreOf(items, 'i'), move('i', 'y')];
    expect(opsOf(back, TENT)).toEqual([
      'y: new i {"title":"Tent"}',
      'x: delete i',
      'y: delete i',
      'y: restore i',
    ]);
    const afterwards = [move('i', 'y'), deleteOf(items, 'i')];
    expect(opsOf(afterwards, TENT)).toEqual([
      'y: new i {"title":"Tent"}',
      'x: delete i',
      'y: delete i',
    ]);
  });

  it('[PL60] is of the record that its space says, where several have the id', () => {
    const other = storedRow({ id: 'i', space: 'w', title: 'Stove' });
    const intents = [update(other, { done: true }), move(TENT, 'y'), move(other, 'z')];
    expect(opsOf(intents, TENT, other)).toEqual([
      'z: new i {"title":"Stove"}',
      'w: delete i',
      'z: put i {"done":true}',
      'y: new i {"title":"Tent"}',
      'x: delete i',
    ]);
  });
});
