/**
 * Runs a property. A failure prints its seed and path; `OFFING_SEED` repeats a run and
 * `OFFING_RUNS` sets how many cases each property tries.
 */
import fc from 'fast-check';

const runs = Number(process.env['OFFING_RUNS'] ?? 0);
const seed = process.env['OFFING_SEED'];

/** `usual`: how many cases without `OFFING_RUNS`; fewer where a case is a whole history. */
export function check<Args>(property: fc.IProperty<Args>, usual = 200): void {
  fc.assert(property, {
    numRuns: runs > 0 ? runs : usual,
    ...(seed !== undefined && { seed: Number(seed) }),
  });
}
