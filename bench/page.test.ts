import { describe, expect, it } from 'vitest';
import { PageError, withFigures } from './page.mjs';

const figure = { median: 1, min: 1, max: 2, runs: [1, 2] };
const row = (entrant: string, title: string) => ({
  entrant,
  title,
  figures: { 'p50, ms': figure },
  failures: entrant === 'b' ? ['no end'] : [],
});
const contestant = { role: 'peer', write: 'at once', batch: '', server: 'has none', versions: '' };
const result = {
  version: 1 as const,
  date: '2026-01-02T03:04:05.000Z',
  scale: 'quick',
  runs: 5,
  seconds: 300,
  machine: { cpus: 2, model: 'Chip', memory: 2 ** 33, node: 'v20', browser: 'Browser 1', load: 0 },
  contestants: [
    { ...contestant, title: 'A', role: 'ours' },
    { ...contestant, title: 'B', versions: 'b 1.0.0' },
  ],
  leftOut: [{ title: 'C', why: 'it is not there' }],
  parts: [
    {
      id: 'W4',
      title: 'Edits',
      about: 'From here to there.',
      better: 'less' as const,
      drawn: ['p50, ms'],
      rows: [row('a', 'A'), row('b', 'B')],
    },
  ],
};

describe('a page', () => {
  const { page, plots } = withFigures('# Performance\n\nMy words.\n', result);

  it('is given what it lacks, behind what it says', () => {
    expect(page.startsWith('# Performance\n\nMy words.\n\n## How these were measured\n')).toBe(
      true,
    );
    expect(page).toContain('median of 5 runs');
    expect(page).toContain('| B (b 1.0.0) | at once | none | has none |');
    expect(page).toContain('- W4, B, 1 of the runs: no end');
    expect(page).toContain('- C: it is not there.');
    expect(page).toContain('## W4. Edits\n\n<!-- figures W4 -->\n\nFrom here to there.');
    expect(page).toContain('| A | 1.00 (1.00–2.00) |');
  });

  it('shows each plot that is drawn, for light and for dark', () => {
    expect([...plots.keys()]).toEqual(['w4-light.svg', 'w4-dark.svg']);
    expect(page).toContain('srcset="plots/w4-dark.svg"');
    expect(page).toContain('src="plots/w4-light.svg"');
  });

  it('keeps the words around the figures when they are measured again', () => {
    const worded = page.replace('<!-- figures W4 -->', 'We are slow.\n\n<!-- figures W4 -->');
    const again = withFigures(`${worded}\nThe end.\n`, { ...result, runs: 7 }).page;
    expect(again).toContain('We are slow.');
    expect(again.trimEnd().endsWith('The end.')).toBe(true);
    expect(again).toContain('median of 7 runs');
    expect(again).not.toContain('median of 5 runs');
    expect(again.match(/<!-- figures W4 -->/g)).toHaveLength(1);
  });

  it('says that the machine was busy', () => {
    const busy = { ...result, machine: { ...result.machine, load: 3 } };
    expect(withFigures('', busy).page).toContain('busy (load 3.0): not for the record');
  });

  it('is not written over a section without an end', () => {
    const broken = '<!-- figures run -->\n<!-- figures W4 -->\n<!-- /figures -->\n';
    expect(() => withFigures(broken, result)).toThrow(PageError);
  });
});
