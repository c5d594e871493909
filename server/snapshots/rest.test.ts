import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createRest } from './rest.ts';

const WHILE_MS = 40;

describe('[SN12] a rest', () => {
  let at = 0;
  const rest = createRest(() => at);
  const never = new AbortController().signal;

  /** Whether it is over; time stands still unless it is moved here. */
  function watched(resting: Promise<void>) {
    let isOver = false;
    void resting.then(() => (isOver = true));
    return async (now: number) => {
      at = now;
      await setTimeout(WHILE_MS);
      return isOver;
    };
  }

  it('is not taken where no log grows', async () => {
    await rest.after(1e9, never);
  });

  it('takes nine times as long as the build did, as long as logs grow', async () => {
    at = 1000;
    rest.stirred();
    const isOverAt = watched(rest.after(2, never));
    expect(await isOverAt(1017)).toBe(false);
    rest.stirred();
    await expect.poll(() => isOverAt(1018)).toBe(true);
  });

  it('ends where none has grown for a moment', async () => {
    at = 2000;
    rest.stirred();
    const isOverAt = watched(rest.after(1e9, never));
    expect(await isOverAt(2249)).toBe(false);
    await expect.poll(() => isOverAt(2250)).toBe(true);
  });

  it('ends with the server', async () => {
    at = 3000;
    rest.stirred();
    const ending = new AbortController();
    const resting = rest.after(1e9, ending.signal);
    ending.abort();
    await resting;
  });
});
