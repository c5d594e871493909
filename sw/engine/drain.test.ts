import { describe, expect, it, vi } from 'vitest';
import { createDrain } from './drain.ts';
import type { Hold, Ports } from './ports.ts';
import type { StoreWatch } from './watch-store.ts';

const hooks = {
  onStart: async () => {},
  onFilled: async () => {},
  opened: () => [],
  onAbsorbed: async () => {},
  onAdopted: async () => {},
  onEnd: async () => {},
};

/** Nothing is wrong with the store. */
const calm = {
  isWaiting: () => false,
  hasStored() {},
  drained: async () => {},
  failed() {},
} as unknown as StoreWatch;

describe('a drain', () => {
  it('[HO32] that has lost its lock begins no further request', async () => {
    const push = vi.fn();
    const ports = (hold: Hold) =>
      ({
        clock: { now: () => 0 },
        session: { load: async () => ({ connection: {} }) },
        store: { write: () => Promise.reject(new Error('a request is being prepared')) },
        transport: { push },
        locks: { exclusive: (_name: string, work: (hold: Hold) => unknown) => work(hold) },
      }) as unknown as Ports;
    const drain = (isLost: boolean) =>
      createDrain(ports({ isLost }), hooks, calm)({ force: false });
    expect(await drain(true)).toEqual({ kind: 'held' });
    await expect(drain(false)).rejects.toThrow('a request is being prepared');
    expect(push).not.toHaveBeenCalled();
  });

  it('[HO32] that lost its lock during a request notes no failure of it', async () => {
    const hold = { isLost: false };
    const save = vi.fn();
    const ports = {
      clock: { now: () => 0 },
      session: { load: async () => ({ connection: {} }), save },
      store: {
        write: async () => ({
          request: { spaces: {} },
          carried: new Map(),
          count: 0,
          left: 0,
          sent: new Map(),
        }),
      },
      transport: {
        push: async () => {
          hold.isLost = true;
          return { ok: false, failure: { kind: 'network', why: 'unreachable' } };
        },
      },
      locks: { exclusive: (_name: string, work: (hold: Hold) => unknown) => work(hold) },
    } as unknown as Ports;
    expect(await createDrain(ports, hooks, calm)({ force: false })).toEqual({ kind: 'held' });
    expect(save).not.toHaveBeenCalled();
  });
});
