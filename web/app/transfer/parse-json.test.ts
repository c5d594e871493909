import { describe, expect, it } from 'vitest';
import { UnreadableImport } from './model.ts';
import { parseJson } from './parse-json.ts';

const read = (value: unknown) => parseJson(JSON.stringify(value), 'File').lists;

describe('parseJson takes what others write', () => {
  const milk = { title: 'milk', done: false, depth: 0 };

  it.each([
    ['texts', ['milk'], [{ title: 'File', items: [milk] }]],
    [
      'items',
      [{ name: 'milk', completed: true }],
      [{ title: 'File', items: [{ ...milk, done: true }] }],
    ],
    ['one list', { name: 'A', tasks: ['milk'] }, [{ title: 'A', items: [milk] }]],
    [
      'lists',
      [
        { title: 'A', items: [] },
        { title: 'B', items: ['milk'] },
      ],
      [
        { title: 'A', items: [] },
        { title: 'B', items: [milk] },
      ],
    ],
    [
      'nested items',
      { items: [{ text: 'food', children: ['milk'] }] },
      [
        {
          title: 'File',
          items: [
            { ...milk, title: 'food' },
            { ...milk, depth: 1 },
          ],
        },
      ],
    ],
    [
      'a link without a title',
      [{ url: 'https://a.b' }],
      [
        {
          title: 'File',
          items: [{ title: 'https://a.b', url: 'https://a.b', done: false, depth: 0 }],
        },
      ],
    ],
    [
      'nulls',
      [{ title: 'milk', note: null, done: null, depth: null, children: null }],
      [{ title: 'File', items: [milk] }],
    ],
  ])('%s', (_name, value, expected) => {
    expect(read(value)).toEqual(expected);
  });
});

describe('parseJson names the place of a fault', () => {
  it.each([
    ['lists', { lists: {} }, 'lists: expected an array, found {}'],
    [
      'an item',
      { lists: [{ title: 'A', items: ['a', 5] }] },
      'lists[0].items[1]: expected an item, found 5',
    ],
    [
      'a flag',
      { items: [{ title: 'a', done: 'maybe' }] },
      'items[0].done: expected true or false, found "maybe"',
    ],
    [
      'a depth',
      { items: [{ title: 'a', depth: -1 }] },
      'items[0].depth: expected a whole number from 0, found -1',
    ],
    [
      'a child',
      { items: [{ title: 'a', children: [{}] }] },
      'items[0].children[0]: this item has no title.',
    ],
    ['no items', { title: 'A' }, 'there are no items in this list.'],
    ['a number', 7, 'expected an object or an array, found 7'],
  ])('%s', (_name, value, message) => {
    expect(() => read(value)).toThrow(new UnreadableImport(message));
  });

  it('says in which line it stops being JSON', () => {
    expect(() => parseJson('{\n  "lists": [\n    }\n', 'x')).toThrow(
      /not JSON \(line 3, column 5\)/,
    );
  });

  it('refuses what a newer version wrote', () => {
    expect(() => read({ format: 'offing-lists', version: 2, lists: [] })).toThrow(/newer version/);
  });

  it('hostile names are names', () => {
    expect(
      parseJson('{"__proto__": {"x": 1}, "items": ["__proto__"]}', 'x').lists[0]?.items[0]?.title,
    ).toBe('__proto__');
  });
});
