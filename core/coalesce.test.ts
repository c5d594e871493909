import { describe, expect, it } from 'vitest';
import { coalesce } from './coalesce.ts';

function stepper() {
  const starts: (() => void)[] = [];
  let runs = 0;
  const run = coalesce(async () => {
    const mine = ++runs;
    await new Promise<void>((finish) => starts.push(finish));
    return mine;
  });
  return { run, finishNext: () => starts.shift()?.(), runs: () => runs };
}

describe('coalesce', () => {
  it('[DR11] calls during a run share one run that begins after it', async () => {
    const { run, finishNext, runs } = stepper();
    const first = run();
    const others = [run(), run(), run()];
    expect(runs()).toBe(1);
    finishNext();
    expect(await first).toBe(1);
    await Promise.resolve();
    finishNext();
    expect(await Promise.all(others)).toEqual([2, 2, 2]);
    expect(runs()).toBe(2);
  });

  it('[DR11] a run that fails fails for those who asked, and the next is served all the same', async () => {
    let runs = 0;
    const run = coalesce(async () => {
      const mine = ++runs;
      await Promise.resolve();
      if (mine === 1) throw new Error('once');
      return 'fine';
    });
    const [first, second] = [run(), run()];
    await expect(first).rejects.toThrow('once');
    await expect(second).resolves.toBe('fine');
  });
});
