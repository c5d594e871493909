/** Makes a known-bad change to what runs, and sees whether it is noticed. */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleSimulation, root } from '../run/bundle.ts';
import { runCrew, USUAL_PATIENCE } from '../run/crew.ts';
import type { Errand, SeedReport } from '../run/seed-report.ts';
import { altered, type KnownBad } from './known-bad.ts';

export type Verdict =
  /** `seeds`: how many it took; a test takes none. */
  | { readonly kind: 'caught'; readonly seeds: number; readonly said: string }
  | { readonly kind: 'missed'; readonly why: string };

/** A seed that a change has spoilt may go round for ever: that is not noticing it. */
const PATIENCE = { ...USUAL_PATIENCE, seed: 60_000 };

export interface CatchOptions {
  /** An empty one, for what is made on the way. */
  readonly folder: string;
  /** A seed that noticed it before: tried before the others. */
  readonly first?: number;
  readonly signal?: AbortSignal;
}

export async function catchOne(
  bad: KnownBad,
  { folder, first, signal }: CatchOptions,
): Promise<Verdict> {
  const { caughtBy } = bad;
  mkdirSync(folder, { recursive: true });
  switch (caughtBy.kind) {
    case 'test':
      return catchByTest(bad.name, caughtBy.file, join(folder, 'vitest.json'));
    case 'simulator': {
      const bundle = await bundleSimulation(folder, (path, text) => altered(bad, path, text));
      return catchBySeeds(bundle, orderOf(caughtBy.within, first), signal);
    }
  }
}

/** The seeds from 1 on, but for the one that is likely to do it. */
function orderOf(within: number, first = 1): readonly number[] {
  const seeds = Array.from({ length: within }, (_, i) => i + 1);
  return first <= within ? [first, ...seeds.filter((seed) => seed !== first)] : seeds;
}

/** One seed after the other, until one breaks a promise. */
async function catchBySeeds(
  bundle: string,
  seeds: readonly number[],
  signal: AbortSignal | undefined,
): Promise<Verdict> {
  let caught: Verdict | undefined;
  const lost: string[] = [];
  function* errands(): Generator<Errand> {
    for (const seed of seeds) {
      if (caught) return;
      yield { seed, shrinks: false, tellsHistory: false };
    }
  }
  function onReport(report: SeedReport): void {
    const said = saidOf(report);
    if (said?.isPromise) caught = { kind: 'caught', seeds: report.seed, said: said.text };
    else if (said) lost.push(`seed ${report.seed} ${said.text}`);
  }
  await runCrew({
    bundle,
    jobs: 1,
    errands: errands(),
    patience: PATIENCE,
    onReport,
    ...(signal && { signal }),
  });
  const why = [`not caught within ${seeds.length} seeds`, ...lost.slice(0, 1)].join('; ');
  return caught ?? { kind: 'missed', why };
}

/** That the software falls over is no proof that anybody watches over the promise. */
function saidOf(report: SeedReport): { isPromise: boolean; text: string } | undefined {
  if (report.kind === 'lost') return { isPromise: false, text: report.why };
  if (!report.violation) return undefined;
  const { promise, what } = report.violation;
  return { isPromise: /^P\d+$/.test(promise), text: `${promise}: ${what}` };
}

/** What Vitest's report says that is asked here. */
interface TestReport {
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly assertionResults: readonly {
      readonly status: string;
      readonly title: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

async function catchByTest(name: string, file: string, report: string): Promise<Verdict> {
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const config = join(root, 'spec', 'simulation', 'known-bad', 'altered.config.ts');
  const args = [
    vitest,
    'run',
    file,
    '--config',
    config,
    '--reporter=json',
    `--outputFile=${report}`,
  ];
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, OFFING_KNOWN_BAD: name },
    stdio: 'ignore',
  });
  await new Promise((resolve) => child.on('close', resolve));
  const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as TestReport;
  const failed = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .find(({ status }) => status === 'failed');
  return failed
    ? { kind: 'caught', seeds: 0, said: `failed: ${failed.title}` }
    : { kind: 'missed', why: `${file} passes` };
}
