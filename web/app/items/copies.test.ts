import { describe, expect, it } from 'vitest';
import { copiesOf, titlesInWords } from './copies.ts';

const KEYS = [
  ['camp', 'map'],
  ['camp', 'tent'],
  ['deleted', 'map'],
  ['home', 'lamp'],
  ['home', 'tent'],
  ['work', 'lamp'],
  ['work', 'tent'],
] as const;
const CAMP = { list: 'camp', ids: ['map', 'tent'] };
const isKnown = (list: string) => list !== 'deleted';

describe('[AP21] an item that was moved to two lists at once', () => {
  it('is known in each of them, with the others', () => {
    expect(copiesOf(KEYS, CAMP, isKnown)).toEqual(new Map([['tent', ['home', 'work']]]));
    expect(copiesOf(KEYS, { list: 'home', ids: ['lamp', 'tent'] }, isKnown)).toEqual(
      new Map([
        ['lamp', ['work']],
        ['tent', ['camp', 'work']],
      ]),
    );
  });

  it('is not one where the other list is gone', () => {
    expect(copiesOf(KEYS, CAMP, () => false).size).toBe(0);
  });

  it.each([
    [['Camp'], '“Camp”'],
    [['Camp', ''], '“Camp” and “Untitled”'],
    [['A', 'B', 'C'], '“A”, “B” and “C”'],
  ])('names the lists %j', (titles, words) => {
    expect(titlesInWords(titles)).toBe(words);
  });
});
