import { describe, expect, it } from 'vitest';
import { itemsFromPaste } from './pasted.ts';

const titles = (text: string) => itemsFromPaste(text)?.map(({ title }) => title) ?? null;

describe('itemsFromPaste', () => {
  it.each([
    ['one line\n', null],
    ['milk\nbread\n\n eggs', ['milk', 'bread', 'eggs']],
    ['- [x] milk\n- bread', ['milk', 'bread']],
    ['Groceries:\n- milk', ['Groceries:', 'milk']],
    ['["a",\n"b"]', ['a', 'b']],
    ['{ not\njson', ['{ not', 'json']],
  ])('%j', (text, expected) => {
    expect(titles(text)).toEqual(expected);
  });
});
