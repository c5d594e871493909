/** The merge rules, each in a table of its own. An op has seen all before it unless it gives a base. */
import { describe, expect, it } from 'vitest';
import { del, make, op, put, restore } from '../spec/support/ops.ts';
import { conflictsOf, recordOf, seenOf, worldOf } from '../spec/support/world.ts';
import { actorOf } from '../spec/support/ops.ts';

const TENT = op('A:1', make('r', { title: 'Tent' }), { at: 10 });

describe('records', () => {
  it('[FO9] only a put with `new` makes one', () => {
    expect(seenOf(worldOf(TENT), 'r')).toEqual({ title: 'Tent' });
    for (const mutation of [put('r', { title: 'Tent' }), restore('r'), del('r')]) {
      expect(seenOf(worldOf(op('A:1', mutation)), 'r')).toBeUndefined();
    }
  });

  it('[FO10] an edit of an unknown record leaves it unknown and is kept as a conflict', () => {
    const world = worldOf(op('B:1', put('r', { title: 'Tarp', note: 'big' })));
    expect(recordOf(world, 'r')).toBeUndefined();
    expect(conflictsOf(world)).toEqual([
      'edit-delete r: gone (unknown) over {"note":"big","title":"Tarp"} (B:1), open',
    ]);
  });

  it('[FO10] an edit of a deleted record leaves it deleted and is kept as a conflict', () => {
    const world = worldOf(TENT, op('A:2', del('r')), op('B:1', put('r', { title: 'Tarp' })));
    expect(seenOf(world, 'r')).toBeUndefined();
    expect(conflictsOf(world)).toEqual([
      'edit-delete r: gone (A:2) over {"title":"Tarp"} (B:1), open',
    ]);
  });

  it('[FO11] an edit concurrent with the deletion is under the tombstone for a restore', () => {
    const world = worldOf(
      TENT,
      op('A:2', del('r')),
      op('B:1', put('r', { title: 'Tarp' }), { base: 1 }),
      op('A:3', restore('r')),
    );
    expect(seenOf(world, 'r')).toEqual({ title: 'Tarp' });
  });

  it('[FO11] two edits under a tombstone that had not seen each other conflict as they would above it', () => {
    const world = worldOf(
      TENT,
      op('B:1', put('r', { title: 'Tarp' })),
      op('B:2', del('r')),
      op('C:1', put('r', { title: 'Pole' }), { base: 1 }),
    );
    expect(conflictsOf(world)).toEqual([
      'edit-edit r.title: "Pole" (C:1) over "Tarp" (B:1)',
      'edit-delete r: gone (B:2) over {"title":"Pole"} (C:1), open',
    ]);
  });

  it('[FO11] an edit that had seen the tombstone is not under it', () => {
    const world = worldOf(
      TENT,
      op('A:2', del('r')),
      op('B:1', put('r', { title: 'Tarp' })),
      op('A:3', restore('r')),
    );
    expect(seenOf(world, 'r')).toEqual({ title: 'Tent' });
  });

  it('[FO12] nothing but `new` brings back a record that is known no more', () => {
    const gone = [
      op('B:1', put('r', { title: 'Tarp' })),
      op('B:2', restore('r')),
      op('B:3', del('r')),
      op('B:4', restore('r')),
      op('C:1', put('r', { note: 'big' }), { base: 0 }),
      op('C:2', restore('r'), { base: 0 }),
    ];
    for (let n = 1; n <= gone.length; n++) {
      expect(seenOf(worldOf(...gone.slice(0, n)), 'r')).toBeUndefined();
    }
    const world = worldOf(...gone, op('D:1', make('r', { title: 'New' })));
    expect(seenOf(world, 'r')).toEqual({ title: 'New' });
  });

  it('[FO13] `new` on a living record is an ordinary put', () => {
    const world = worldOf(
      op('A:1', make('r', { title: 'Tent', note: 'old' })),
      op('B:1', make('r', { title: 'Tarp' }), { base: 0 }),
    );
    expect(seenOf(world, 'r')).toEqual({ title: 'Tarp', note: 'old' });
    expect(conflictsOf(world)).toEqual(['edit-edit r.title: "Tarp" (B:1) over "Tent" (A:1)']);
  });

  it('[FO14] `new` on a tombstone its author had seen makes a fresh record', () => {
    const world = worldOf(
      op('A:1', make('r', { title: 'Tent', note: 'old' })),
      op('B:1', del('r')),
      op('C:1', make('r', { title: 'Stove' })),
    );
    expect(seenOf(world, 'r')).toEqual({ title: 'Stove' });
    expect(conflictsOf(world)).toEqual([]);
  });

  it('[FO15] `new` on a tombstone its author had not seen is an edit of what was deleted', () => {
    const ops = [
      op('A:1', make('r', { title: 'Tent', note: 'old' })),
      op('A:2', del('r')),
      op('C:1', make('r', { title: 'Stove' }), { base: 1 }),
    ];
    expect(seenOf(worldOf(...ops), 'r')).toBeUndefined();
    expect(conflictsOf(worldOf(...ops))).toEqual([
      'edit-delete r: gone (A:2) over {"title":"Stove"} (C:1), open',
    ]);
    const restored = worldOf(...ops, op('A:3', restore('r')));
    expect(seenOf(restored, 'r')).toEqual({ title: 'Stove', note: 'old' });
  });

  const SECOND_LIFE = [TENT, op('A:2', del('r')), op('A:3', make('r', { title: 'Stove' }))];

  it('[FO16] an edit that saw no `new` of the present life belongs to an earlier one', () => {
    const world = worldOf(...SECOND_LIFE, op('B:1', put('r', { note: 'torn' }), { base: 2 }));
    expect(seenOf(world, 'r')).toEqual({ title: 'Stove' });
    expect(conflictsOf(world)).toEqual([
      'edit-delete r: gone (unknown) over {"note":"torn"} (B:1), open',
    ]);
  });

  it('[FO16] having seen one `new` of the present life is enough', () => {
    const world = worldOf(
      ...SECOND_LIFE,
      op('B:1', make('r', { title: 'Pot' }), { base: 2 }),
      op('C:1', put('r', { note: 'gas' }), { base: 3 }),
      op('B:2', put('r', { size: 2 }), { base: 2 }),
    );
    expect(seenOf(world, 'r')).toEqual({ title: 'Pot', note: 'gas', size: 2 });
  });
});

