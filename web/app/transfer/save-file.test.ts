import { expect, it } from 'vitest';
import { fileNameOf } from './save-file.ts';

it.each([
  ['Summer: trip / 2026?', 'Summer trip 2026'],
  ['..\\..\\etc', 'etc'],
  ['...', 'List'],
  ['', 'List'],
  ['Été\n★', 'Été ★'],
  ['x'.repeat(200), 'x'.repeat(80)],
])('%j is saved as %j', (title, name) => {
  expect(fileNameOf(title)).toBe(name);
});
