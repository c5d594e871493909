import { describe, expect, it } from 'vitest';
import {
  actorOf,
  add,
  del,
  make,
  op,
  put,
  remove,
  restore,
  type WrittenOp,
} from '../spec/support/ops.ts';
import { conflictsOf, recordOf, seenOf, worldOf } from '../spec/support/world.ts';

const TENT = op('A:1', make('r'));
const tagsOf = (...ops: readonly WrittenOp[]) => seenOf(worldOf(TENT, ...ops), 'r')?.['tags'];

describe('a set', () => {
  it('[FO27] has what was added, in the order in which it was, and each element once', () => {
    const ops = [
      op('B:1', add('r', 'tags', 'red', 'big', 'red')),
      op('A:2', add('r', 'tags', 'a')),
    ];
    expect(tagsOf(...ops)).toEqual(['red', 'big', 'a']);
    expect(conflictsOf(worldOf(TENT, ...ops))).toEqual([]);
  });

  it('[FO27] has not what was removed by who had seen it', () => {
    expect(
      tagsOf(op('B:1', add('r', 'tags', 'red', 'big')), op('C:1', remove('r', 'tags', 'red'))),
    ).toEqual(['big']);
  });

  it('[FO27] keeps what was added by who had not seen the removal, nor was seen by it', () => {
    const red = op('B:1', add('r', 'tags', 'red'));
    const again = op('D:1', add('r', 'tags', 'red'), { base: 1 });
    const gone = op('C:1', remove('r', 'tags', 'red'), { base: 2 });
    expect(tagsOf(red, again, gone)).toEqual(['red']);
    expect(tagsOf(red, gone, again)).toEqual(['red']);
    expect(conflictsOf(worldOf(TENT, red, again, gone))).toEqual([]);
  });

  it('[FO27] an element is gone once every tag of it is', () => {
    const ops = [
      op('B:1', add('r', 'tags', 'red')),
      op('C:1', add('r', 'tags', 'red'), { base: 1 }),
      op('D:1', remove('r', 'tags', 'red'), { base: 2 }),
    ];
    expect(tagsOf(...ops)).toEqual(['red']);
    const world = worldOf(TENT, ...ops, op('D:2', remove('r', 'tags', 'red')));
    expect(seenOf(world, 'r')).toEqual({});
    expect(recordOf(world, 'r')).toEqual(recordOf(worldOf(TENT), 'r'));
  });

  it('[FO27] adding takes away the tags that its author had seen, and no others', () => {
    const world = worldOf(
      TENT,
      op('B:1', add('r', 'tags', 'red'), { at: 5 }),
      op('C:1', add('r', 'tags', 'red'), { base: 1, at: 6 }),
      op('D:1', add('r', 'tags', 'red'), { base: 2, at: 7 }),
    );
    expect(recordOf(world, 'r')?.sets?.get('tags')).toEqual([
      { value: 'red', seq: 3, at: 6, actor: actorOf('C'), clock: 1 },
      { value: 'red', seq: 4, at: 7, actor: actorOf('D'), clock: 1 },
    ]);
  });

  it('[FO27] removing what is not there does nothing', () => {
    const there = [TENT, op('B:1', add('r', 'tags', 'red'))];
    const after = worldOf(
      ...there,
      op('C:1', remove('r', 'tags', 'big')),
      op('C:2', add('r', 'tags')),
    );
    expect(after).toEqual(worldOf(...there));
    expect(worldOf(TENT, op('C:1', remove('r', 'none', 1)))).toEqual(worldOf(TENT));
  });

  it('[FO28] elements are equal when their canonical JSON is', () => {
    const ops = [
      op('B:1', add('r', 'tags', { a: 1, b: 2 }, 1, '1', null, { b: 2, a: 1 })),
      op('C:1', add('r', 'tags', { b: 2, a: 1 }), { base: 1 }),
    ];
    expect(tagsOf(...ops)).toEqual([{ a: 1, b: 2 }, 1, '1', null]);
    expect(tagsOf(...ops, op('C:2', remove('r', 'tags', { b: 2, a: 1 }, 1)))).toEqual(['1', null]);
  });

  it('[FO6] of the name of a register is another value', () => {
    const world = worldOf(
      TENT,
      op('B:1', add('r', 'tags', 'red')),
      op('C:1', put('r', { tags: 'none' }), { base: 1 }),
      op('D:1', remove('r', 'tags', 'none')),
    );
    expect(conflictsOf(world)).toEqual([]);
    expect(recordOf(world, 'r')?.fields.get('tags')?.value).toBe('none');
    expect(recordOf(world, 'r')?.sets?.get('tags')).toHaveLength(1);
  });

  it('[FO25] is under the tombstone, and back after a restore', () => {
    const ops = [op('B:1', add('r', 'tags', 'red')), op('B:2', del('r')), op('C:1', restore('r'))];
    expect(tagsOf(...ops.slice(0, 2))).toBeUndefined();
    expect(tagsOf(...ops)).toEqual(['red']);
  });

  it('[FO14] is not in the next life of the record', () => {
    const ops = [op('B:1', add('r', 'tags', 'red')), op('B:2', del('r')), op('C:1', make('r'))];
    expect(seenOf(worldOf(TENT, ...ops), 'r')).toEqual({});
  });
});
