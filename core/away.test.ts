import { describe, expect, it } from 'vitest';
import { allAway, awaySince, cameBack } from './away.ts';

const DAY = 24 * 3_600_000;

describe('a device that was away for long', () => {
  it('[AB90] was so since the server had last answered, where that is longer ago than a moment', () => {
    expect(awaySince(1 * DAY, 91 * DAY)).toEqual({ since: DAY });
    expect(awaySince(91 * DAY - 60_000, 91 * DAY)).toEqual({ since: null });
    expect(awaySince(undefined, 91 * DAY)).toEqual({ since: null });
    // The clock was set back.
    expect(awaySince(92 * DAY, 91 * DAY)).toEqual({ since: null });
  });

  it('[AB90] is told of all its spaces together, since the earliest that is known', () => {
    expect(allAway([])).toBeNull();
    // Not back yet.
    expect(allAway([{ since: 5 }])).toBeNull();
    const back = [
      { since: null, kept: 1, deleted: 1 },
      { since: 7, kept: 0, deleted: 0 },
      { since: 5, kept: 2, deleted: 1 },
    ];
    expect(allAway([...back, { since: 1 }])).toEqual({ since: 5, kept: 3, deleted: 2 });
    expect(allAway(back.slice(0, 1))).toEqual({ since: null, kept: 1, deleted: 1 });
  });

  it('[AB90] that was away again before the person has seen it is told of both times', () => {
    const once = cameBack({ since: 5 }, { kept: 2, deleted: 0 });
    expect(once).toEqual({ since: 5, kept: 2, deleted: 0 });
    expect(cameBack(once, { kept: 1, deleted: 1 })).toEqual({ since: 5, kept: 3, deleted: 1 });
  });
});
