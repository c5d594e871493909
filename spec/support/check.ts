/**
 * Runs a property. A failure prints its seed and path; `OFFING_SEED` repeats a run and
 * `OFFING_RUNS` sets how many cases each property tries.
 */
import fc from 'fast-check';
import { vi } from 'vitest';

const runs = Number(process.env['OFFING_RUNS'] ?? 0);
const seed = process.env['OFFING_SEED'];

// Who asks for more cases than usual means to wait for them.
if (runs > 0) vi.setConfig({ testTimeout: 0 });

/** `usual`: how many cases without `OFFING_RUNS`; fewer where a case is a whole history. */
export function check<Args>(property: fc.IProperty<Args>, usual = 200): void {
  fc.assert(property, {
    numRuns: runs > 0 ? runs : usual,
    ...(seed !== undefined && { seed: Number(seed) }),
  });
}
