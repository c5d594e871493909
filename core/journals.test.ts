import { describe, expect, it } from 'vitest';
import { actorOf, append, make, op } from '../spec/support/ops.ts';
import { conflictsOf, recordOf, seenOf, worldOf } from '../spec/support/world.ts';

const TENT = op('A:1', make('r'));

describe('a journal', () => {
  it('[FO30] has every entry in the order of the log, whoever had seen which', () => {
    const world = worldOf(
      TENT,
      op('B:1', append('r', 'history', 'packed'), { at: 9 }),
      op('C:1', [append('r', 'history', { by: 'C' }), append('r', 'history', 'packed')], {
        base: 1,
        at: 3,
      }),
    );
    expect(seenOf(world, 'r')).toEqual({ history: ['packed', { by: 'C' }, 'packed'] });
    expect(conflictsOf(world)).toEqual([]);
    expect(recordOf(world, 'r')?.journals?.get('history')?.[1]).toEqual({
      entry: { by: 'C' },
      seq: 3,
      at: 3,
      actor: actorOf('C'),
      clock: 1,
    });
  });
});
