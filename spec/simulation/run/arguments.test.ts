import { describe, expect, it } from 'vitest';
import { readArguments } from './arguments.ts';

const read = (line: string) => readArguments(line.split(' ').filter(Boolean), 2);
const asked = (line: string) => {
  const found = read(line);
  return found.ok ? found.asked : found.why;
};

describe('what the simulator is asked for', () => {
  it('[SI20] is many seeds, from the first, with a process for each core, unless it is said', () => {
    expect(asked('')).toEqual({ kind: 'many', seeds: 1000, from: 1, jobs: 2 });
    expect(asked('--seeds 9 --from 70 --jobs 5 --report run.html')).toEqual({
      kind: 'many',
      seeds: 9,
      from: 70,
      jobs: 5,
      report: 'run.html',
    });
  });

  it('[SI20] is one seed, or the known-bad changes', () => {
    expect(asked('--seed 0')).toEqual({ kind: 'one', seed: 0 });
    expect(asked('--known-bad')).toEqual({ kind: 'known-bad', jobs: 2 });
    expect(asked('--known-bad no-dedupe --jobs 1')).toEqual({
      kind: 'known-bad',
      jobs: 1,
      name: 'no-dedupe',
    });
  });

  it.each([
    ['--seed', '--seed needs a value'],
    ['--seeds x', '--seeds is a whole number from 1'],
    ['--seeds 0', '--seeds is a whole number from 1'],
    ['--jobs 1.5', '--jobs is a whole number from 1'],
    ['--from -3', '--from is a whole number from 0'],
    ['--from=-3', '--from is a whole number from 0'],
    ['--seed 4294967296', '--seed is a whole number from 0'],
    ['--seeds 2 --from 4294967295', 'the last seed is 4294967295'],
    ['7', '7 has no option before it'],
    ['--known-bad one two', 'two has no option before it'],
    ['--seed 3 --known-bad', '--seed and --known-bad are two things'],
    ['--seed 3 --seeds 4', '--seeds, --from and --report do not go with --seed'],
    ['--known-bad --report x', '--seeds, --from and --report do not go with --known-bad'],
  ])('[SI23] says what is wrong with %s', (line, why) => {
    expect(read(line)).toEqual({ ok: false, why });
  });

  it('[SI23] names the options that there are', () => {
    expect(asked('--sedes 4')).toMatch(/^--sedes is not known; known are --seeds .*--known-bad$/);
  });
});