describe('put, field by field', () => {
  it('[FO17] an op that had seen the value replaces it, with its own seq, at, actor and clock', () => {
    const world = worldOf(TENT, op('B:1', put('r', { title: 'Tarp' }), { at: 5 }));
    expect(recordOf(world, 'r')?.fields.get('title')).toEqual({
      value: 'Tarp',
      seq: 2,
      at: 5,
      actor: actorOf('B'),
      clock: 1,
    });
    expect(conflictsOf(world)).toEqual([]);
  });

  it('[FO17] an author’s own value is replaced whatever their base', () => {
    const world = worldOf(TENT, op('A:2', put('r', { title: 'Tarp' }), { base: 0 }));
    expect(seenOf(world, 'r')).toEqual({ title: 'Tarp' });
    expect(conflictsOf(world)).toEqual([]);
  });

  it('[FO18] concurrent values that are deeply equal are the same, and no conflict', () => {
    const world = worldOf(
      op('A:1', make('r', { tags: { a: 1, b: [2] } })),
      op('B:1', put('r', { tags: { b: [2], a: 1 } }), { base: 1 }),
      op('C:1', put('r', { tags: { a: 1, b: [2] } }), { base: 1 }),
    );
    expect(conflictsOf(world)).toEqual([]);
    expect(seenOf(world, 'r')).toEqual({ tags: { a: 1, b: [2] } });
  });

  it('[FO19] of concurrent values the later in the log wins, and the other is kept', () => {
    const world = worldOf(
      TENT,
      op('B:1', put('r', { title: 'Tarp' }), { at: 30 }),
      op('C:1', put('r', { title: 'Pole' }), { base: 1, at: 20 }),
    );
    expect(seenOf(world, 'r')).toEqual({ title: 'Pole' });
    expect(conflictsOf(world)).toEqual(['edit-edit r.title: "Pole" (C:1) over "Tarp" (B:1)']);
  });

  it('[FO19] each field is merged alone: concurrent edits of two fields both stand', () => {
    const world = worldOf(
      op('A:1', make('r', { title: 'Tent', note: '' })),
      op('B:1', put('r', { title: 'Tarp' }), { base: 1 }),
      op('C:1', put('r', { note: 'big' }), { base: 1 }),
    );
    expect(seenOf(world, 'r')).toEqual({ title: 'Tarp', note: 'big' });
    expect(conflictsOf(world)).toEqual([]);
  });
});

