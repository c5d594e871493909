import { describe, expect, it } from 'vitest';
import { allAway, cameBack } from './away.ts';

describe('a device that was away for long', () => {
  it('[AB90] is told of all its spaces together, since when it is known', () => {
    expect(allAway([])).toBeNull();
    // Not back yet.
    expect(allAway([{ since: 5 }])).toBeNull();
    const back = [
      { since: null, kept: 1, deleted: 1 },
      { since: 7, kept: 0, deleted: 0 },
      { since: 5, kept: 2, deleted: 1 },
    ];
    expect(allAway([...back, { since: 1 }])).toEqual({ since: 7, kept: 3, deleted: 2 });
    expect(allAway(back.slice(0, 1))).toEqual({ since: null, kept: 1, deleted: 1 });
  });

  it('[AB90] that was away again before the person has seen it is told of both times', () => {
    const once = cameBack({ since: 5 }, { since: null, kept: 2, deleted: 0 });
    expect(once).toEqual({ since: 5, kept: 2, deleted: 0 });
    expect(cameBack(once, { since: null, kept: 1, deleted: 1 })).toEqual({
      since: 5,
      kept: 3,
      deleted: 1,
    });
  });
});
