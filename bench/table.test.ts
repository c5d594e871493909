import { describe, expect, it } from 'vitest';
import { failuresOf, markdownTable, shown, tablesOf, unitOf } from './table.mjs';

const figure = (...runs: number[]) => ({
  median: runs[0] ?? 0,
  min: Math.min(...runs),
  max: Math.max(...runs),
  runs,
});
const part = {
  id: 'W3',
  title: 'Drain',
  about: '',
  better: 'more' as const,
  drawn: [],
  rows: [
    {
      entrant: 'a',
      title: 'A',
      figures: { '5 singly: ops/s': figure(2000, 1000, 3000), '5 at once: ops/s': figure(12.345) },
      failures: ['no end', 'no end', 'other'],
    },
    { entrant: 'b', title: 'B', figures: { '5 singly: ops/s': figure(0.5) }, failures: [] },
  ],
};

describe('a table', () => {
  it('has one for each block of figures, with the spread of several runs', () => {
    expect(tablesOf(part)).toBe(
      [
        '| 5 singly | ops/s |',
        '| --- | ---: |',
        '| A | 2,000 (1,000–3,000) |',
        '| B | 0.50 |',
        '',
        '| 5 at once | ops/s |',
        '| --- | ---: |',
        '| A | 12.3 |',
      ].join('\n'),
    );
  });

  it('does not break at what a cell holds', () => {
    expect(markdownTable([['a|b'], ['c\nd']])).toBe('| a\\|b |\n| --- |\n| c d |');
  });
});

describe('numbers and names', () => {
  it('are shown with as many digits as mean something', () => {
    expect([0.123, 5, 12.34, 99.96, 1234.5].map(shown)).toEqual([
      '0.12',
      '5.00',
      '12.3',
      '100.0',
      '1,235',
    ]);
  });

  it('end with a unit', () => {
    expect(unitOf('1,000 waiting: p50, ms')).toBe('ms');
    expect(unitOf('5 singly: ops/s')).toBe('ops/s');
  });
});

it('what failed is told once, with how often', () => {
  expect(failuresOf([part])).toEqual([
    '- W3, A, 2 of the runs: no end',
    '- W3, A, 1 of the runs: other',
  ]);
});
