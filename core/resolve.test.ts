import { describe, expect, it } from 'vitest';
import {
  actorOf,
  add,
  conflictNamed,
  del,
  increment,
  logAfter,
  make,
  op,
  put,
  remove,
  resolve,
  restore,
  type WrittenOp,
} from '../spec/support/ops.ts';
import {
  canonicalWorld,
  conflictsOf,
  foldOnto,
  recordOf,
  seenOf,
  worldOf,
  type World,
} from '../spec/support/world.ts';
import { conflictKeyOf } from './conflict.ts';

/** B and C had not seen each other: `C:1 edit-edit r.title` is "Pole" over "Tarp". */
const EDITS = [
  op('A:1', make('r', { title: 'Tent' })),
  op('B:1', put('r', { title: 'Tarp' }), { base: 1 }),
  op('C:1', put('r', { title: 'Pole' }, { manual: ['title'] }), { base: 1 }),
];
const TITLE = 'C:1 edit-edit r.title';
const POLE = 'edit-edit r.title: "Pole" (C:1) over "Tarp" (B:1)';

const conflictOf = (world: World, name: string) =>
  world.conflicts.get(conflictKeyOf(conflictNamed(name)));

const after = (world: World, seq: number, ...ops: readonly WrittenOp[]) =>
  foldOnto(world, logAfter(seq, ops));

describe('a resolve', () => {
  it.each([
    ['winner', 'Pole'],
    ['loser', 'Tarp'],
    [{ value: 'Both' }, 'Both'],
  ] as const)('[CF6][CF7] that takes %j closes the conflict and leaves %s', (take, title) => {
    expect(conflictsOf(worldOf(...EDITS))).toEqual([`${POLE}, open`]);
    const world = worldOf(...EDITS, op('D:1', resolve(TITLE, take), { base: 3, at: 9 }));
    expect(seenOf(world, 'r')).toEqual({ title });
    expect(conflictsOf(world)).toEqual([POLE]);
    expect(conflictOf(world, TITLE)?.closed).toEqual({
      seq: 4,
      at: 9,
      actor: actorOf('D'),
      clock: 1,
    });
  });

  it('[CF6] closes it where it lies, when it was folded long before', () => {
    const split = after(worldOf(...EDITS), 3, op('D:1', resolve(TITLE, 'loser')));
    expect(canonicalWorld(split)).toBe(
      canonicalWorld(worldOf(...EDITS, op('D:1', resolve(TITLE, 'loser')))),
    );
  });

  it('[CF7] has seen both sides, whatever its base', () => {
    const world = worldOf(...EDITS, op('D:1', resolve(TITLE, 'loser'), { base: 0 }));
    expect(seenOf(world, 'r')).toEqual({ title: 'Tarp' });
    expect(conflictsOf(world)).toEqual([POLE]);
  });

  it('[CF7] wins over what was written since, unseen, which is the loser of a conflict of its own', () => {
    const since = op('E:1', put('r', { title: 'Hut' }));
    const world = worldOf(...EDITS, since, op('D:1', resolve(TITLE, 'loser'), { base: 3 }));
    expect(seenOf(world, 'r')).toEqual({ title: 'Tarp' });
    expect(conflictsOf(world)).toEqual([POLE, 'edit-edit r.title: "Tarp" (D:1) over "Hut" (E:1)']);
  });

  it('[CF7] of a record deleted since is an edit of what was deleted', () => {
    const world = worldOf(
      ...EDITS,
      op('E:1', del('r')),
      op('D:1', resolve(TITLE, { value: 'Both' }), { base: 3 }),
    );
    expect(seenOf(world, 'r')).toBeUndefined();
    expect(conflictsOf(world)).toEqual([
      POLE,
      'edit-delete r: gone (E:1) over {"title":"Both"} (D:1), open',
    ]);
  });

  it('[CF7] takes the loser back later, of a conflict that was born closed', () => {
    const [tent, tarp] = EDITS as [WrittenOp, WrittenOp];
    const pole = op('C:1', put('r', { title: 'Pole' }), { base: 1 });
    const world = worldOf(tent, tarp, pole, op('D:1', resolve(TITLE, 'loser')));
    expect(seenOf(world, 'r')).toEqual({ title: 'Tarp' });
    expect(conflictOf(world, TITLE)).toEqual(conflictOf(worldOf(tent, tarp, pole), TITLE));
  });

  it('[CF7] takes the loser back later, of a conflict whose closing its author had seen', () => {
    const world = worldOf(
      ...EDITS,
      op('D:1', resolve(TITLE, 'winner')),
      op('E:1', resolve(TITLE, 'loser')),
    );
    expect(seenOf(world, 'r')).toEqual({ title: 'Tarp' });
    expect(conflictsOf(world)).toEqual([POLE]);
    expect(conflictOf(world, TITLE)?.closed?.actor).toBe(actorOf('D'));
  });

  it.each(['loser', { value: 'Both' }] as const)(
    '[CF8] of what another had closed, unseen, leaves that, and what it wanted is the loser of a new one: %j',
    (take) => {
      const wanted = take === 'loser' ? 'Tarp' : 'Both';
      const world = worldOf(
        ...EDITS,
        op('D:1', resolve(TITLE, 'winner')),
        op('E:1', resolve(TITLE, take), { base: 3 }),
      );
      expect(seenOf(world, 'r')).toEqual({ title: 'Pole' });
      expect(conflictsOf(world)).toEqual([
        POLE,
        `resolve-resolve r.title: "Pole" (D:1) over "${wanted}" (E:1)`,
      ]);
      const back = after(world, 5, op('D:2', resolve('E:1 resolve-resolve r.title', 'loser')));
      expect(seenOf(back, 'r')).toEqual({ title: wanted });
    },
  );

  it('[CF8] that wanted no other value than stands makes no conflict', () => {
    for (const take of ['winner', { value: 'Pole' }] as const) {
      const world = worldOf(
        ...EDITS,
        op('D:1', resolve(TITLE, 'winner')),
        op('E:1', resolve(TITLE, take), { base: 3 }),
      );
      expect(conflictsOf(world)).toEqual([POLE]);
    }
  });

  it('[CF8] by one op after an edit of its own loses nothing that this edit won over', () => {
    const world = worldOf(
      ...EDITS,
      op('D:1', resolve(TITLE, { value: 'Hut' })),
      op('E:1', [put('r', { title: 'Own' }), resolve(TITLE, { value: 'Both' })], { base: 3 }),
    );
    expect(conflictsOf(world)).toEqual([
      POLE,
      'edit-edit r.title: "Own" (E:1) over "Hut" (D:1)',
      'resolve-resolve r.title: "Own" (D:1) over "Both" (E:1)',
    ]);
  });

  const UNKNOWN = 'X:1 edit-edit r.title';

  it('[CF9] of a conflict that is known no more is a put of its value', () => {
    const world = worldOf(...EDITS, op('D:1', resolve(UNKNOWN, { value: 'Both' })));
    expect(seenOf(world, 'r')).toEqual({ title: 'Both' });
    const unseen = worldOf(...EDITS, op('D:1', resolve(UNKNOWN, { value: 'Both' }), { base: 2 }));
    expect(conflictsOf(unseen)).toContain('edit-edit r.title: "Both" (D:1) over "Pole" (C:1)');
  });

  it('[CF9] of the whole record it is a `new` with the fields', () => {
    const made = worldOf(op('D:1', resolve('X:1 edit-delete r', { value: { title: 'Both' } })));
    expect(seenOf(made, 'r')).toEqual({ title: 'Both' });
    const gone = worldOf(
      ...EDITS,
      op('E:1', del('r')),
      op('D:1', resolve('X:1 edit-delete r', { value: { title: 'Both' } }), { base: 3 }),
    );
    expect(conflictsOf(gone)).toContain(
      'edit-delete r: gone (E:1) over {"title":"Both"} (D:1), open',
    );
  });

  it.each(['winner', 'loser'] as const)('[CF9] with the %s it does nothing', (take) => {
    expect(worldOf(...EDITS, op('D:1', resolve(UNKNOWN, take)))).toEqual(worldOf(...EDITS));
    expect(worldOf(op('D:1', resolve('X:1 edit-delete r', take))).records.size).toBe(0);
  });
});

