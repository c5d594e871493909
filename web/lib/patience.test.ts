import { describe, expect, test } from 'vitest';
import type { PageRequest } from '../../core/index.ts';
import { ANSWER_WITHIN_MS } from './door.ts';
import { createPatience } from './patience.ts';
import { FakeEnvironment } from './test-doubles.ts';

const WRITE: PageRequest = { v: 1, type: 'write', ops: [] as never };
const YEAR = 365 * 24 * 3_600_000;

describe('the patience with a host', () => {
  test('[PL16] [DR21] with a write behind others is not longer because the clock was set back', async () => {
    const environment = new FakeEnvironment();
    const patience = createPatience(environment);
    const lost: number[] = [];
    const waits = [1, 2].map((write) => patience(WRITE, () => lost.push(write)));
    waits[0]?.stop();
    waits[0]?.answered();
    environment.turnClock(-10 * YEAR);
    await environment.advance(ANSWER_WITHIN_MS);
    // The one before it was answered, so this one has another while; but not ten years.
    expect(lost).toEqual([]);
    waits[0]?.stop();
    await environment.advance(ANSWER_WITHIN_MS);
    await environment.advance(10 * ANSWER_WITHIN_MS);
    expect(lost).toEqual([2]);
  });
});
