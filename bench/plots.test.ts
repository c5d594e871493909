import { describe, expect, it } from 'vitest';
import { barChart, growthsOf, lineCharts, panelsOf, scaleOf } from './plots.mjs';

const figure = (median: number) => ({ median, min: median / 2, max: median * 2, runs: [median] });
const row = (entrant: string, figures: Record<string, number>) => ({
  entrant,
  title: entrant.toUpperCase(),
  figures: Object.fromEntries(Object.entries(figures).map(([name, n]) => [name, figure(n)])),
  failures: [],
});
const part = {
  id: 'W1',
  title: 'One & two',
  about: '',
  better: 'less' as const,
  drawn: ['empty: p50, ms', '1,000 waiting: p50, ms'],
  rows: [
    row('a', { 'empty: p50, ms': 4, '1,000 waiting: p50, ms': 5, '10,000 waiting: p50, ms': 6 }),
    row('b', { 'empty: p50, ms': 2, '10 waiting: p50, ms': 7, '100 waiting: p50, ms': 8 }),
  ],
};
const roleOf = (entrant: string) => (entrant === 'a' ? 'ours' : 'peer');

describe('bars', () => {
  it('stand with the best on top, for figures that two have at least', () => {
    const panels = panelsOf(part, roleOf);
    expect(panels.map(({ title }) => title)).toEqual(['empty: p50 (ms), less is better']);
    expect(panels[0]?.bars.map(({ label, role }) => [label, role])).toEqual([
      ['B', 'peer'],
      ['A', 'ours'],
    ]);
    const [more] = panelsOf({ ...part, better: 'more' }, roleOf);
    expect(more?.bars.map(({ label }) => label)).toEqual(['A', 'B']);
  });

  it('are as long as their figures, and say them', () => {
    const svg = barChart(panelsOf(part, roleOf), 'light', part.title);
    const widths = [...svg.matchAll(/<rect class="(\w+)"[^>]* width="([\d.]+)"/g)];
    const [peer, ours] = widths.map(([, role, width]) => [role, Number(width)]);
    expect([peer?.[0], ours?.[0]]).toEqual(['peer', 'ours']);
    expect(Number(ours?.[1]) / Number(peer?.[1])).toBeCloseTo(2, 1);
    expect(svg).toContain('>4.00</text>');
    expect(svg).toContain('aria-label="One &amp; two"');
  });

  it('are light or dark', () => {
    const panels = panelsOf(part, roleOf);
    expect(barChart(panels, 'light', '')).not.toBe(barChart(panels, 'dark', ''));
  });
});

describe('an axis', () => {
  it('begins at nought where the figures are near each other', () => {
    const { isLog, at } = scaleOf([10, 100], 0, 200);
    expect([isLog, at(0), at(50), at(100)]).toEqual([false, 0, 100, 200]);
  });

  it('is logarithmic where they are far apart', () => {
    const { isLog, at } = scaleOf([1, 1000], 0, 300);
    expect(isLog).toBe(true);
    expect(at(1)).toBeGreaterThan(0);
    expect(at(100) - at(10)).toBeCloseTo(at(1000) - at(100));
  });

  it('stands even where there is nothing to show', () => {
    expect(scaleOf([], 0, 100).at(5)).toBe(0);
    expect(scaleOf([0, Number.NaN], 0, 100).at(Number.NaN)).toBe(0);
  });
});

describe('lines', () => {
  it('join figures that differ by one number, of who has three of them', () => {
    const three = row('c', {
      '10 x: ms': 1,
      '1,000 x: ms': 3,
      '100 x: ms': 2,
      'p50, ms': 9,
      'p95, ms': 9,
      'p99, ms': 9,
    });
    const [chart, ...others] = growthsOf({ ...part, rows: [...part.rows, three] }, roleOf);
    expect(others).toEqual([]);
    expect(chart?.lines.map(({ label, points }) => [label, points.map(({ x }) => x)])).toEqual([
      ['C', [10, 1000, 100]],
    ]);
    expect(chart && lineCharts([chart], 'dark', 'x')).toContain('>1,000</text>');
  });
});
