import { describe, expect, it } from 'vitest';
import { readArguments, readCounts, UsageError, WORKLOADS } from './arguments.mjs';

describe('the bench is asked for', () => {
  it('everything, quickly, with the usual peers, where nothing is said', () => {
    expect(readArguments([])).toMatchObject({
      scale: 'quick',
      runs: undefined,
      only: WORKLOADS,
      peers: 'usual',
      alone: false,
    });
  });

  it('some workloads, some peers and a number of runs', () => {
    const asked = readArguments(['--only', 'W1, W4', '--peers=rxdb,yjs', '--runs', '7']);
    expect(asked).toMatchObject({ only: ['W1', 'W4'], peers: ['rxdb', 'yjs'], runs: 7 });
  });

  it('all peers, or none', () => {
    expect(readArguments(['--peers', 'all']).peers).toBe('all');
    expect(readArguments(['--no-peers', '--scale=full'])).toMatchObject({
      peers: [],
      scale: 'full',
    });
  });

  it.each([
    [['--scale', 'huge'], 'not huge'],
    [['--only', 'W1,W10'], 'no workload W10'],
    [['--runs', '0'], 'not 0'],
    [['--runs', 'five'], 'not five'],
    [['--fast'], '--fast'],
    [['W1'], 'W1'],
  ])('and nothing else: %j', (args, words) => {
    const wrong = () => readArguments(args);
    expect(wrong).toThrow(UsageError);
    expect(wrong).toThrow(words);
  });
});

describe('a script that takes numbers', () => {
  it('has each from its place, or what it is otherwise', () => {
    expect(readCounts([], [390])).toEqual([390]);
    expect(readCounts(['1000', '20'], [100_000, 20_000, 3])).toEqual([1000, 20, 3]);
  });

  it.each([['--help'], ['0'], ['1.5'], ['1e3'], ['']])('and nothing else: %s', (wrong) => {
    expect(() => readCounts([wrong], [1])).toThrow(UsageError);
    expect(() => readCounts(['1', wrong], [1])).toThrow(UsageError);
  });
});
