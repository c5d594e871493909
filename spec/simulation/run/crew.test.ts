import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { NotBegunError, runCrew, type CrewOptions } from './crew.ts';
import type { SeedReport } from './seed-report.ts';

const bundle = fileURLToPath(new URL('scripted-worker.mjs', import.meta.url));
const PATIENT = { begin: 60_000, seed: 60_000, shrinking: 60_000 };

afterEach(() => vi.unstubAllEnvs());

async function run(seeds: readonly number[], options: Partial<CrewOptions> = {}) {
  const reports: SeedReport[] = [];
  const points = await runCrew({
    bundle,
    jobs: 2,
    errands: seeds.map((seed) => ({ seed, shrinks: true, tellsHistory: false })),
    patience: PATIENT,
    onReport: (report) => void reports.push(report),
    ...options,
  });
  return { points, reports: reports.toSorted((a, b) => a.seed - b.seed) };
}

const kinds = (reports: readonly SeedReport[]) => reports.map(({ seed, kind }) => [seed, kind]);

describe('a crew', () => {
  it('[SI20] reports on each seed once, in however many processes', async () => {
    const { points, reports } = await run([1, 2, 3, 4, 5]);
    expect(kinds(reports)).toEqual([1, 2, 3, 4, 5].map((seed) => [seed, 'ran']));
    expect(points).toEqual(['request-dropped', 'power-cut', 'disk-full']);
  });

  it('[SI21] tells of a seed whose process died, with its last words, and runs the others', async () => {
    const { reports } = await run([12, 13, 15, 17], { jobs: 1 });
    expect(reports).toMatchObject([
      { seed: 12, kind: 'ran' },
      { seed: 13, kind: 'lost', why: 'died with SIGKILL' },
      { seed: 15, kind: 'lost' },
      { seed: 17, kind: 'ran' },
    ]);
    expect(reports[2]).toHaveProperty(
      'why',
      expect.stringMatching(/^died with code 1\n[^]*nobody waited/),
    );
  });

  it('[SI21] ends a process that makes no progress, tells of its seed, and runs the others', async () => {
    const { reports } = await run([14, 17], { jobs: 1, patience: { ...PATIENT, seed: 500 } });
    expect(reports[0]).toEqual({ seed: 14, kind: 'lost', why: 'made no progress for 0.5 s' });
    expect(reports[1]).toMatchObject({ seed: 17 });
  });

  it('[SI21] leaves nothing on any disk of processes that it ended', async () => {
    const { reports } = await run([13, 20], { jobs: 1 });
    const disks = reports.flatMap((report) => (report.kind === 'ran' ? [report.hash] : []));
    expect(disks).toEqual([expect.stringContaining('offing-crew-')]);
    expect(disks.filter((path) => existsSync(path))).toEqual([]);
  });

  it('[SI21] gives up where no process can even begin', async () => {
    vi.stubEnv('SCRIPTED_START', 'dies');
    await expect(run([1, 2])).rejects.toThrow(NotBegunError);
    await expect(run([1, 2])).rejects.toThrow(/no such module/);
  });

  it('[SI24] ends where it is when it is told to', async () => {
    const stop = new AbortController();
    const reports: SeedReport[] = [];
    // Without an end: seed 14 would never come to one.
    await run([1, 2, 14, 14, 3], {
      signal: stop.signal,
      onReport(report) {
        reports.push(report);
        if (reports.length === 2) stop.abort();
      },
    });
    expect(kinds(reports)).toHaveLength(2);
  });
});
