import { describe, expect, it } from 'vitest';
import { add, append, del, increment, make, op, put } from '../spec/support/ops.ts';
import { recordOf, worldOf } from '../spec/support/world.ts';
import { visibleFields } from './visible.ts';

const TENT = op('A:1', make('r', { title: 'Tent' }));

describe('what a person sees of a record', () => {
  it('[RB7] is the value of each field while it lives', () => {
    const world = worldOf(TENT, op('A:2', put('r', { size: 2, title: null })));
    expect(visibleFields(recordOf(world, 'r'))).toEqual(
      new Map<string, unknown>([
        ['title', null],
        ['size', 2],
      ]),
    );
  });

  it('[RB7] is nothing of one that is unknown or deleted', () => {
    expect(visibleFields(undefined)).toBeUndefined();
    expect(visibleFields(recordOf(worldOf(TENT, op('A:2', del('r'))), 'r'))).toBeUndefined();
  });

  it('[RB7] is an empty record, and not nothing, of one made without fields', () => {
    expect(visibleFields(recordOf(worldOf(op('A:1', make('r'))), 'r'))).toEqual(new Map());
  });

  const ALL = worldOf(
    op('A:1', [
      make('r', { a: 'register' }),
      ...['a', 'b'].map((field) => add('r', field, 'element')),
      ...['a', 'b', 'c'].map((field) => increment('r', field)),
      ...['a', 'b', 'c', 'd'].map((field) => append('r', field, 'entry')),
    ]),
  );

  it('[FO6] is of each name the register, else the set, the counter or the journal', () => {
    expect(Object.fromEntries(visibleFields(recordOf(ALL, 'r')) ?? [])).toEqual({
      a: 'register',
      b: ['element'],
      c: 1,
      d: ['entry'],
    });
  });

  it('[FO6] is what the schema names, and nothing else of that name', () => {
    const kinds = { a: 'journal', b: 'counter', c: 'set', d: 'register' } as const;
    expect(Object.fromEntries(visibleFields(recordOf(ALL, 'r'), kinds) ?? [])).toEqual({
      a: ['entry'],
      b: 1,
      c: [],
    });
  });

  it('[FO41] is an empty set, counter or journal where the schema has one and nothing is in it', () => {
    const kinds = {
      tags: 'set',
      packed: 'counter',
      history: 'journal',
      title: 'register',
    } as const;
    const world = worldOf(op('A:1', make('r')));
    expect(Object.fromEntries(visibleFields(recordOf(world, 'r'), kinds) ?? [])).toEqual({
      tags: [],
      packed: 0,
      history: [],
    });
  });

  it('[FO6] a schema says nothing of a field that the language has a word for', () => {
    const world = worldOf(op('A:1', [make('r'), add('r', 'constructor', 1)]));
    expect(visibleFields(recordOf(world, 'r'), {})).toEqual(new Map([['constructor', [1]]]));
  });
});
