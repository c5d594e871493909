import { describe, expect, it } from 'vitest';
import { soon } from './soon.ts';

function world() {
  const waits: (() => void)[] = [];
  let runs = 0;
  const telling = soon({ wait: () => new Promise((pass) => void waits.push(pass)) }, async () => {
    telling.begun();
    runs += 1;
  });
  /** A moment passes for all who wait. */
  const pass = async () => {
    for (const end of waits.splice(0)) end();
    await new Promise<void>((done) => void setImmediate(done));
  };
  return { telling, pass, runs: () => runs };
}

describe('what is to be done soon', () => {
  it('[HO38] is done a moment later, once for all who asked meanwhile', async () => {
    const { telling, pass, runs } = world();
    const asked = Promise.all([telling.ask(), telling.ask(), telling.ask()]);
    expect(runs()).toBe(0);
    await pass();
    await asked;
    expect(runs()).toBe(1);
    void telling.ask();
    await pass();
    expect(runs()).toBe(2);
  });

  it('[HO38] is not done again where it was begun meanwhile, unless somebody has asked since', async () => {
    const { telling, pass, runs } = world();
    const asked = telling.ask();
    telling.begun();
    await pass();
    await asked;
    expect(runs()).toBe(0);
    const first = telling.ask();
    telling.begun();
    const again = telling.ask();
    await pass();
    await Promise.all([first, again]);
    expect(runs()).toBe(1);
  });
});
