/** One seed is one run, wherever it runs; and the runs that once broke a promise. Many are in many-seeds.test.ts. */
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import kept from './kept-seeds.json' with { type: 'json' };
import type { Decision } from './plan.ts';
import { bundleSimulation, folderForBundles } from './run/bundle.ts';
import { runCrew, USUAL_PATIENCE } from './run/crew.ts';
import type { SeedReport } from './run/seed-report.ts';
import { simulate, type SimulationResult } from './simulate.ts';

/** One of each theme. */
const SEEDS = [6, 7, 8];

interface Kept {
  /** What was wrong. */
  readonly why: string;
  readonly seed: number;
  readonly plan: readonly Decision[];
}

const folder = folderForBundles();
const elsewhere: SeedReport[] = [];
const here = new Map<number, SimulationResult>();
beforeAll(async () => {
  await runCrew({
    bundle: await bundleSimulation(folder),
    jobs: 1,
    errands: SEEDS.map((seed) => ({ seed, shrinks: false, tellsHistory: true })),
    patience: USUAL_PATIENCE,
    onReport: (report) => void elsewhere.push(report),
  });
  for (const seed of SEEDS) here.set(seed, await simulate(seed));
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a simulated run', () => {
  it.each(SEEDS)('[SI1] of seed %i goes the same way in this process as in another', (seed) => {
    const { hash, history } = here.get(seed) as SimulationResult;
    expect(elsewhere.find((one) => one.seed === seed)).toMatchObject({
      kind: 'ran',
      hash,
      history,
    });
  });

  it.each(SEEDS)('[SI2] of seed %i has devices, ops and faults enough', (seed) => {
    const { devices, ops, faults } = here.get(seed) as SimulationResult;
    expect(devices).toBeGreaterThanOrEqual(4);
    expect(ops).toBeGreaterThanOrEqual(200);
    expect(Object.values(faults).reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(20);
  });

  it.each(kept as readonly Kept[])('[SI5] is kept: $why', async ({ seed, plan }) => {
    expect((await simulate(seed, { plan, stacks: true })).violation).toBeUndefined();
  });
});
