import { expect, it } from 'vitest';
import { safeLink } from './links.ts';

it.each([
  ['https://www.example.org/a?b', { href: 'https://www.example.org/a?b', label: 'example.org' }],
  ['example.org/a', { href: 'https://example.org/a', label: 'example.org' }],
  ['mailto:ada@example.org', { href: 'mailto:ada@example.org', label: 'ada@example.org' }],
  ['javascript:alert(1)', null],
  [' java\nscript:alert(1)', null],
  ['data:text/html,<script>', null],
  ['just words', null],
  ['', null],
  [undefined, null],
])('%j leads to %j', (url, expected) => {
  expect(safeLink(url)).toEqual(expected);
});
