import { describe, expect, it } from 'vitest';
import { actorOf, increment, make, op, put, type WrittenOp } from '../spec/support/ops.ts';
import { conflictsOf, recordOf, seenOf, worldOf } from '../spec/support/world.ts';

const TENT = op('A:1', make('r'));
const packed = (...ops: readonly WrittenOp[]) => seenOf(worldOf(TENT, ...ops), 'r')?.['packed'];

describe('a counter', () => {
  it('[FO29] is the sum of all increments, concurrent or not, and never in conflict', () => {
    const ops = [
      op('B:1', increment('r', 'packed', 2)),
      op('C:1', increment('r', 'packed', 3), { base: 1 }),
      op('B:2', increment('r', 'packed', -1), { base: 1 }),
    ];
    expect(packed(...ops)).toBe(4);
    expect(conflictsOf(worldOf(TENT, ...ops))).toEqual([]);
  });

  it('[FO29] counts each increment of one op', () => {
    const twice = [increment('r', 'packed'), increment('r', 'packed', 0.5)];
    expect(packed(op('B:1', twice))).toBe(1.5);
  });

  it('[FO29] has one part for each actor, with the stamp of its last increment', () => {
    const world = worldOf(
      TENT,
      op('B:1', increment('r', 'packed', 2), { at: 5 }),
      op('C:1', increment('r', 'packed', 3), { at: 6 }),
      op('B:2', increment('r', 'packed', 4), { at: 7 }),
    );
    expect(recordOf(world, 'r')?.counters?.get('packed')).toEqual([
      { total: 6, seq: 4, at: 7, actor: actorOf('B'), clock: 2 },
      { total: 3, seq: 3, at: 6, actor: actorOf('C'), clock: 1 },
    ]);
  });

  it('[FO40] stays a number that JSON has, however much is added', () => {
    const most = Number.MAX_VALUE;
    const ops = [
      op('B:1', increment('r', 'packed', most)),
      op('B:2', increment('r', 'packed', most)),
    ];
    expect(packed(...ops)).toBe(most);
    expect(packed(...ops, op('C:1', increment('r', 'packed', most)))).toBe(most);
    expect(packed(...ops, op('C:1', increment('r', 'packed', -most)))).toBe(0);
  });

  it('[FO6] of the name of a register is another value', () => {
    const world = worldOf(
      TENT,
      op('B:1', put('r', { packed: 7 })),
      op('C:1', increment('r', 'packed'), { base: 1 }),
    );
    expect(recordOf(world, 'r')?.fields.get('packed')?.value).toBe(7);
    expect(recordOf(world, 'r')?.counters?.get('packed')).toMatchObject([{ total: 1 }]);
    expect(conflictsOf(world)).toEqual([]);
  });
});
