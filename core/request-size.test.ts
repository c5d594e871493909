import { describe, expect, it } from 'vitest';
import { failureOf } from './failure.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import { afterSuccess, afterTimeout, isSplittable } from './request-size.ts';

describe('the size of a request', () => {
  it('[DR28] is half after a time-out, and one op at least', () => {
    expect([500, 3, 1].map(afterTimeout)).toEqual([250, 1, 1]);
  });

  it('[DR28] doubles with each request that went through, up to what the limits allow', () => {
    expect([1, 2, 100].map((most) => afterSuccess(most, DEFAULT_LIMITS))).toEqual([2, 4, 200]);
    expect(afterSuccess(250, DEFAULT_LIMITS)).toBeUndefined();
  });

  it('[DR30] matters only where the request itself may be at fault', () => {
    expect(isSplittable(failureOf(413, 'too_large'))).toBe(true);
    expect(isSplittable(failureOf(400, 'bad_request'))).toBe(true);
    for (const code of ['protocol_unsupported', 'wrong_account', 'unsupported_media'] as const)
      expect(isSplittable(failureOf(400, code))).toBe(false);
    expect(isSplittable(failureOf(503, 'overloaded'))).toBe(false);
  });
});
