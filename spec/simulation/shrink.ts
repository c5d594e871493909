/** A failing run made small: of its decisions as few as still break the same promise. */
import { cutDown } from './cut-down.ts';
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
  const whole = await simulate(seed, options);
  const promise = whole.violation?.promise;
  if (promise === undefined) return shrunk(whole, 1);
  const isBroken = async (plan: readonly Decision[]): Promise<boolean> =>
    (await simulate(seed, { ...options, plan })).violation?.promise === promise;
  const { items: plan, tries } = await cutDown(whole.plan, isBroken, MOST_RUNS);
  return shrunk(await simulate(seed, { ...options, plan, stacks: true }), tries + 2);
}

const shrunk = (
  { seed, plan, history, violation }: SimulationResult,
  runs: number,
): ShrunkHistory => ({ seed, plan, history, violation, runs });
