/** What a run says at the terminal. Pure. */
import type { FaultPoint } from '../simulate.ts';
import type { SeedReport } from './seed-report.ts';
import type { Tally } from './tally.ts';

/** Where a run stands: `of` seeds in all, after `seconds`. */
export function progressLine(tally: Tally, { of, seconds }: { of: number; seconds: number }) {
  const rate = (count: number) => perSecond(count, seconds);
  return [
    `${counted(tally.seeds)} of ${counted(of)} seeds`,
    `${rate(tally.seeds)} seeds/s`,
    `${rate(tally.ops)} ops/s`,
    `${rate(tally.faults)} faults/s`,
    `${counted(tally.failed.length)} failed`,
  ].join(' · ');
}

export const perSecond = (count: number, seconds: number): string =>
  counted(seconds > 0 ? count / seconds : 0);

/** As people read it: 12,345, and 3.4 where that is little. */
export const counted = (count: number): string =>
  count.toLocaleString('en', { maximumFractionDigits: count < 10 ? 1 : 0 });

/** A seed that failed, with what is left of its history. */
export function failureLines(report: SeedReport): readonly string[] {
  const again = `  again: npm run simulate -- --seed ${report.seed}`;
  if (report.kind === 'lost') return [`seed ${report.seed} FAILED: ${report.why}`, again];
  const { seed, violation, shrunken } = report;
  const broken = violation
    ? `promise ${violation.promise} is broken at step ${violation.step}: ${violation.what}`
    : 'it did not fail';
  return [`seed ${seed} FAILED: ${broken}`, ...(shrunken ?? []).map((line) => `  ${line}`), again];
}

export const silentLine = (silent: readonly FaultPoint[]): string =>
  `FAILED: these faults never fired: ${silent.join(', ')}`;

/** The last line of a run. A fault that never fired counts as a failure: exit code 0 means `0 failed`. */
export const lastLine = (tally: Tally, silent: readonly FaultPoint[] = []): string =>
  `${counted(tally.passed)} passed, ${counted(tally.failed.length + silent.length)} failed`;
