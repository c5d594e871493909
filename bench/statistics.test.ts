import { describe, expect, it } from 'vitest';
import { median, percentile, spread, timesOf } from './statistics.mjs';

const hundred = Array.from({ length: 100 }, (_, i) => 100 - i);

describe('a sample', () => {
  it('has percentiles by the nearest rank, whatever its order', () => {
    expect(timesOf(hundred, [50, 95, 99, 100])).toEqual([
      [50, 50],
      [95, 95],
      [99, 99],
      [100, 100],
    ]);
    expect(percentile([7], 0.99)).toBe(7);
    expect(percentile([], 0.5)).toBeNaN();
  });

  it('is sorted as numbers, and left as it was', () => {
    const sample = [10, 9, 1];
    expect(median(sample)).toBe(9);
    expect(sample).toEqual([10, 9, 1]);
  });

  it('has its median between its least and its greatest', () => {
    expect(spread([3, 1, 2, 5, 4])).toEqual({ median: 3, min: 1, max: 5 });
  });
});