describe('put of fields merged by `latest`', () => {
  const tarp = (at: number) => op('B:1', put('r', { title: 'Tarp' }), { at });
  const pole = (at: number) =>
    op('C:1', put('r', { title: 'Pole' }, { latest: ['title'] }), { at, base: 1 });

  it.each([
    [20, 30, 'Pole', '"Pole" (C:1) over "Tarp" (B:1)'],
    [20, 20, 'Pole', '"Pole" (C:1) over "Tarp" (B:1)'],
    [30, 20, 'Tarp', '"Tarp" (B:1) over "Pole" (C:1)'],
  ])('[FO20] written at %d and %d: %s stands, the other is kept', (b, c, title, sides) => {
    const world = worldOf(TENT, tarp(b), pole(c));
    expect(seenOf(world, 'r')).toEqual({ title });
    expect(conflictsOf(world)).toEqual([`edit-edit r.title: ${sides}`]);
  });

  it('[FO20] an op that had seen the value replaces it, though its clock says it is older', () => {
    const seen = op('C:1', put('r', { title: 'Pole' }, { latest: ['title'] }), { at: 1 });
    const world = worldOf(TENT, tarp(30), seen);
    expect(seenOf(world, 'r')).toEqual({ title: 'Pole' });
    expect(conflictsOf(world)).toEqual([]);
  });

  it('[FO21] if the value that was there wins, nothing of it changes', () => {
    const world = worldOf(TENT, tarp(30), pole(20));
    expect(recordOf(world, 'r')?.fields).toEqual(recordOf(worldOf(TENT, tarp(30)), 'r')?.fields);
  });

  it('[FO22] of equal values the one written later stands: a third is measured against it', () => {
    const again = op('C:1', put('r', { title: 'Tarp' }, { latest: ['title'] }), {
      at: 40,
      base: 1,
    });
    const between = op('D:1', put('r', { title: 'Pole' }, { latest: ['title'] }), {
      at: 30,
      base: 1,
    });
    const world = worldOf(TENT, tarp(20), again, between);
    expect(seenOf(world, 'r')).toEqual({ title: 'Tarp' });
    expect(conflictsOf(world)).toEqual(['edit-edit r.title: "Tarp" (C:1) over "Pole" (D:1)']);
  });
});

describe('delete and restore', () => {
  it('[FO23] a delete hides the record and keeps its values', () => {
    const world = worldOf(TENT, op('A:2', del('r')));
    expect(seenOf(world, 'r')).toBeUndefined();
    expect(recordOf(world, 'r')).toEqual({
      ...recordOf(worldOf(TENT), 'r'),
      grave: { seq: 2, at: 0, actor: actorOf('A'), clock: 2 },
    });
  });

  it('[FO23] a delete of an unknown record sets a tombstone too', () => {
    expect(recordOf(worldOf(op('A:1', del('r'))), 'r')?.grave?.seq).toBe(1);
  });

  it('[FO24] values the deletion had not seen make one conflict that holds them all', () => {
    const world = worldOf(
      op('A:1', make('r', { title: 'Tent', note: '', size: 1 })),
      op('B:1', put('r', { title: 'Tarp', note: 'big' })),
      op('C:1', del('r'), { base: 1 }),
    );
    expect(seenOf(world, 'r')).toBeUndefined();
    expect(conflictsOf(world)).toEqual([
      'delete-edit r: gone (C:1) over {"note":"big","title":"Tarp"} (B:1), open',
    ]);
  });

  it('[FO24] a deletion that had seen every value makes none', () => {
    expect(conflictsOf(worldOf(TENT, op('B:1', del('r'))))).toEqual([]);
  });

  it('[FO25] a restore brings back the record with everything under its tombstone', () => {
    const world = worldOf(
      op('A:1', make('r', { title: 'Tent', note: '' })),
      op('A:2', del('r')),
      op('B:1', put('r', { note: 'big' }), { base: 1 }),
      op('C:1', restore('r')),
    );
    expect(seenOf(world, 'r')).toEqual({ title: 'Tent', note: 'big' });
  });

  it('[FO26] deleting what is deleted, or restoring what lives, has no effect', () => {
    const deleted = [TENT, op('A:2', del('r'))];
    expect(worldOf(...deleted, op('B:1', del('r'), { base: 0 }))).toEqual(worldOf(...deleted));
    expect(worldOf(TENT, op('B:1', restore('r')))).toEqual(worldOf(TENT));
  });

  it('[FO26] restoring what was never known has no effect', () => {
    const unknown = worldOf(op('A:1', del('r')));
    expect(worldOf(op('A:1', del('r')), op('B:1', restore('r')))).toEqual(unknown);
    expect(worldOf(op('B:1', restore('r'))).records.size).toBe(0);
  });
});
