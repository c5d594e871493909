/** The whole system in one process, on seeds: most are new to each kind of change, some are kept. */
import { describe, expect, it } from 'vitest';
import kept from './kept-seeds.json' with { type: 'json' };
import { FAULT_POINTS, simulate, shrink, type SimulationResult } from './simulate.ts';

const SEEDS = Array.from({ length: 12 }, (_, i) => i + 1);

async function expectWhole(seed: number): Promise<SimulationResult> {
  const result = await simulate(seed);
  if (!result.violation) return result;
  const { violation, history, plan } = await shrink(seed);
  const told = { seed, violation: result.violation, shrunken: violation, history, plan };
  throw new Error(`seed ${seed}: ${JSON.stringify(told, null, 1)}`);
}

describe('the simulation', () => {
  it('[SI2] [SI3] [SI4] [SI6] keeps every promise, whatever goes wrong, and everything does', async () => {
    const fired = new Map<string, number>();
    for (const seed of SEEDS) {
      const { ops, devices, faults } = await expectWhole(seed);
      for (const [point, count] of Object.entries(faults))
        fired.set(point, (fired.get(point) ?? 0) + count);
      const happened = Object.values(faults).reduce((sum, count) => sum + count, 0);
      expect({ seed, ops: ops >= 200, faults: happened >= 20, devices: devices >= 4 }).toEqual({
        seed,
        ops: true,
        faults: true,
        devices: true,
      });
    }
    expect(FAULT_POINTS.filter((point) => !fired.get(point))).toEqual([]);
  }, 240_000);

  it('[SI1] goes the same way again', async () => {
    for (const seed of [7, 8]) {
      const [one, other] = [await simulate(seed), await simulate(seed)];
      expect(other.hash).toBe(one.hash);
      expect(other.history).toEqual(one.history);
    }
  }, 60_000);

  it('[SI5] has kept the seeds that once failed', async () => {
    for (const { seed } of kept as readonly { seed: number }[]) await expectWhole(seed);
  }, 240_000);
});
