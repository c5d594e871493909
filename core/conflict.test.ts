import { describe, expect, it } from 'vitest';
import { actorOf, del, make, op, put, restore } from '../spec/support/ops.ts';
import { conflictsOf, recordOf, worldOf, type World } from '../spec/support/world.ts';
import { conflictKeyOf, type Conflict } from './conflict.ts';
import { asClock } from './ids.ts';

const only = (world: World): Conflict => {
  const [conflict, ...others] = world.conflicts.values();
  if (!conflict || others.length > 0) throw new Error(conflictsOf(world).join('\n'));
  return conflict;
};

const TENT = op('A:1', make('r', { title: 'Tent', note: '' }), { at: 10 });

describe('a conflict record', () => {
  it('[CF1] is named by the op that brought it about, the record, the field and its kind', () => {
    const world = worldOf(
      TENT,
      op('A:2', put('r', { title: 'Pole' })),
      op('B:7', put('r', { title: 'Tarp' }), { base: 1 }),
      op('B:8', del('r')),
    );
    const [key] = world.conflicts.keys();
    const name = {
      actor: actorOf('B'),
      clock: 7,
      collection: 'items',
      id: 'r',
      field: 'title',
      kind: 'edit-edit',
    } as Conflict;
    expect(only(world)).toMatchObject(name);
    expect(key).toBe(conflictKeyOf(name));
  });

  it.each<Partial<Conflict>>([
    { actor: actorOf('C') },
    { clock: asClock(2) },
    { collection: 'lists' },
    { id: 's' },
    { field: 'title' },
    { kind: 'delete-edit' },
  ])('[CF1] is another by any part of its name: %j', (part) => {
    expect(conflictKeyOf({ ...only(lost()), ...part })).not.toBe(conflictKeyOf(only(lost())));
  });

  it('[CF1] of the whole record is not that of a field called null', () => {
    const names = [null, 'null'].map((field) => conflictKeyOf({ ...only(lost()), field }));
    expect(new Set(names).size).toBe(2);
  });

  it('[CF2] holds both sides of two edits with value, seq, at and actor', () => {
    const tarp = op('B:1', put('r', { title: 'Tarp' }), { base: 1, at: 20 });
    const pole = op('C:4', put('r', { title: 'Pole' }), { base: 1, at: 30 });
    expect(only(worldOf(TENT, tarp, pole))).toMatchObject({
      kind: 'edit-edit',
      winner: {
        values: new Map([['title', 'Pole']]),
        stamp: { seq: 3, at: 30, actor: actorOf('C'), clock: 4 },
      },
      loser: {
        values: new Map([['title', 'Tarp']]),
        stamp: { seq: 2, at: 20, actor: actorOf('B'), clock: 1 },
      },
    });
  });

  it('[CF2] holds what an edit of a deleted record wanted, beside the deletion', () => {
    expect(only(lost())).toMatchObject({
      kind: 'edit-delete',
      field: null,
      winner: { values: null, stamp: { seq: 2, actor: actorOf('A') } },
      loser: { values: new Map([['title', 'Tarp']]), stamp: { seq: 3, actor: actorOf('B') } },
    });
  });

  it('[CF2] holds what a deletion had not seen, with the stamp of the newest of it', () => {
    const world = worldOf(
      TENT,
      op('B:1', put('r', { title: 'Tarp' })),
      op('C:1', put('r', { note: 'big' })),
      op('D:1', del('r'), { base: 1 }),
    );
    expect(only(world)).toMatchObject({
      kind: 'delete-edit',
      field: null,
      winner: { values: null, stamp: { seq: 4, actor: actorOf('D') } },
      loser: {
        values: new Map([
          ['title', 'Tarp'],
          ['note', 'big'],
        ]),
        stamp: { seq: 3, actor: actorOf('C') },
      },
    });
  });

  it.each([
    [undefined, false],
    [['note'], false],
    [['title'], true],
  ])('[CF3] of two edits, with manual %j by the op that found it: open %s', (manual, open) => {
    const tarp = op('B:1', put('r', { title: 'Tarp' }, { manual: ['title'] }));
    const pole = op('C:1', put('r', { title: 'Pole' }, manual ? { manual } : {}), { base: 1 });
    expect(only(worldOf(TENT, tarp, pole)).open).toBe(open);
  });

  it('[CF3] of an edit and a deletion is born open', () => {
    expect(only(lost()).open).toBe(true);
    expect(only(worldOf(TENT, op('B:1', del('r'), { base: 0 }))).open).toBe(true);
  });
});

describe('one op that loses with several parts', () => {
  it('[CF5] to one deletion makes one conflict, with all it wanted', () => {
    const world = worldOf(
      TENT,
      op('A:2', del('r')),
      op('B:1', [put('r', { title: 'Tarp' }), put('r', { note: 'big' })], { base: 1 }),
    );
    expect(conflictsOf(world)).toEqual([
      'edit-delete r: gone (A:2) over {"note":"big","title":"Tarp"} (B:1), open',
    ]);
  });

  it('[CF5] keeps its last word on a field that it wrote twice', () => {
    const world = worldOf(
      TENT,
      op('A:2', del('r')),
      op('B:1', [put('r', { title: 'Tarp' }), put('r', { title: 'Pole' })], { base: 1 }),
    );
    expect(conflictsOf(world)).toEqual([
      'edit-delete r: gone (A:2) over {"title":"Pole"} (B:1), open',
    ]);
  });

  it('[CF5] deleting what it had not seen and then editing it loses neither’s value', () => {
    const world = worldOf(
      TENT,
      op('B:1', put('r', { title: 'Tarp' })),
      op('C:1', [del('r'), put('r', { title: 'Pole' })], { base: 1 }),
    );
    expect(recordOf(world, 'r')?.grave?.actor).toBe(actorOf('C'));
    expect(conflictsOf(world)).toEqual([
      'delete-edit r: gone (C:1) over {"title":"Tarp"} (B:1), open',
      'edit-delete r: gone (C:1) over {"title":"Pole"} (C:1), open',
    ]);
  });

  it('[CF5] deleting, restoring and deleting again makes one conflict of what it had not seen', () => {
    const world = worldOf(
      TENT,
      op('B:1', put('r', { title: 'Tarp' })),
      op('C:1', [del('r'), restore('r'), del('r')], { base: 1 }),
    );
    expect(conflictsOf(world)).toEqual([
      'delete-edit r: gone (C:1) over {"title":"Tarp"} (B:1), open',
    ]);
  });
});

/** B edits what A has deleted. */
function lost(): World {
  return worldOf(TENT, op('A:2', del('r')), op('B:1', put('r', { title: 'Tarp' }), { base: 1 }));
}