describe('a resolve of a deletion’s conflict', () => {
  const TENT = op('A:1', make('r', { title: 'Tent', size: 2 }));
  const GONE = op('A:2', del('r'));
  const LOST = op('B:1', [put('r', { title: 'Tarp' }), increment('r', 'packed', 3)], { base: 1 });
  const LATE = op('B:1', [put('r', { title: 'Tarp' }), increment('r', 'packed', 3)]);
  const NAME = 'B:1 edit-delete r';

  it('[CF6] with the winner leaves it deleted', () => {
    const world = worldOf(TENT, GONE, LOST, op('C:1', resolve(NAME, 'winner')));
    expect(seenOf(world, 'r')).toBeUndefined();
    expect(conflictOf(world, NAME)?.open).toBe(false);
  });

  it('[CF10] with the loser lifts the tombstone and puts what had lost', () => {
    const world = worldOf(TENT, GONE, LOST, op('C:1', resolve(NAME, 'loser')));
    expect(seenOf(world, 'r')).toEqual({ title: 'Tarp', size: 2, packed: 3 });
    expect(conflictOf(world, NAME)?.open).toBe(false);
  });

  it('[CF10] with a value puts its fields instead', () => {
    const take = { value: { title: 'Both', note: 'n' } };
    const world = worldOf(TENT, GONE, LOST, op('C:1', resolve(NAME, take)));
    expect(seenOf(world, 'r')).toEqual({ title: 'Both', note: 'n', size: 2, packed: 3 });
  });

  it('[CF10] applies the changes that were not under the tombstone', () => {
    const world = worldOf(TENT, GONE, LATE, op('C:1', resolve(NAME, 'loser')));
    expect(seenOf(world, 'r')).toEqual({ title: 'Tarp', size: 2, packed: 3 });
  });

  it('[CF10] makes the record again where it is known no more', () => {
    const purged = { ...worldOf(TENT, GONE, LOST), records: new Map() };
    const world = after(purged, 3, op('C:1', resolve(NAME, 'loser')));
    expect(seenOf(world, 'r')).toEqual({ title: 'Tarp', packed: 3 });
    const never = worldOf(LATE, op('C:1', resolve(NAME, 'loser')));
    expect(seenOf(never, 'r')).toEqual({ title: 'Tarp', packed: 3 });
    const buried = worldOf(op('A:1', del('r')), LATE, op('C:1', resolve(NAME, 'loser')));
    expect(seenOf(buried, 'r')).toEqual({ title: 'Tarp', packed: 3 });
  });

  it('[CF10] counts as a `new`: who had seen it may edit the record', () => {
    const made = [LATE, op('C:1', resolve(NAME, 'loser')), op('D:1', put('r', { note: 'n' }))];
    expect(seenOf(worldOf(...made), 'r')).toEqual({ title: 'Tarp', packed: 3, note: 'n' });
    expect(recordOf(worldOf(...made), 'r')?.born).toMatchObject([{ seq: 2 }]);
  });

  it('[CF10] of a living record joins it, and what it had not seen there loses openly', () => {
    const world = worldOf(
      TENT,
      GONE,
      LOST,
      op('A:3', restore('r')),
      op('A:4', put('r', { title: 'Hut' })),
      op('C:1', resolve(NAME, 'loser'), { base: 3 }),
    );
    expect(seenOf(world, 'r')).toEqual({ title: 'Tarp', size: 2, packed: 3 });
    expect(conflictsOf(world)).toContain('edit-edit r.title: "Tarp" (C:1) over "Hut" (A:4)');
  });

  it('[CF10] brings back what a deletion had not seen', () => {
    const unseen = op('B:1', [put('r', { title: 'Tarp' }), add('r', 'tags', 'red')]);
    const gone = op('C:1', del('r'), { base: 1 });
    const world = worldOf(TENT, unseen, gone, op('D:1', resolve('C:1 delete-edit r', 'loser')));
    expect(seenOf(world, 'r')).toEqual({ title: 'Tarp', size: 2, tags: ['red'] });
    expect(recordOf(world, 'r')?.sets?.get('tags')).toHaveLength(1);
  });

  it('[CF11] brings no change back twice', () => {
    const again = op('C:2', resolve(NAME, 'loser'));
    for (const lost of [LOST, LATE]) {
      const once = [TENT, GONE, lost, op('C:1', resolve(NAME, 'loser'))];
      expect(seenOf(worldOf(...once, again), 'r')).toMatchObject({ packed: 3 });
      const anew = [...once, op('C:2', del('r')), op('C:3', resolve(NAME, 'loser'))];
      expect(seenOf(worldOf(...anew), 'r')).toMatchObject({ packed: 3 });
    }
    const restored = [TENT, GONE, LOST, op('C:1', restore('r')), again];
    expect(seenOf(worldOf(...restored), 'r')).toMatchObject({ packed: 3 });
  });

  it('[CF11] brings back into the next life what was under the tombstone of the former', () => {
    const next = [TENT, GONE, LOST, op('C:1', make('r', { title: 'Stove' }), { base: 2 })];
    expect(seenOf(worldOf(...next), 'r')).toEqual({ title: 'Stove' });
    const back = worldOf(...next, op('C:2', resolve(NAME, 'loser')));
    expect(seenOf(back, 'r')).toEqual({ title: 'Tarp', packed: 3 });
  });

  it('[CF11] brings back a removal as one by the op that does so', () => {
    const world = worldOf(
      op('A:1', [make('r'), add('r', 'tags', 'red', 'big')]),
      op('A:2', del('r')),
      op('B:1', remove('r', 'tags', 'red')),
      op('C:1', resolve(NAME, 'loser')),
    );
    expect(seenOf(world, 'r')).toEqual({ tags: ['big'] });
  });

  it('[CF8] of what another had closed, unseen, leaves that and keeps what it wanted', () => {
    const world = worldOf(
      TENT,
      GONE,
      LOST,
      op('C:1', resolve(NAME, 'winner')),
      op('D:1', resolve(NAME, { value: { title: 'Both' } }), { base: 3 }),
    );
    expect(seenOf(world, 'r')).toBeUndefined();
    expect(conflictsOf(world)[1]).toBe('resolve-resolve r: gone (C:1) over {"title":"Both"} (D:1)');
    const back = after(world, 5, op('C:2', resolve('D:1 resolve-resolve r', 'loser')));
    expect(seenOf(back, 'r')).toEqual({ title: 'Both', size: 2, packed: 3 });
  });
});
