import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Live } from '../../lib/index.ts';
import { readUnhurried } from './unhurried.ts';

/** Something that changes when it is told to, and a reading that takes its time. */
function scene(takesMs: number) {
  const told = new Set<() => void>();
  const changes: Live<unknown> = {
    subscribe(to) {
      const tell = () => (typeof to === 'function' ? to(undefined) : to.next?.(undefined));
      told.add(tell);
      tell();
      return { unsubscribe: () => void told.delete(tell) };
    },
  };
  let value = 0;
  let isBroken = false;
  const reads: number[] = [];
  const found: number[] = [];
  const errors: unknown[] = [];
  const stop = readUnhurried({
    changes,
    async read() {
      reads.push(performance.now());
      await new Promise((done) => setTimeout(done, takesMs));
      if (isBroken) throw new Error('not now');
      return value;
    },
    next: (one) => void found.push(one),
    error: (reason) => void errors.push(reason),
  });
  const change = (to: number) => {
    value = to;
    for (const tell of told) tell();
  };
  return { change, stop, reads, found, errors, told, breaks: (now: boolean) => (isBroken = now) };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe('a reading that nobody waits for', () => {
  it('comes a moment after the start, and takes a small part of the time however often something changes', async () => {
    const { change, reads, found } = scene(20);
    expect(reads).toEqual([]);
    await pass(300);
    expect(found).toEqual([0]);
    for (let at = 1; at <= 1000; at++) {
      change(at);
      await pass(2);
    }
    expect(reads.length).toBeGreaterThan(5);
    expect(reads.length * 20).toBeLessThan(2300 / 9);
    await pass(500);
    expect(found.at(-1)).toBe(1000);
  });

  it('is read anew where something changes while it is read', async () => {
    const { change, found } = scene(100);
    await pass(250);
    change(1);
    await pass(5000);
    expect(found.at(-1)).toBe(1);
    const before = found.length;
    await pass(5000);
    expect(found).toHaveLength(before);
  });

  it('says that it failed, and is tried again after the next change', async () => {
    const { change, found, errors, breaks } = scene(5);
    breaks(true);
    await pass(300);
    expect(errors).toHaveLength(1);
    breaks(false);
    change(7);
    await pass(300);
    expect(found).toEqual([7]);
  });

  it('tells nothing any more once it is stopped, also of what was being read', async () => {
    const { change, stop, found, reads, told } = scene(100);
    await pass(250);
    stop();
    change(1);
    await pass(5000);
    expect([found, reads.length, told.size]).toEqual([[], 1, 0]);
  });
});
