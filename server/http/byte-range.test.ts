import { describe, expect, it } from 'vitest';
import { byteRangeOf } from './byte-range.ts';

describe('a Range header', () => {
  it.each([
    ['bytes=0-', { from: 0, to: 100 }],
    ['bytes=10-', { from: 10, to: 100 }],
    ['bytes=10-19', { from: 10, to: 20 }],
    ['bytes=99-99', { from: 99, to: 100 }],
    ['bytes=10-1000', { from: 10, to: 100 }],
    ['bytes=-30', { from: 70, to: 100 }],
    ['bytes=-1000', { from: 0, to: 100 }],
    ['bytes=100-', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
  ])('%s of 100 bytes', (header, range) => {
    expect(byteRangeOf(header, 100)).toEqual(range);
  });

  it.each([null, '', 'bytes=-', 'bytes=5-4', 'bytes=1-2,4-5', 'lines=1-2', 'bytes=a-b', 'bytes=1'])(
    '%s is ignored',
    (header) => {
      expect(byteRangeOf(header, 100)).toBeNull();
    },
  );
});
