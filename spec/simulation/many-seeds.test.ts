/** Some hundred seeds on every run of the tests, as the command runs them: bundled, and in processes. */
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleSimulation, folderForBundles } from './run/bundle.ts';
import { runMany } from './run/run-many.ts';
import { FULL_RUN } from './run/tally.ts';
import { TEST_JOBS } from './run/test-jobs.ts';

let folder: string;
let bundle: string;
beforeAll(async () => {
  folder = folderForBundles();
  bundle = await bundleSimulation(folder);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the simulation, over some hundred seeds', () => {
  it('[SI3] [SI4] [SI22] keeps every promise, while every kind of fault happens', async () => {
    const lines: string[] = [];
    const asked = { kind: 'many', from: 1, seeds: FULL_RUN, jobs: TEST_JOBS } as const;
    const tell = (line: string) => void lines.push(line);
    const isGood = await runMany(asked, { bundle, tell, now: Date.now });
    // What it told is what one has to know of a failure.
    expect(isGood, lines.join('\n')).toBe(true);
  }, 1_200_000);
});
