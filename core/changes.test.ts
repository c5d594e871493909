/** Sets, counters and journals of records that are unknown or deleted: they lose as a put does. */
import { describe, expect, it } from 'vitest';
import {
  add,
  append,
  del,
  increment,
  make,
  op,
  put,
  remove,
  restore,
} from '../spec/support/ops.ts';
import { conflictsOf, recordOf, seenOf, worldOf } from '../spec/support/world.ts';

const TENT = op('A:1', [make('r', { title: 'Tent' }), add('r', 'tags', 'red')]);
const GONE = op('A:2', del('r'));

const EDITS = [
  [add('r', 'tags', 'big'), 'add tags ["big"]', { tags: ['red', 'big'] }],
  [remove('r', 'tags', 'red'), 'remove tags ["red"]', {}],
  [increment('r', 'packed', 2), 'increment packed 2', { tags: ['red'], packed: 2 }],
  [append('r', 'history', 'x'), 'append history "x"', { tags: ['red'], history: ['x'] }],
] as const;

describe.each(EDITS)('%o', (edit, told, after) => {
  it('[FO38] of an unknown record leaves it unknown, and is kept as a conflict', () => {
    const world = worldOf(op('B:1', edit));
    expect(world.records.size).toBe(0);
    expect(conflictsOf(world)).toEqual([
      `edit-delete r: gone (unknown) over {} ${told} (B:1), open`,
    ]);
  });

  it('[FO38] of a deleted record leaves it as it is, and is kept as a conflict', () => {
    const world = worldOf(TENT, GONE, op('B:1', edit));
    expect(recordOf(world, 'r')).toEqual(recordOf(worldOf(TENT, GONE), 'r'));
    expect(conflictsOf(world)).toEqual([`edit-delete r: gone (A:2) over {} ${told} (B:1), open`]);
  });

  it('[FO38] concurrent with the deletion is under the tombstone too, for a restore', () => {
    const world = worldOf(TENT, GONE, op('B:1', edit, { base: 1 }), op('A:3', restore('r')));
    expect(seenOf(world, 'r')).toEqual({ title: 'Tent', ...after });
    expect(conflictsOf(world)).toEqual([
      `edit-delete r: gone (A:2) over {} ${told}, kept (B:1), open`,
    ]);
  });

  it('[FO38] by who saw no `new` of the present life is of an earlier one', () => {
    const before = [TENT, GONE, op('A:3', make('r', { title: 'Stove' }))];
    const world = worldOf(...before, op('B:1', edit, { base: 2 }));
    expect(recordOf(world, 'r')).toEqual(recordOf(worldOf(...before), 'r'));
    expect(conflictsOf(world)).toEqual([
      `edit-delete r: gone (unknown) over {} ${told} (B:1), open`,
    ]);
  });
});

describe('parts of one op that lose to one deletion', () => {
  it('[CF5] are one conflict, with the values put and the changes in their order', () => {
    const parts = [increment('r', 'packed'), put('r', { title: 'Tarp' }), add('r', 'tags', 'big')];
    expect(conflictsOf(worldOf(TENT, GONE, op('B:1', parts, { base: 1 })))).toEqual([
      'edit-delete r: gone (A:2) over {"title":"Tarp"} increment packed 1, kept add tags ["big"], kept (B:1), open',
    ]);
  });

  it('[CF5] say of each change whether it is under the tombstone', () => {
    const before = [TENT, GONE, op('A:3', make('r')), op('A:4', del('r'))];
    // The first is of an earlier life; by its own `new` the author then belongs to the present one.
    const parts = [increment('r', 'packed'), make('r'), increment('r', 'packed')];
    const world = worldOf(...before, op('B:1', parts, { base: 2 }));
    expect(conflictsOf(world)).toEqual([
      'edit-delete r: gone (A:4) over {} increment packed 1 increment packed 1, kept (B:1), open',
    ]);
    expect(recordOf(world, 'r')?.counters?.get('packed')).toMatchObject([{ total: 1 }]);
  });
});

describe('a deletion', () => {
  it('[FO39] that had not seen tags, increments or entries makes one conflict that holds them', () => {
    const world = worldOf(
      TENT,
      op('B:1', [add('r', 'tags', 'big', 'red'), increment('r', 'packed', 3)]),
      op('C:1', [append('r', 'history', 'x'), put('r', { note: 'n' })]),
      op('D:1', del('r'), { base: 1 }),
    );
    expect(conflictsOf(world)).toEqual([
      'delete-edit r: gone (D:1) over {"note":"n"} add tags ["big","red"], kept increment packed 3, kept append history "x", kept (C:1), open',
    ]);
    expect(recordOf(world, 'r')?.sets?.get('tags')).toHaveLength(2);
  });

  it('[FO39] that had seen all of it makes none', () => {
    const world = worldOf(TENT, op('B:1', increment('r', 'packed')), op('C:1', del('r')));
    expect(conflictsOf(world)).toEqual([]);
  });

  it('[CF5] and another by the same op tell of what they had not seen once', () => {
    const parts = [del('r'), restore('r'), del('r')];
    const world = worldOf(TENT, op('B:1', increment('r', 'packed')), op('C:1', parts, { base: 1 }));
    expect(conflictsOf(world)).toEqual([
      'delete-edit r: gone (C:1) over {} increment packed 1, kept (B:1), open',
    ]);
  });
});
