import { describe, expect, it } from 'vitest';
import { DEFAULT_SNAPSHOT_RULES, isDue } from './due.ts';

const due = (ops: number, bytes: number, stateRecords: number, stateBytes: number, every = 1000) =>
  isDue({ ops, bytes, stateRecords, stateBytes }, { ...DEFAULT_SNAPSHOT_RULES, every });

describe('a snapshot', () => {
  it.each([
    ['of a log that nobody has one of', due(1000, 1e5, 0, 0), true],
    ['of few ops', due(99, 1e9, 0, 0), false],
    ['of some, and nothing before', due(100, 1e4, 0, 0), true],
    ['of some, and less than the state', due(999, 1e5, 500, 2e5), false],
    ['of some, and more than the state', due(300, 3e5, 500, 2e5), true],
    ['of many', due(1000, 1e5, 500, 2e5), true],
    ['of many, and little of a large state', due(1000, 1e5, 200_000, 4e7), false],
    ['of a tenth of a large state', due(20_000, 2e6, 200_000, 4e7), true],
    ['where there are none', due(1e6, 1e9, 0, 0, 0), false],
  ])('[SN2] %s: due %s', (_, is, expected) => {
    expect(is).toBe(expected);
  });
});
