/** Testing the tests: each known-bad change is made, and must be noticed. */
import { beforeAll, describe, expect, it } from 'vitest';
import { KNOWN_BAD } from './all.ts';
import caught from './caught.json' with { type: 'json' };
import type { Verdict } from './catch.ts';
import { TEST_JOBS } from '../run/test-jobs.ts';
import { catchAll } from './run-known-bad.ts';

const LONGEST_MS = 600_000;

const verdicts = new Map<string, Verdict>();
beforeAll(
  () =>
    catchAll(KNOWN_BAD, {
      jobs: TEST_JOBS,
      before: caught,
      onVerdict: ({ name }, one) => verdicts.set(name, one),
    }),
  LONGEST_MS,
);

describe('a known-bad change is caught', () => {
  it.each(KNOWN_BAD.map(({ name }) => name))('[SI27] %s', (name) => {
    expect(verdicts.get(name)).toMatchObject({ kind: 'caught' });
  });
});
