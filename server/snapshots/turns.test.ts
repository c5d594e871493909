import { describe, expect, it } from 'vitest';
import { turnsIn } from './turns.ts';

const DAY = 1000;
const all = ['a', 'b', 'c', 'd'];
const turns = (from: number, to: number) => turnsIn(all, { from, to, day: DAY });

describe('a turn a day', () => {
  it('[SN50] comes to each once, spread over the day, however it is cut', () => {
    expect(turns(0, DAY)).toEqual(all);
    for (const step of [1, 7, 250, 300, 1000]) {
      const had: string[] = [];
      for (let at = 5000; at < 6000; at += step) had.push(...turns(at, Math.min(at + step, 6000)));
      expect(had.sort()).toEqual(all);
    }
    expect(turns(0, 10)).toEqual([]);
    expect(turns(240, 250)).toEqual(['b']);
    expect(turns(990, 1000)).toEqual(['a']);
  });

  it('is one for each, however long it was', () => {
    expect(turns(3, 90 * DAY)).toEqual(all);
    expect(turnsIn([], { from: 0, to: DAY, day: DAY })).toEqual([]);
  });
});
