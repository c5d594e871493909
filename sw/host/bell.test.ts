/** Workbox's own Queue over a scope that notes what is asked of it. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { DrainEnd } from '../engine/drain.ts';

interface SyncEventDouble {
  readonly tag: string;
  readonly lastChance: boolean;
  waitUntil(work: Promise<unknown>): void;
}

afterEach(() => vi.unstubAllGlobals());

async function scopeWith(drain: (ring: () => Promise<void>) => Promise<DrainEnd>) {
  const asked: string[] = [];
  const listeners: ((event: SyncEventDouble) => void)[] = [];
  const navigator = { onLine: true };
  const scope = {
    navigator,
    registration: { sync: { register: async (tag: string) => void asked.push(tag) } },
    addEventListener: (_: string, listener: (event: SyncEventDouble) => void) =>
      void listeners.push(listener),
  };
  vi.stubGlobal('self', scope);
  vi.stubGlobal('registration', scope.registration);
  vi.stubGlobal('__WB_DISABLE_DEV_LOGS', true);
  // Workbox looks at its scope while it is loaded, and knows a queue's name for ever.
  vi.resetModules();
  const { createBell } = await import('./bell.ts');
  const bell = createBell(scope, () => drain(() => bell.ring()));
  const sync = (lastChance = false) =>
    new Promise<unknown>((resolve) => {
      const tag = asked.at(-1) ?? '';
      const event: SyncEventDouble = { tag, lastChance, waitUntil: (work) => resolve(work) };
      for (const listener of listeners) listener(event);
    });
  return { bell, asked, sync, navigator };
}

const FAILED: DrainEnd = { kind: 'failed', failure: { kind: 'network', why: 'unreachable' } };

describe('the bell', () => {
  it('[DR23] is not rung again by the drain that it set off: the browser would fire at once, again and again', async () => {
    const { bell, asked, sync } = await scopeWith(async (ring) => {
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
    const { bell, asked, sync, navigator } = await scopeWith(async () => FAILED);
    await bell.ring();
    navigator.onLine = false;
    await sync();
    expect(new Set(asked).size).toBe(2);
    await sync();
    expect(asked).toEqual([asked[0], asked[1], asked[0]]);
  });

  it('[DR25] that was rung in vain with a network is left to the browser’s backoff, and new writes ring the other tag', async () => {
    const { bell, asked, sync } = await scopeWith(async () => FAILED);
    await bell.ring();
    await expect(sync()).rejects.toMatchObject({ name: 'DrainUnfinished' });
    expect(asked).toHaveLength(1);
    await bell.ring();
    expect(asked[1]).not.toBe(asked[0]);
  });

  it('[DR35] whose last chance was in vain is asked for anew by the next ring, as often as that happens', async () => {
    let end: DrainEnd = FAILED;
    const { bell, asked, sync } = await scopeWith(async () => end);
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
});
