import { describe, expect, it } from 'vitest';
import type { Notice } from '../../core/index.ts';
import { createEngine } from './create-engine.ts';
import type { Ports, ReplicaReads, Session } from './ports.ts';

/** An engine with nothing in its database. */
function open() {
  const told: Notice[] = [];
  let othersTold: () => void = () => {};
  let session = { config: {} } as Session;
  const empty = {
    meta: async () => undefined,
    spaces: async () => [],
    firstRow: async () => undefined,
    asideCount: async () => 0,
    openConflicts: async () => new Map(),
    formerCount: async () => 0,
  } as Partial<ReplicaReads>;
  const engine = createEngine({
    // Nothing here takes long enough for the watchdog to tick.
    clock: { now: () => 0, wait: () => new Promise(() => {}) },
    session: {
      load: async () => session,
      save: async (change: Partial<Session>) => (session = { ...session, ...change } as Session),
    },
    store: { read: (work: (tx: ReplicaReads) => unknown) => work(empty as ReplicaReads) },
    broadcast: {
      tell: async (notice: Notice) => void told.push(notice),
      onOthers: (fn: () => void) => (othersTold = fn),
    },
    bell: { worksWhenClosed: false, ring: async () => {} },
  } as unknown as Ports);
  const pause = async () => {
    const { afterwards } = await engine.handle({ v: 1, type: 'pause' });
    await afterwards;
    return told.length;
  };
  return { pause, othersTold: () => othersTold() };
}

describe('the status that an engine tells', () => {
  it('[HO33] is no news twice, unless another engine has told the pages something meanwhile', async () => {
    const { pause, othersTold } = open();
    expect([await pause(), await pause()]).toEqual([1, 1]);
    othersTold();
    expect([await pause(), await pause()]).toEqual([2, 2]);
  });
});
