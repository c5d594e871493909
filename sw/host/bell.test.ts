/** The bell over a scope that notes what is asked of it. */
import { describe, expect, it, vi } from 'vitest';
import type { DrainEnd } from '../engine/exchange.ts';
import { createBell } from './bell.ts';

interface SyncEventDouble {
  readonly tag: string;
  readonly lastChance: boolean;
  waitUntil(work: Promise<unknown>): void;
}

function scopeWith(drain: (ring: () => Promise<void>) => Promise<DrainEnd>, isRefused = false) {
  const asked: string[] = [];
  const listeners: ((event: SyncEventDouble) => void)[] = [];
  const navigator = { onLine: true };
  const register = async (tag: string): Promise<void> => {
    asked.push(tag);
    if (isRefused) throw new DOMException('Permission denied.', 'NotAllowedError');
  };
  const scope = {
    navigator,
    registration: { sync: { register } },
    addEventListener: (_: string, listener: (event: SyncEventDouble) => void) =>
      void listeners.push(listener),
  };
  const bell = createBell(scope, () => drain(() => bell.ring()));
  const sync = (lastChance = false, tag = asked.at(-1) ?? '') =>
    new Promise<unknown>((resolve) => {
      const event: SyncEventDouble = { tag, lastChance, waitUntil: (work) => resolve(work) };
      for (const listener of listeners) listener(event);
      resolve(undefined);
    });
  return { bell, asked, sync, navigator };
}

const FAILED: DrainEnd = { kind: 'failed', failure: { kind: 'network', why: 'unreachable' } };

describe('the bell', () => {
  it('[DR23] is not rung again by the drain that it set off: the browser would fire at once, again and again', async () => {
    const { bell, asked, sync } = scopeWith(async (ring) => {
      await ring();
      return FAILED;
    });
    await bell.ring();
    expect(asked).toHaveLength(1);
    await expect(sync()).rejects.toMatchObject({ name: 'DrainUnfinished' });
    expect(asked).toHaveLength(1);
    await bell.ring();
    expect(asked).toHaveLength(2);
  });

  it('[DR25] that was rung in vain without a network waits for it under another tag, which the browser fires at once', async () => {
    const { bell, asked, sync, navigator } = scopeWith(async () => FAILED);
    await bell.ring();
    navigator.onLine = false;
    await sync();
    expect(new Set(asked).size).toBe(2);
    await sync();
    expect(asked).toEqual([asked[0], asked[1], asked[0]]);
  });

  it('[DR25] that was rung in vain with a network is left to the browser’s backoff, and new writes ring the other tag', async () => {
    const { bell, asked, sync } = scopeWith(async () => FAILED);
    await bell.ring();
    await expect(sync()).rejects.toMatchObject({ name: 'DrainUnfinished' });
    expect(asked).toHaveLength(1);
    await bell.ring();
    expect(asked[1]).not.toBe(asked[0]);
  });

  it('[DR35] whose last chance was in vain is asked for anew by the next ring, as often as that happens', async () => {
    let end: DrainEnd = FAILED;
    const { bell, asked, sync } = scopeWith(async () => end);
    await bell.ring();
    for (const rings of [2, 3, 4]) {
      await expect(sync(true)).rejects.toMatchObject({ name: 'DrainUnfinished' });
      // The browser has dropped that tag; nothing is registered until somebody rings: a write or a poll.
      expect(asked).toHaveLength(rings - 1);
      await bell.ring();
      expect(asked).toHaveLength(rings);
      expect(asked.at(-1)).not.toBe(asked.at(-2));
    }
    end = { kind: 'done' };
    await sync(true);
    expect(asked).toHaveLength(4);
  });

  it('[DR25] that the browser refuses to ring is rung by pages alone, and fails nobody’s write', async () => {
    const { bell, asked } = scopeWith(async () => FAILED, true);
    await bell.ring();
    expect(asked).toHaveLength(1);
  });

  it('[DR25] that a browser does not have is replaced by each start of the worker', async () => {
    const drain = vi.fn(async (): Promise<DrainEnd> => ({ kind: 'done' }));
    const bell = createBell({ registration: {}, addEventListener() {} }, drain);
    expect(bell.worksWhenClosed).toBe(false);
    expect(drain).not.toHaveBeenCalled();
    await bell.ring();
    expect(drain).toHaveBeenCalledTimes(1);
  });

  it('does not hear the syncs that the app asks for itself', async () => {
    const drain = vi.fn(async () => FAILED);
    const { bell, sync } = scopeWith(drain);
    await bell.ring();
    await sync(false, 'of the app');
    expect(drain).not.toHaveBeenCalled();
  });
});
