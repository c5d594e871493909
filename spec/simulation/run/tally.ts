/** The figures of a run, as its seeds come in. */
import type { FaultPoint, ConflictFound } from '../simulate.ts';
import { hasFailed, type Ran, type SeedReport } from './seed-report.ts';

export interface Firings {
  readonly times: number;
  readonly seeds: number;
}

/** How many conflicts of a run are kept to be looked at. */
const MOST_SAMPLES = 24;

/** How many seeds a run has at least in which each fault must fire. */
export const FULL_RUN = 200;

export class Tally {
  passed = 0;
  ops = 0;
  steps = 0;
  devices = 0;
  conflicts = 0;
  readonly failed: SeedReport[] = [];
  /** How often each fault fired, and in how many seeds. */
  readonly firings = new Map<FaultPoint, Firings>();
  /** The ms that each seed took. */
  readonly times = new Map<number, number>();
  readonly samples: (ConflictFound & { readonly seed: number })[] = [];
  readonly histories = new Map<number, readonly string[]>();

  get seeds(): number {
    return this.passed + this.failed.length;
  }

  get faults(): number {
    return [...this.firings.values()].reduce((sum, { times }) => sum + times, 0);
  }

  add(report: SeedReport): void {
    if (hasFailed(report)) this.failed.push(report);
    else this.passed++;
    if (report.kind === 'ran') this.#addFigures(report);
  }

  /** The fault points that a full run never came by: what lies behind them was not tested. */
  silentOf(points: readonly FaultPoint[]): readonly FaultPoint[] {
    if (this.seeds < FULL_RUN) return [];
    return points.filter((point) => (this.firings.get(point)?.times ?? 0) === 0);
  }

  #addFigures({ seed, ms, ops, steps, devices, conflicts, faults, samples, history }: Ran): void {
    this.ops += ops;
    this.steps += steps;
    this.devices += devices;
    this.conflicts += conflicts;
    this.times.set(seed, ms);
    if (history) this.histories.set(seed, history);
    const room = MOST_SAMPLES - this.samples.length;
    this.samples.push(...samples.slice(0, room).map((sample) => ({ ...sample, seed })));
    for (const [point, times] of Object.entries(faults) as [FaultPoint, number][]) {
      const before = this.firings.get(point) ?? { times: 0, seeds: 0 };
      const seeds = before.seeds + (times > 0 ? 1 : 0);
      this.firings.set(point, { times: before.times + times, seeds });
    }
  }
}
