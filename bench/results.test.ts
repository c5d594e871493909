import { describe, expect, it } from 'vitest';
import { figureNames, readResult, ResultError, Runs } from './results.mjs';

describe('the runs of an entrant', () => {
  it('give the spread of each figure, and keep every run', () => {
    const runs = new Runs();
    for (const ms of [5, 1, 3]) runs.add({ 'p50, ms': ms });
    expect(runs.row({ id: 'x', title: 'X' })).toEqual({
      entrant: 'x',
      title: 'X',
      figures: { 'p50, ms': { median: 3, min: 1, max: 5, runs: [5, 1, 3] } },
      failures: [],
    });
  });

  it('tell of a run that failed, in one line', () => {
    const runs = new Runs();
    runs.add({ 'p50, ms': 1 });
    runs.fail(new Error('no answer\n   at once'));
    expect(runs.row({ id: 'x', title: 'X' })).toMatchObject({
      figures: { 'p50, ms': { runs: [1] } },
      failures: ['no answer at once'],
    });
  });
});

describe('a result', () => {
  it('names the figures of a part in the order in which they come', () => {
    const figure = { median: 1, min: 1, max: 1, runs: [1] };
    const row = (...names: string[]) => ({
      entrant: 'x',
      title: 'X',
      figures: Object.fromEntries(names.map((name) => [name, figure])),
      failures: [],
    });
    const part = { id: 'W1', title: '', about: '', better: 'less' as const, drawn: [] };
    expect(figureNames({ ...part, rows: [row('a', 'b'), row('b', 'c')] })).toEqual(['a', 'b', 'c']);
  });

  it.each(['', 'null', '[]', '{"version":2,"parts":[]}', '{"figures":{}}'])(
    'of another shape is not read: %s',
    (text) => {
      expect(() => readResult(text)).toThrow(ResultError);
    },
  );
});
