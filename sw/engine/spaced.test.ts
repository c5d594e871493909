import { describe, expect, it } from 'vitest';
import { spaced } from './spaced.ts';

function world() {
  const runs: (() => void)[] = [];
  const waits: (() => void)[] = [];
  let begun = 0;
  const ask = spaced({ wait: () => new Promise((pass) => void waits.push(pass)) }, () => {
    begun += 1;
    return new Promise<void>((end) => void runs.push(end));
  });
  /** Lets what is set off come to its end. */
  const settle = () => new Promise<void>((done) => void setImmediate(done));
  return {
    ask,
    begun: () => begun,
    async endRun() {
      runs.shift()?.();
      await settle();
    },
    async pass() {
      waits.shift()?.();
      await settle();
    },
  };
}

describe('what is asked for again and again', () => {
  it('[HO38] is done at once, and once more a moment after the last who asked', async () => {
    const { ask, begun, endRun, pass } = world();
    void ask();
    expect(begun()).toBe(1);
    await endRun();
    for (let i = 0; i < 5; i++) await ask();
    expect(begun()).toBe(1);
    await pass();
    expect(begun()).toBe(2);
  });

  it('[HO38] is done again for who asks while it is done', async () => {
    const { ask, begun, endRun, pass } = world();
    void ask();
    await endRun();
    await ask();
    await pass();
    expect(begun()).toBe(2);
    await ask();
    await endRun();
    await pass();
    expect(begun()).toBe(3);
    await endRun();
    await pass();
    // Nobody has asked since: the next is done at once.
    void ask();
    expect(begun()).toBe(4);
  });
});
