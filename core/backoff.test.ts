import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { check } from '../spec/support/check.ts';
import { LONGEST_POLL_MS, pollDelay, retryDelay, SHORTEST_POLL_MS } from './backoff.ts';

const BUSY = { kind: 'busy' } as const;
const fraction = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('the wait before a retry', () => {
  it.each([
    [1, 2_000],
    [2, 4_000],
    [3, 8_000],
    [5, 32_000],
    [6, 60_000],
    [7, 60_000],
    [5_000, 60_000],
  ])('[BO1] number %d is anything from nothing to %d ms', (attempt, ceiling) => {
    expect(retryDelay(attempt, 0, BUSY)).toBe(0);
    expect(retryDelay(attempt, 0.5, BUSY)).toBe(ceiling / 2);
    expect(retryDelay(attempt, 1 - Number.EPSILON, BUSY)).toBe(ceiling);
  });

  it('[BO1] is no longer than between two polls where no server was reached', () => {
    expect(retryDelay(3, 1 - Number.EPSILON, { kind: 'network' })).toBe(8_000);
    expect(retryDelay(9, 1 - Number.EPSILON, { kind: 'network' })).toBe(LONGEST_POLL_MS);
  });

  it('[BO1] is never shorter than the server asked for, nor longer than that and a minute', () => {
    check(
      fc.property(fc.nat(), fraction, fc.option(fc.nat(600_000)), (attempt, random, asked) => {
        const retryAfter = asked ?? undefined;
        const delay = retryDelay(attempt, random, { kind: 'busy', retryAfter });
        expect(delay).toBeGreaterThanOrEqual(asked ?? 0);
        expect(delay).toBeLessThanOrEqual(60_000 + (asked ?? 0));
      }),
    );
  });

  it('[BO1] differs also for devices that were all asked to wait for the same time', () => {
    const why = { kind: 'busy', retryAfter: 30_000 } as const;
    expect(retryDelay(1, 0.25, why)).not.toBe(retryDelay(1, 0.75, why));
  });
});

describe('the wait before a poll', () => {
  it.each([
    [0, 1_000],
    [4_000, 1_000],
    [8_000, 2_000],
    [60_000, 15_000],
    [3_600_000, 15_000],
    [-5_000, 1_000],
  ])('[BO2] after %d ms without activity is %d ms', (idle, delay) => {
    expect(pollDelay(idle)).toBe(delay);
  });

  it('[BO2] grows with inactivity, from one second to fifteen', () => {
    check(
      fc.property(fc.nat(), fc.nat(), (a, b) => {
        const [shorter, longer] = [Math.min(a, b), Math.max(a, b)];
        expect(pollDelay(shorter)).toBeLessThanOrEqual(pollDelay(longer));
        expect(pollDelay(a)).toBeGreaterThanOrEqual(SHORTEST_POLL_MS);
        expect(pollDelay(a)).toBeLessThanOrEqual(LONGEST_POLL_MS);
      }),
    );
  });
});
