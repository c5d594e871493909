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
  let onSync = (_: SyncEventDouble) => {};
  const scope = {
    registration: { sync: { register: async (tag: string) => void asked.push(tag) } },
    addEventListener: (_: string, listener: typeof onSync) => void (onSync = listener),
  };
  vi.stubGlobal('self', scope);
  vi.stubGlobal('registration', scope.registration);
  vi.stubGlobal('__WB_DISABLE_DEV_LOGS', true);
  // Workbox looks at its scope while it is loaded, and knows a queue's name for ever.
  vi.resetModules();
  const { createBell } = await import('./bell.ts');
  const bell = createBell(scope, () => drain(() => bell.ring()));
  const sync = () =>
    new Promise<unknown>((resolve) => {
      const tag = asked[0] ?? '';
      onSync({ tag, lastChance: false, waitUntil: (work) => resolve(work) });
    });
  return { bell, asked, sync };
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
});
