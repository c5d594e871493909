import { describe, expect, it } from 'vitest';
import {
  add,
  append,
  del,
  drop,
  log,
  logAfter,
  make,
  op,
  opOf,
  put,
  resolve,
  restore,
  type WrittenOp,
} from '../spec/support/ops.ts';
import {
  conflictsOf,
  EMPTY_WORLD,
  foldOnto,
  recordOf,
  seenOf,
  worldOf,
} from '../spec/support/world.ts';
import { asSeq, SERVER_ACTOR } from './ids.ts';
import { encodeDrop, parsePayload, DROP_VERSION } from './payload.ts';

const gone = [op('A:1', [make('r', { title: 'Tent' }), make('s')]), op('A:2', del('r'))];

describe('the payload of a drop', () => {
  const parse = (text: string, version = DROP_VERSION) => parsePayload(text, version);

  it('[OP15] is of grammar 3, and is read as what it was written from', () => {
    const text = encodeDrop(asSeq(500));
    expect(text).toBe('{"do":[{"kind":"drop","through":500}]}');
    expect(parse(text)).toEqual({ kind: 'drop', through: 500 });
    expect(parse(text, 2)).toMatchObject({ kind: 'malformed' });
    expect(parse('{"do":[{"kind":"delete","collection":"c","id":"r"}]}').kind).toBe('known');
  });

  it.each([
    ['{"do":[{"kind":"drop"}]}', 'through: not a seq'],
    ['{"do":[{"kind":"drop","through":-1}]}', 'through: not a seq'],
    ['{"do":[{"kind":"drop","through":1.5}]}', 'through: not a seq'],
    ['{"do":[{"kind":"drop","through":"1"}]}', 'through: not a seq'],
    ['{"do":[{"kind":"drop","through":1},{"kind":"drop","through":2}]}', 'drop: not alone'],
    [
      '{"do":[{"kind":"delete","collection":"c","id":"r"},{"kind":"drop","through":1}]}',
      'drop: not alone',
    ],
  ])('[OP3] [OP15] %s is malformed: %s', (text, why) => {
    expect(parse(text)).toEqual({ kind: 'malformed', why });
  });
});

