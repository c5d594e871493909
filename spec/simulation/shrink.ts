/**
 * A failing run made small: of its decisions as few as still break the same promise, by cutting out
 * ever smaller stretches (delta debugging).
 */
import type { Decision } from './plan.ts';
import { simulate, type SimulationOptions, type SimulationResult } from './run.ts';

export interface ShrunkHistory {
  readonly seed: number;
  readonly plan: readonly Decision[];
  readonly history: readonly string[];
  readonly violation: SimulationResult['violation'];
  /** How many runs it took. */
  readonly runs: number;
}

/** More runs than this are not worth the wait. */
const MOST_RUNS = 300;

export async function shrink(
  seed: number,
  options: Partial<SimulationOptions> = {},
): Promise<ShrunkHistory> {
  let best = await simulate(seed, options);
  const promise = best.violation?.promise;
  let runs = 1;
  if (promise === undefined) return shrunk(best, runs);
  // Nothing after the step of the violation can be needed, unless it was found at the end.
  let size = Math.ceil(best.plan.length / 2);
  while (size >= 1 && runs < MOST_RUNS) {
    let isSmaller = false;
    for (let from = 0; from < best.plan.length && runs < MOST_RUNS;) {
      const plan = [...best.plan.slice(0, from), ...best.plan.slice(from + size)];
      const next = await simulate(seed, { ...options, plan });
      runs += 1;
      if (next.violation?.promise === promise) {
        best = next;
        isSmaller = true;
      } else {
        from += size;
      }
    }
    if (size === 1 && !isSmaller) break;
    size = Math.max(1, Math.floor(size / 2));
  }
  const { plan } = best;
  return shrunk(await simulate(seed, { ...options, plan, stacks: true }), runs);
}

const shrunk = (
  { seed, plan, history, violation }: SimulationResult,
  runs: number,
): ShrunkHistory => ({ seed, plan, history, violation, runs });
