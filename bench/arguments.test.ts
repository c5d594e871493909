import { describe, expect, it } from 'vitest';
import { readArguments, UsageError, WORKLOADS } from './arguments.mjs';

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
