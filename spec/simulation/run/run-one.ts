/** One seed, told in full: its history, the faults that fired, and what is left of it if it failed. */
import { runCrew, USUAL_PATIENCE } from './crew.ts';
import type { OneSeed } from './arguments.ts';
import type { Surroundings } from './run-many.ts';
import type { SeedReport } from './seed-report.ts';
import { failureLines } from './words.ts';

/** Returns whether it passed. */
export async function runOne({ seed }: OneSeed, around: Surroundings): Promise<boolean> {
  let report: SeedReport | undefined;
  await runCrew({
    bundle: around.bundle,
    jobs: 1,
    errands: [{ seed, shrinks: true, tellsHistory: true }],
    patience: USUAL_PATIENCE,
    onReport: (one) => (report = one),
    ...(around.signal && { signal: around.signal }),
  });
  if (!report) return false;
  linesOf(report).forEach(around.tell);
  return report.kind === 'ran' && !report.violation;
}

function linesOf(report: SeedReport): readonly string[] {
  if (report.kind === 'lost') return failureLines(report);
  const { seed, hash, ms, ops, steps, devices, conflicts, faults, history, violation } = report;
  const fired = Object.entries(faults)
    .filter(([, times]) => times > 0)
    .map(([point, times]) => `  ${times} × ${point}`);
  return [
    ...(history ?? []),
    '',
    `seed ${seed}: ${devices} devices, ${ops} ops, ${steps} steps, ${conflicts} conflicts in ${ms} ms`,
    `hash ${hash}`,
    ...fired,
    ...(violation ? ['', ...failureLines(report)] : ['passed']),
  ];
}
