import { describe, expect, it, vi } from 'vitest';
import { createDrain } from './drain.ts';
import type { Hold, Ports } from './ports.ts';

const hooks = {
  onStart: async () => {},
  onAbsorbed: async () => {},
  onAdopted: async () => {},
  onEnd: async () => {},
};

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
    const drain = (isLost: boolean) => createDrain(ports({ isLost }), hooks)({ force: false });
    expect(await drain(true)).toEqual({ kind: 'held' });
    await expect(drain(false)).rejects.toThrow('a request is being prepared');
    expect(push).not.toHaveBeenCalled();
  });
});
