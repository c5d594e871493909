import fc from 'fast-check';
import { expect, it } from 'vitest';
import { jsonFaultAt } from './json-fault.ts';

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

it.each([
  ['{"a": [}', 7],
  ['{"a" 1}', 5],
  ['[1,]', 3],
  ['[1 2]', 3],
  ['', 0],
  ['"a', 0],
  ['{} x', 3],
  ['[01]', 2],
])('%s fails at %i', (text, at) => {
  expect(jsonFaultAt(text)).toBe(at);
});

it('agrees with the browser about what is JSON', () => {
  const spoiled = fc
    .tuple(fc.json(), fc.nat(), fc.constantFrom('', ',', '"', '{', ']', '\\', '1', ' '))
    .map(([text, at, put]) => {
      const place = at % (text.length + 1);
      return text.slice(0, place) + put + text.slice(place + 1);
    });
  fc.assert(
    fc.property(fc.oneof(fc.json(), spoiled, fc.string()), (text) => {
      expect(jsonFaultAt(text) === null).toBe(isJson(text));
    }),
    { numRuns: 1000 },
  );
});
