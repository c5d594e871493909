import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { covers, partsOf, rowsBetween, topsOf } from './rows-in-view.ts';

const tops = topsOf(5, (i) => 10 * (i + 1)); // 0 10 30 60 100 150

describe('the rows in view', () => {
  it('are those of which something is seen', () => {
    expect(tops).toEqual([0, 10, 30, 60, 100, 150]);
    expect(rowsBetween(tops, 0, 5)).toEqual({ from: 0, to: 1 });
    expect(rowsBetween(tops, 12, 59)).toEqual({ from: 1, to: 3 });
    expect(rowsBetween(tops, -500, 1000)).toEqual({ from: 0, to: 5 });
    expect(rowsBetween(tops, 400, 900)).toEqual({ from: 5, to: 5 });
    expect(
      rowsBetween(
        topsOf(0, () => 1),
        0,
        100,
      ),
    ).toEqual({ from: 0, to: 0 });
  });

  it('are there with those that always are, and gaps are as high as what they stand for', () => {
    expect(partsOf(tops, { from: 1, to: 2 }, [4])).toEqual([
      { kind: 'gap', from: 0, height: 10 },
      { kind: 'row', index: 1 },
      { kind: 'gap', from: 2, height: 70 },
      { kind: 'row', index: 4 },
    ]);
  });

  it('and the gaps are all rows, each once and in order, whatever is seen and wanted', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 90 }), { maxLength: 60 }),
        fc.integer({ min: -50, max: 4000 }),
        fc.nat(900),
        fc.array(fc.integer({ min: -1, max: 70 }), { maxLength: 4 }),
        (heights, top, view, always) => {
          const all = topsOf(heights.length, (i) => heights[i] ?? 0);
          const range = rowsBetween(all, top, top + view);
          const parts = partsOf(all, range, always);
          const rows = parts.flatMap((part) => (part.kind === 'row' ? [part.index] : []));
          expect(rows).toEqual([...new Set(rows)].toSorted((a, b) => a - b));
          const height = parts.reduce(
            (sum, part) => sum + (part.kind === 'gap' ? part.height : (heights[part.index] ?? 0)),
            0,
          );
          expect(height).toBe(all.at(-1));
          for (const index of always) {
            if (index >= 0 && index < heights.length) expect(rows).toContain(index);
          }
          for (const [index, from] of all.slice(0, -1).entries()) {
            const isSeen = from < top + view && (all[index + 1] ?? 0) > top;
            if (isSeen) expect(rows).toContain(index);
          }
        },
      ),
    );
  });

  it('need not change while what is seen is among them', () => {
    expect(covers({ from: 2, to: 9 }, { from: 2, to: 9 })).toBe(true);
    expect(covers({ from: 2, to: 9 }, { from: 1, to: 5 })).toBe(false);
    expect(covers({ from: 2, to: 9 }, { from: 5, to: 10 })).toBe(false);
  });
});
