import { describe, expect, it } from 'vitest';
import { actorOf, del, log, logAfter, make, op, opOf, put, restore } from '../spec/support/ops.ts';
import {
  confirmedOf,
  conflictsOf,
  foldOnto,
  seenOf,
  worldOf,
  EMPTY_WORLD,
} from '../spec/support/world.ts';
import { fold, mutationsOf, touchedBy } from './fold.ts';
import { recordKeyOf } from './record.ts';

const key = (id: string) => recordKeyOf({ collection: 'items', id });

describe('an op', () => {
  it('[FO1] folds its mutations in order: each sees the ones before it', () => {
    const world = worldOf(
      op('A:1', [
        make('r', { title: 'Tent' }),
        put('r', { title: 'Tarp' }),
        del('r'),
        restore('r'),
      ]),
    );
    expect(seenOf(world, 'r')).toEqual({ title: 'Tarp' });
    expect(conflictsOf(world)).toEqual([]);
  });

  it('[FO1] folds them onto what was there, each onto what the last one left', () => {
    const before = worldOf(op('A:1', make('r', { title: 'Tent' })));
    const batch = op('A:2', [put('r', { note: 'big' }), put('r', { size: 2 })]);
    expect(seenOf(foldOnto(before, logAfter(1, [batch])), 'r')).toEqual({
      title: 'Tent',
      note: 'big',
      size: 2,
    });
  });

  it('[FO1] folds all of its mutations or none', () => {
    const batch = '{"do":[{"kind":"put","collection":"items","id":"r","new":true,"fields":{}},{}]}';
    expect(worldOf(opOf('A:1', batch)).records.size).toBe(0);
  });

  it('[FO2] may win with one part and lose with another', () => {
    const world = worldOf(
      op('A:1', [make('r', { title: 'Tent' }), make('s', { title: 'Stove' })]),
      op('A:2', del('s')),
      op('B:1', [put('r', { title: 'Tarp' }), put('s', { title: 'Pot' })], { base: 1 }),
    );
    expect(seenOf(world, 'r')).toEqual({ title: 'Tarp' });
    expect(seenOf(world, 's')).toBeUndefined();
    expect(conflictsOf(world)).toEqual([
      'edit-delete s: gone (A:2) over {"title":"Pot"} (B:1), open',
    ]);
  });

  it('[FO3] of an unknown version stops the fold before it, and says where', () => {
    const ops = log(
      op('A:1', make('r', { title: 'Tent' })),
      op('A:2', put('r', { title: 'Tarp' }), { v: 99 }),
      op('A:3', put('r', { title: 'Pole' })),
    );
    const folded = fold(confirmedOf(EMPTY_WORLD), ops);
    expect(folded).toMatchObject({ count: 1, stopped: { seq: 2, version: 99 } });
    expect(folded).toEqual({
      ...fold(confirmedOf(EMPTY_WORLD), ops.slice(0, 1)),
      stopped: folded.stopped,
    });
  });

  it('[FO4] that is malformed has no effect but a record of it, and what follows is folded', () => {
    const ops = log(
      op('A:1', make('r', { title: 'Tent' })),
      opOf('B:7', '{"do":[{"kind":"explode","collection":"items","id":"r"}]}'),
      op('A:2', put('r', { title: 'Tarp' })),
    );
    const world = foldOnto(EMPTY_WORLD, ops);
    expect(world.malformed).toEqual([
      { seq: 2, actor: actorOf('B'), clock: 7, why: 'do[0]: kind: unknown' },
    ]);
    expect(seenOf(world, 'r')).toEqual({ title: 'Tarp' });
    expect(fold(confirmedOf(EMPTY_WORLD), ops)).toMatchObject({ count: 3 });
  });

  it('[FO5] may name records and fields __proto__ and the like', () => {
    const fields = JSON.parse('{"__proto__":{"polluted":true},"constructor":1}') as object;
    const world = worldOf(
      op('A:1', make('__proto__/constructor', { ...fields })),
      op('A:2', make('toString/__proto__', fields as Record<string, string>)),
      op('B:1', put('toString/__proto__', { constructor: 2 }), { base: 1 }),
    );
    expect(seenOf(world, '__proto__/constructor')).toHaveProperty('constructor', 1);
    expect(Object.keys(seenOf(world, 'toString/__proto__') ?? {})).toEqual([
      '__proto__',
      'constructor',
    ]);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

describe('what a fold reads and answers', () => {
  it('[FO36] it reads and changes no record but those that the ops name', () => {
    const ops = log(
      op('A:1', [make('r', {}), del('s')]),
      op('A:2', restore('t')),
      opOf('A:3', 'malformed'),
      op('A:4', make('u'), { v: 9 }),
    );
    const asked = new Set<string>();
    const folded = fold({ ...confirmedOf(EMPTY_WORLD), get: (name) => void asked.add(name) }, ops);
    const touched = touchedBy(ops);
    expect(touched).toEqual(new Set(['r', 's', 't'].map(key)));
    expect([...asked].every((name) => touched.has(name as ReturnType<typeof key>))).toBe(true);
    expect([...folded.records.keys()]).toEqual(['r', 's'].map(key));
  });

  it('[FO36] it answers with the records it changed and leaves those it was given as they were', () => {
    const before = worldOf(op('A:1', [make('r', { title: 'Tent' }), make('s')]));
    const frozen = structuredClone(before.records);
    const folded = fold(confirmedOf(before), log(op('A:2', put('r', { title: 'Tarp' }))));
    expect([...folded.records.keys()]).toEqual([key('r')]);
    expect(before.records).toEqual(frozen);
  });

  it('[FO36] an op that says nothing known names no mutations', () => {
    expect(mutationsOf(opOf('A:1', 'malformed'))).toEqual([]);
    expect(mutationsOf(op('A:1', del('r'), { v: 99 }))).toEqual([]);
  });
});
