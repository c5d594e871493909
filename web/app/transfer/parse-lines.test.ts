import { expect, it } from 'vitest';
import { parseLines } from './parse-lines.ts';

const text = 'Groceries\r\n\r\n milk\n☑ bread\n[ ] eggs\n[x] salt\n• tea\n\tgreen\n';

it('takes the first line for the name, if asked to', () => {
  const [list] = parseLines(text, { title: 'File', firstLineIsTitle: true }).lists;
  expect(list?.title).toBe('Groceries');
  expect(list?.items).toEqual([
    { title: 'milk', done: false, depth: 0 },
    { title: 'bread', done: true, depth: 0 },
    { title: 'eggs', done: false, depth: 0 },
    { title: 'salt', done: true, depth: 0 },
    { title: 'tea', done: false, depth: 0 },
    { title: 'green', done: false, depth: 1 },
  ]);
});

it('or takes every line for an item', () => {
  const [list] = parseLines(text, { title: 'File', firstLineIsTitle: false }).lists;
  expect(list?.title).toBe('File');
  expect(list?.items[0]?.title).toBe('Groceries');
  expect(list?.items).toHaveLength(7);
});

it('nothing is an empty list', () => {
  expect(parseLines(' \n', { title: 'T', firstLineIsTitle: true }).lists).toEqual([
    { title: 'T', items: [] },
  ]);
});
