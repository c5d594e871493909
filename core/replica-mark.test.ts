import { describe, expect, it } from 'vitest';
import {
  firstRowOf,
  isUrgent,
  markAfter,
  nextGeneration,
  type ReplicaMark,
} from './replica-mark.ts';

const NOW = 1_000_000;
const mark = (rest: Partial<ReplicaMark> = {}): ReplicaMark => ({
  name: 'lists',
  generation: 1,
  pending: 3,
  ...rest,
});
const found = (rest: { generation?: number; pending?: number; name?: string } = {}) => ({
  name: 'lists',
  pending: 0,
  ...rest,
});

describe('what is remembered of a replica', () => {
  it('[AC36] is that there is one, from when it is first seen', () => {
    expect(markAfter({}, found(), NOW)).toBeUndefined();
    expect(markAfter({}, found({ generation: 0, pending: 2 }), NOW)).toEqual({
      mark: mark({ generation: 0, pending: 2 }),
    });
  });

  it('[AC36] makes it known that it is gone, once, with what was in it alone', () => {
    const gone = markAfter({ mark: mark() }, found(), NOW + 5);
    expect(gone).toEqual({ mark: mark({ pending: null }), lost: { at: NOW + 5, pending: 3 } });
    expect(markAfter(gone ?? {}, found(), NOW + 9)).toBeUndefined();
    expect(markAfter(gone ?? {}, found({ generation: 2, pending: 1 }), NOW + 9)).toEqual({
      mark: mark({ generation: 2, pending: 1 }),
    });
  });

  it('[AC36] makes it known as well where another was made before anybody looked', () => {
    expect(markAfter({ mark: mark() }, found({ generation: 2 }), NOW)).toEqual({
      mark: mark({ generation: 2, pending: 0 }),
      lost: { at: NOW, pending: 3 },
    });
  });

  it('[AC36] adds what is lost before the former loss was seen', () => {
    const lost = { at: 1, pending: 4 };
    expect(markAfter({ mark: mark(), lost }, found(), NOW)).toMatchObject({ lost: { pending: 7 } });
  });

  it('[AC36] is kept at once where there is something to lose by now; another number of it can wait', () => {
    const counted = (pending: number) => {
      const after = markAfter({ mark: mark() }, found({ generation: 1, pending }), NOW);
      return after && [after.mark?.pending, isUrgent(after, mark())];
    };
    expect(counted(3)).toBeUndefined();
    expect(counted(4)).toEqual([4, false]);
    expect(counted(0)).toEqual([0, false]);
    expect(isUrgent({ mark: mark() }, undefined)).toBe(true);
    expect(isUrgent({ mark: mark() }, mark({ pending: 0 }))).toBe(true);
    expect(isUrgent({ mark: mark({ generation: 2 }) }, mark())).toBe(true);
    expect(isUrgent({ mark: mark({ pending: null }), lost: { at: 1, pending: 3 } }, mark())).toBe(
      true,
    );
  });

  it('[AC36] is of one app: another one’s database was not lost', () => {
    expect(markAfter({ mark: mark() }, found({ name: 'other' }), NOW)).toBeUndefined();
    expect(nextGeneration('other', mark())).toBe(0);
  });

  it('[AC37] gives each replica rows of its own', () => {
    expect(firstRowOf(0)).toBe(1);
    expect(nextGeneration('lists', mark())).toBe(2);
    expect(firstRowOf(2)).toBeGreaterThan(firstRowOf(1) + 4_000_000_000);
    expect(firstRowOf(1000)).toBeLessThan(Number.MAX_SAFE_INTEGER);
  });
});
