/** Many seeds in a few processes: told as they go, counted, and written into a report. */
import { writeFileSync } from 'node:fs';
import type { FaultPoint } from '../simulate.ts';
import type { ManySeeds } from './arguments.ts';
import { runCrew, USUAL_PATIENCE } from './crew.ts';
import { reportPage } from './report/page.ts';
import { hasFailed, type Errand, type SeedReport } from './seed-report.ts';
import { Tally } from './tally.ts';
import { failureLines, lastLine, progressLine, silentLine } from './words.ts';

export interface Surroundings {
  readonly bundle: string;
  readonly tell: (line: string) => void;
  /** Wall time in ms. */
  readonly now: () => number;
  /** Ends the run where it is. */
  readonly signal?: AbortSignal;
}

const TELL_EVERY_MS = 5000;
/** A history is as long as a book: these many are enough to see how one goes. */
const HISTORIES = 3;
/** Cutting one down takes as long as hundreds of seeds, and what breaks often breaks the same way. */
const SHRUNKEN = 3;

/** Returns whether all is well. */
export async function runMany(asked: ManySeeds, around: Surroundings): Promise<boolean> {
  const { tell, now, signal } = around;
  const tally = new Tally();
  const begun = now();
  let toldAt = begun;
  const progress = () => progressLine(tally, { of: asked.seeds, seconds: (now() - begun) / 1000 });
  const points = await runCrew({
    bundle: around.bundle,
    jobs: Math.min(asked.jobs, asked.seeds),
    errands: errandsOf(asked, tally),
    patience: USUAL_PATIENCE,
    ...(signal && { signal }),
    onReport(report: SeedReport) {
      tally.add(report);
      if (hasFailed(report)) failureLines(report).forEach(tell);
      if (now() - toldAt < TELL_EVERY_MS) return;
      toldAt = now();
      tell(progress());
    },
  });
  tell(progress());
  if (signal?.aborted) tell(`stopped after ${tally.seeds} of ${asked.seeds} seeds`);
  const silent = signal?.aborted ? [] : tally.silentOf(points);
  if (silent.length > 0) tell(silentLine(silent));
  if (asked.report !== undefined)
    writeReport(asked.report, { tally, asked, points, ms: now() - begun }, tell);
  tell(lastLine(tally, silent));
  return tally.failed.length + silent.length === 0 && !signal?.aborted;
}

function* errandsOf({ from, seeds }: ManySeeds, tally: Tally): Generator<Errand> {
  for (let i = 0; i < seeds; i++) {
    const shrinks = tally.failed.length < SHRUNKEN;
    yield { seed: from + i, shrinks, tellsHistory: i < HISTORIES };
  }
}

interface Reported {
  readonly tally: Tally;
  readonly asked: ManySeeds;
  readonly points: readonly FaultPoint[];
  readonly ms: number;
}

function writeReport(
  path: string,
  { tally, asked, points, ms }: Reported,
  tell: (line: string) => void,
): void {
  const at = new Date();
  writeFileSync(
    path,
    reportPage({ tally, from: asked.from, asked: asked.seeds, jobs: asked.jobs, points, ms, at }),
  );
  tell(`report: ${path}`);
}
