import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ManySeeds } from './arguments.ts';
import { runMany } from './run-many.ts';
import { FULL_RUN } from './tally.ts';
import { runOne } from './run-one.ts';

const bundle = fileURLToPath(new URL('scripted-worker.mjs', import.meta.url));

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'offing-run-'))));
afterAll(() => rmSync(folder, { recursive: true }));

async function run(asked: Partial<ManySeeds>, signal?: AbortSignal) {
  const lines: string[] = [];
  let now = 0;
  const isGood = await runMany(
    { kind: 'many', from: 100, seeds: 12, jobs: 2, ...asked },
    // Ten seconds pass with each look at the clock, so that every seed is told of.
    {
      bundle,
      tell: (line) => void lines.push(line),
      now: () => (now += 10_000),
      ...(signal && { signal }),
    },
  );
  return { isGood, lines };
}

describe('a run of many seeds', () => {
  it('[SI20] tells how fast it is as it goes, and in its last line how many passed', async () => {
    const { isGood, lines } = await run({});
    expect(isGood).toBe(true);
    expect(lines[0]).toMatch(
      /^1 of 12 seeds · [\d.]+ seeds\/s · [\d.]+ ops\/s · [\d.]+ faults\/s · 0 failed$/,
    );
    expect(lines.at(-1)).toBe('12 passed, 0 failed');
  });

  it('[SI20] prints what was broken in a seed that failed, and what is left of its history', async () => {
    const { isGood, lines } = await run({ from: 117, seeds: 2 });
    expect(isGood).toBe(false);
    const at = lines.findIndex((line) => line.startsWith('seed 118 FAILED'));
    expect(lines.slice(at, at + 3)).toEqual([
      'seed 118 FAILED: promise P4 is broken at step 7: a value is "gone" & lost',
      '  1 device 0 puts oats',
      '  again: npm run simulate -- --seed 118',
    ]);
    expect(lines.at(-1)).toBe('1 passed, 1 failed');
  });

  it('[SI21] counts a seed whose process died as failed', async () => {
    const { isGood, lines } = await run({ from: 113, seeds: 1 });
    expect(isGood).toBe(false);
    expect(lines).toContain('seed 113 FAILED: died with SIGKILL');
    expect(lines.at(-1)).toBe('0 passed, 1 failed');
  });

  it('[SI22] has failed if it is a full one in which a fault never fired', async () => {
    const { isGood, lines } = await run({ from: 1001, seeds: FULL_RUN });
    expect(isGood).toBe(false);
    expect(lines).toContain('FAILED: these faults never fired: disk-full');
  });

  it('[SI24] that is ended tells what was done so far, and is no success', async () => {
    const stop = new AbortController();
    stop.abort();
    const { isGood, lines } = await run({}, stop.signal);
    expect(isGood).toBe(false);
    expect(lines).toContain('stopped after 0 of 12 seeds');
    expect(lines.at(-1)).toBe('0 passed, 0 failed');
  });

  it('[SI25] writes its report where it is asked to', async () => {
    const report = join(folder, 'run.html');
    await run({ report });
    expect(readFileSync(report, 'utf8')).toMatch(/^<!doctype html>[^]*<\/html>\n$/);
  });
});

describe('one seed', () => {
  const runSeed = async (seed: number) => {
    const lines: string[] = [];
    const around = { bundle, tell: (line: string) => void lines.push(line), now: () => 0 };
    return { isGood: await runOne({ kind: 'one', seed }, around), lines };
  };

  it('[SI20] is told in full: each step, what fired, its hash', async () => {
    const { isGood, lines } = await runSeed(4);
    expect(isGood).toBe(true);
    expect(lines).toEqual([
      '1 device 0 puts <i>oats</i>',
      '2 power cut',
      '',
      'seed 4: 4 devices, 200 ops, 900 steps, 5 conflicts in 5 ms',
      'hash hash-4',
      '  3 × request-dropped',
      '  1 × disk-full',
      'passed',
    ]);
  });

  it('[SI20] that fails is told with what is left of its history', async () => {
    const { isGood, lines } = await runSeed(18);
    expect(isGood).toBe(false);
    expect(lines).toContain('  1 device 0 puts oats');
  });
});
