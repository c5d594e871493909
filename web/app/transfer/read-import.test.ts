import { describe, expect, it } from 'vitest';
import { tooLarge, storable } from './model.ts';
import { detectFormat, titleOfFile } from './read-import.ts';

describe('detectFormat', () => {
  it.each([
    ['milk\nbread', null, 'lines'],
    ['milk\n- bread', null, 'markdown'],
    ['# A', null, 'markdown'],
    ['[ ] milk', null, 'markdown'],
    ['{"lists": []}', null, 'json'],
    ['["milk"]', null, 'json'],
    ['[] empty', null, 'lines'],
    [' [ ]\n', null, 'json'],
    ['[[wiki]]', null, 'lines'],
    ['[Linux](https://kernel.org)', null, 'lines'],
    ['milk', 'a.MD', 'markdown'],
    ['- milk', 'a.json', 'json'],
    ['#hash 5-a-day', 'a.txt', 'lines'],
  ])('%j in %s is %s', (text, fileName, expected) => {
    expect(detectFormat(text, fileName)).toBe(expected);
  });
});

it('the file names the list', () => {
  expect(titleOfFile('Summer trip.v2.md')).toBe('Summer trip.v2');
  expect(titleOfFile('README')).toBe('README');
});

it('text that no server would take is made fit', () => {
  expect(storable('a\0b\uD800c😀')).toBe('ab\uFFFDc😀');
});

it('an item that no op can carry is named before anything is written', () => {
  const long = { title: 'x'.repeat(60_001), done: false, depth: 0 };
  expect(tooLarge([{ title: 'A', items: [long] }])).toMatch(/in “A” is too long/);
  expect(tooLarge([{ title: 'A', items: [{ ...long, title: 'x' }] }])).toBeNull();
});
