/** The whole system from seeds, each in one of a few processes; and the runs that once broke a promise. */
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import kept from './kept-seeds.json' with { type: 'json' };
import type { Decision } from './plan.ts';
import { bundleSimulation, folderForBundles } from './run/bundle.ts';
import { runCrew, USUAL_PATIENCE } from './run/crew.ts';
import { hasFailed, type SeedReport } from './run/seed-report.ts';
import { failureLines } from './run/words.ts';
import { FAULT_POINTS, simulate } from './simulate.ts';

/** A second and a bit of one core each, where nothing else runs. */
const SEEDS = 100;
const JOBS = 2;

interface Kept {
  /** What was wrong. */
  readonly why: string;
  readonly seed: number;
  readonly plan: readonly Decision[];
}

const folder = folderForBundles();
const reports: SeedReport[] = [];
beforeAll(async () => {
  const errands = Array.from({ length: SEEDS }, (_, i) => ({
    seed: i + 1,
    shrinks: true,
    tellsHistory: false,
  }));
  await runCrew({
    bundle: await bundleSimulation(folder),
    jobs: JOBS,
    errands,
    patience: USUAL_PATIENCE,
    onReport: (report) => void reports.push(report),
  });
}, 1_500_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the simulation', () => {
  it('[SI3] [SI4] keeps every promise while everything goes wrong, and everything arrives when it ends', () => {
    expect(reports.filter(hasFailed).flatMap(failureLines)).toEqual([]);
    expect(reports).toHaveLength(SEEDS);
  });

  it('[SI2] is of a size', () => {
    const small = reports.filter((one) => {
      if (one.kind !== 'ran') return true;
      const happened = Object.values(one.faults).reduce((sum, count) => sum + count, 0);
      return one.devices < 4 || one.ops < 200 || happened < 20;
    });
    expect(small.map(({ seed }) => seed)).toEqual([]);
  });

  it('[SI6] meets every kind of fault', () => {
    const fired = new Set<string>();
    for (const one of reports) {
      if (one.kind !== 'ran') continue;
      for (const [point, count] of Object.entries(one.faults)) if (count > 0) fired.add(point);
    }
    expect(FAULT_POINTS.filter((point) => !fired.has(point))).toEqual([]);
  });

  it.each([7, 8, 9])(
    '[SI1] of seed %i goes the same way in this process as in another',
    async (seed) => {
      const there = reports.find((one) => one.seed === seed);
      const here = await simulate(seed);
      expect(there).toMatchObject({ kind: 'ran', hash: here.hash, steps: here.steps });
      expect((await simulate(seed)).history).toEqual(here.history);
    },
    60_000,
  );

  it.each(kept as readonly Kept[])('[SI5] is kept: $why', async ({ seed, plan }) => {
    expect((await simulate(seed, { plan, stacks: true })).violation).toBeUndefined();
  });
});
