import { describe, expect, it } from 'vitest';
import { blockEnd, shownDepths, stepDown, stepUp } from './outline.ts';

const shown = (...depths: (number | undefined)[]) =>
  shownDepths(depths.map((depth) => ({ depth })));

describe('shownDepths', () => {
  it.each([
    [
      [undefined, 1, 2, 0],
      [0, 1, 2, 0],
    ],
    [
      [2, 2, 2],
      [0, 1, 2],
    ],
    [
      [0, 9, 9, 9, 9, 9, 9, 9],
      [0, 1, 2, 3, 4, 5, 5, 5],
    ],
    [
      [0, -3, 1.7],
      [0, 0, 1],
    ],
    [
      [0, Number.NaN, Number.POSITIVE_INFINITY],
      [0, 0, 0],
    ],
  ])('%j is shown as %j', (depths, expected) => {
    expect(shown(...depths)).toEqual(expected);
  });
});

describe('blocks', () => {
  //            0  1  2  3  4  5
  const tree = [0, 1, 1, 0, 1, 0];

  it('a row ends where the next of its depth begins', () => {
    expect(tree.map((_, i) => blockEnd(tree, i))).toEqual([3, 2, 3, 5, 5, 6]);
  });

  it('a block steps over its neighbour with all that is nested there', () => {
    expect(stepUp(tree, 3)).toBe(0);
    expect(stepUp(tree, 5)).toBe(3);
    expect(stepUp(tree, 0)).toBeNull();
    expect(stepDown(tree, 0)).toBe(5);
    expect(stepDown(tree, 3)).toBe(6);
    expect(stepDown(tree, 5)).toBeNull();
  });

  it('the last child steps out under the next parent, the first above its own', () => {
    expect(stepDown(tree, 2)).toBe(4);
    expect(stepUp(tree, 1)).toBe(0);
  });
});
