import { describe, expect, it } from 'vitest';
import { parseMarkdown } from './parse-markdown.ts';

const read = (...lines: string[]) => parseMarkdown(lines.join('\n'), 'Imported');
const firstItem = (...lines: string[]) => read(...lines).lists[0]?.items[0];

describe('parseMarkdown', () => {
  it('reads a checklist with nesting, links and notes', () => {
    const { lists, skipped } = read(
      '# Camping',
      '',
      '- [ ] Tent',
      '  - [x] Pegs',
      '    bent ones are in the shed',
      '- [X] [Map](https://example.org/map) - of the north',
      '1. Stove',
      '   with gas',
      '',
      '   and matches',
      '* Mugs',
    );
    expect(skipped).toEqual([]);
    expect(lists).toEqual([
      {
        title: 'Camping',
        items: [
          { title: 'Tent', done: false, depth: 0 },
          { title: 'Pegs', done: true, depth: 1, note: 'bent ones are in the shed' },
          {
            title: 'Map',
            url: 'https://example.org/map',
            note: 'of the north',
            done: true,
            depth: 0,
          },
          { title: 'Stove', note: 'with gas\n\nand matches', done: false, depth: 0 },
          { title: 'Mugs', done: false, depth: 0 },
        ],
      },
    ]);
  });

  it('a heading over further headings or over prose is a section, any other one a list', () => {
    const { lists, skipped } = read(
      '# Awesome',
      '> A list of lists.',
      '## Empty ##',
      '## Platforms',
      '- [Linux](https://kernel.org) — runs',
      '## License',
      'Free for all.',
    );
    expect(lists.map(({ title }) => title)).toEqual(['Empty', 'Platforms']);
    expect(lists[1]?.items[0]?.note).toBe('runs');
    expect(skipped).toEqual([
      { line: 2, text: '> A list of lists.' },
      { line: 7, text: 'Free for all.' },
    ]);
  });

  it('items before any heading go to a list of their own', () => {
    expect(read('- a', '# B', '- b').lists.map(({ title }) => title)).toEqual(['Imported', 'B']);
  });

  it.each([
    ['tabs', ['- a', '\t- b', '\t\t- c', '- d'], [0, 1, 2, 0]],
    ['four blanks', ['- a', '    - b', '        - c', '    - d'], [0, 1, 2, 1]],
    ['a slip of one blank', ['- a', ' - b', '- c'], [0, 0, 0]],
    ['an indented beginning', ['  - a', '    - b', '  - c'], [0, 1, 0]],
    ['a level between two', ['- a', '    - b', '  - c'], [0, 1, 1]],
  ])('nesting by %s', (_name, lines, depths) => {
    expect(read(...lines).lists[0]?.items.map(({ depth }) => depth)).toEqual(depths);
  });

  it.each([
    ['- [a](<b c>)', { title: 'a', url: 'b c' }],
    ['- [a [b]](c(d)) note', { title: 'a [b]', url: 'c(d)', note: 'note' }],
    ['- [a](b "c"): d', { title: 'a', url: 'b', note: 'd' }],
    ['- see [a](b), please', { title: 'see a, please', url: 'b' }],
    ['- [x](b)', { title: 'x', url: 'b' }],
    ['- ![pic](x.png) and text', { title: '![pic](x.png) and text' }],
    ['- see [a](b) and [c](d)', { title: 'see [a](b) and [c](d)' }],
    ['- **bold** \\[not\\] a &lt;tag&gt; &#9731;', { title: '**bold** [not] a <tag> ☃' }],
    ['- [ ]', { title: '' }],
    ['[x] no bullet', { title: 'no bullet', done: true }],
  ])('%s', (line, expected) => {
    expect(firstItem(line)).toEqual({ done: false, depth: 0, ...expected });
  });

  it('what looks like items inside a fence does not count', () => {
    const { lists, skipped } = read('# A', '- a', '', '```', '- not', '# not', '```', '- b');
    expect(lists[0]?.items.map(({ title }) => title)).toEqual(['a', 'b']);
    expect(skipped.map(({ line }) => line)).toEqual([4, 5, 6, 7]);
  });

  it('rules between items are no items', () => {
    expect(read('- a', '- - -', '* * *', '---', '- b').lists[0]?.items).toHaveLength(2);
  });
});