describe('a drop', () => {
  it('[RT1] takes a tombstone at or below its seq, with the values under it', () => {
    const world = worldOf(...gone, drop(1, 2));
    expect(recordOf(world, 'r')).toBeUndefined();
    expect(seenOf(world, 's')).toEqual({});
    expect(seenOf(foldOnto(world, logOn(3, op('A:3', restore('r')))), 'r')).toBeUndefined();
  });

  it('[RT1] leaves a tombstone above its seq, and every living record', () => {
    const world = worldOf(...gone, drop(1, 1));
    expect(recordOf(world, 'r')?.grave?.seq).toBe(2);
    expect(recordOf(world, 's')).toBeDefined();
  });

  it('[OP15] of any other actor is malformed, and drops nothing', () => {
    const world = worldOf(...gone, opOf('A:3', encodeDrop(asSeq(2)), { v: DROP_VERSION }));
    expect(recordOf(world, 'r')?.grave?.seq).toBe(2);
    expect(world.malformed).toMatchObject([{ seq: 3, why: 'drop: not by the server' }]);
    expect(SERVER_ACTOR).toMatch(/^0{8}-0{4}-7/);
  });

  it('[RT3] leaves a tombstone that has an open conflict, until that is closed', () => {
    const edited = [...gone, op('B:1', put('r', { title: 'Tarp' }), { base: 1 })];
    const world = worldOf(...edited, drop(1, 3));
    expect(recordOf(world, 'r')?.grave?.seq).toBe(2);
    expect(conflictsOf(world)).toEqual([
      'edit-delete r: gone (A:2) over {"title":"Tarp"} (B:1), open',
    ]);
    const closed = op('A:3', resolve('B:1 edit-delete r', 'winner'));
    const after = foldOnto(world, logOn(4, closed, drop(2, 4)));
    expect(recordOf(after, 'r')).toBeUndefined();
    // It was closed at seq 5.
    expect(conflictsOf(after)).toHaveLength(1);
    expect(conflictsOf(foldOnto(after, logOn(6, drop(3, 5))))).toEqual([]);
  });

  it('[RT2] takes a conflict by where it was closed, or by its birth if it was born closed', () => {
    const both = [
      op('A:1', make('r', { title: 'Tent' })),
      op('A:2', put('r', { title: 'Tarp', note: 'x' })),
      op('B:1', put('r', { title: 'Hut' }), { base: 1 }),
      op('B:2', put('r', { note: 'y' }, { manual: ['note'] }), { base: 1 }),
      op('A:3', resolve('B:2 edit-edit r.note', 'winner')),
    ];
    const left = (through: number) => conflictsOf(worldOf(...both, drop(1, through))).length;
    expect([2, 3, 4, 5].map(left)).toEqual([2, 1, 1, 0]);
  });

  it('[RT3] leaves every open conflict, however old', () => {
    const open = [
      op('A:1', make('r', { title: 'Tent' })),
      op('A:2', put('r', { title: 'Tarp' })),
      op('B:1', put('r', { title: 'Hut' }, { manual: ['title'] }), { base: 1 }),
    ];
    expect(conflictsOf(worldOf(...open, drop(1, 3)))).toHaveLength(1);
  });

  it('[RT1] [FO10] leaves nothing to edit: what comes later to a dropped record is a conflict', () => {
    const later = [
      op('B:1', put('r', { title: 'Tarp' }), { base: 1 }),
      op('B:2', add('r', 'tags', 'red'), { base: 1 }),
      op('B:3', append('r', 'log', 'x')),
    ];
    const world = worldOf(...gone, drop(1, 2), ...later);
    expect(recordOf(world, 'r')).toBeUndefined();
    expect(conflictsOf(world).map((text) => text.slice(0, 11))).toEqual(
      later.map(() => 'edit-delete'),
    );
    const made = foldOnto(world, logOn(6, op('A:3', make('r', { title: 'New' }))));
    expect(seenOf(made, 'r')).toEqual({ title: 'New' });
  });

  it('[CF9] a conflict that was dropped is known no more: a side says nothing, a value is a put', () => {
    const start = [
      op('A:1', make('r', { title: 'Tent' })),
      op('A:2', put('r', { title: 'Tarp' })),
      op('B:1', put('r', { title: 'Hut' }), { base: 1 }),
      drop(1, 3),
    ];
    const name = 'B:1 edit-edit r.title';
    expect(conflictsOf(worldOf(...start))).toEqual([]);
    const side = worldOf(...start, op('A:3', resolve(name, 'loser')));
    expect(seenOf(side, 'r')).toEqual({ title: 'Hut' });
    const value = worldOf(...start, op('A:3', resolve(name, { value: 'Cabin' })));
    expect(seenOf(value, 'r')).toEqual({ title: 'Cabin' });
  });

  it('[CF11] what was brought back from a conflict that is dropped since stays as it is', () => {
    const start = [
      op('A:1', make('r', { title: 'Tent' })),
      op('A:2', del('r')),
      op('B:1', append('r', 'log', 'x'), { base: 1 }),
      op('A:3', resolve('B:1 edit-delete r', 'loser')),
    ];
    const before = worldOf(...start);
    const after = worldOf(...start, drop(1, 4));
    expect(conflictsOf(after)).toEqual([]);
    expect(recordOf(after, 'r')).toEqual(recordOf(before, 'r'));
    expect(recordOf(after, 'r')?.taken).toHaveLength(1);
  });

  it('[FO32] sees what the ops before it in one piece did, and is seen by those behind it', () => {
    const ops = log(
      ...gone,
      op('A:3', restore('r')),
      drop(1, 2),
      op('A:4', del('r')),
      drop(2, 5),
      op('A:5', make('r', { title: 'Again' })),
    );
    const whole = foldOnto(EMPTY_WORLD, ops);
    expect(seenOf(foldOnto(EMPTY_WORLD, ops.slice(0, 4)), 'r')).toEqual({ title: 'Tent' });
    expect(seenOf(whole, 'r')).toEqual({ title: 'Again' });
    expect(recordOf(whole, 'r')?.born).toHaveLength(1);
  });
});

const logOn = (after: number, ...ops: readonly WrittenOp[]) => logAfter(after, ops);
