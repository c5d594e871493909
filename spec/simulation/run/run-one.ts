/** One seed, told in full: its history, the faults that fired, and what is left of it if it failed. */
import { runCrew, USUAL_PATIENCE } from './crew.ts';
import type { OneSeed } from './arguments.ts';
import type { Surroundings } from './run-many.ts';
import { hasFailed, type Errand, type SeedReport } from './seed-report.ts';
import { failureLines } from './words.ts';

/** Returns whether it passed. One that fails is run twice: making it small takes its time. */
export async function runOne({ seed }: OneSeed, around: Surroundings): Promise<boolean> {
  const whole = await report({ seed, shrinks: false, tellsHistory: true }, around);
  if (!whole) return false;
  linesOf(whole).forEach(around.tell);
  if (!hasFailed(whole)) return true;
  const small = await report({ seed, shrinks: true, tellsHistory: false }, around);
  if (small) failureLines(small).forEach(around.tell);
  return false;
}

async function report(
  errand: Errand,
  { bundle, signal }: Surroundings,
): Promise<SeedReport | undefined> {
  let found: SeedReport | undefined;
  await runCrew({
    bundle,
    jobs: 1,
    errands: [errand],
    patience: USUAL_PATIENCE,
    onReport: (one) => (found = one),
    ...(signal && { signal }),
  });
  return found;
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
