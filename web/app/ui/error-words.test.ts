import { expect, it } from 'vitest';
import { OffingError } from '../../lib/index.ts';
import { errorWords } from './error-words.ts';

it('says in words what a code means, whatever the message', () => {
  expect(errorWords(new OffingError('storage_full', 'QuotaExceededError'))).toMatch(
    /no space left/,
  );
});

it('shows a code it does not know, with its detail', () => {
  expect(errorWords(new OffingError('odd_code', 'The detail.'))).toBe('The detail. (odd_code)');
  expect(errorWords(new Error('plain'))).toBe('plain');
  expect(errorWords('text')).toBe('text');
});
