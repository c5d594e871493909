import { describe, expect, it, vi } from 'vitest';
import { createDrain } from './drain.ts';
import type { Hold, Ports } from './ports.ts';
import type { StoreWatch } from './watch-store.ts';

const hooks = {
  onStart: async () => {},
  onFilled: async () => {},
  onFetched: async () => {},
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

  describe('for what is still being written', () => {
    /** Each request that is prepared ends the drain that prepares it. */
    function beginning() {
      const prepare = vi.fn(() => Promise.reject(new Error('a request is being prepared')));
      const exclusive = vi.fn((_name: string, work: (hold: Hold) => unknown) =>
        work({ isLost: false }),
      );
      const ports = {
        clock: { now: () => 0 },
        session: { load: async () => ({ connection: {} }) },
        store: { write: prepare },
        locks: { exclusive },
      } as unknown as Ports;
      return { drain: createDrain(ports, hooks, calm), prepare, exclusive };
    }
    function written() {
      let resolve = (): void => {};
      let reject = (_: Error): void => {};
      const promise = new Promise<void>((good, bad) => ((resolve = good), (reject = bad)));
      return { promise, resolve, reject };
    }
    const aMoment = () => new Promise((done) => setTimeout(done));

    it('[DR75] asks for its lock at once, and prepares a request when it is written', async () => {
      const { drain, prepare, exclusive } = beginning();
      const { promise: after, resolve } = written();
      const end = drain({ force: false, after });
      await aMoment();
      expect(exclusive).toHaveBeenCalledOnce();
      expect(prepare).not.toHaveBeenCalled();
      resolve();
      await expect(end).rejects.toThrow('a request is being prepared');
    });

    it('[DR75] asks the server nothing where that was refused', async () => {
      const { drain, prepare } = beginning();
      const { promise: after, reject } = written();
      const end = drain({ force: false, after });
      reject(new Error('refused'));
      expect(await end).toEqual({ kind: 'held' });
      expect(prepare).not.toHaveBeenCalled();
    });

    it('[DR75] goes all the same where somebody else asks, too', async () => {
      const { drain, prepare } = beginning();
      const { promise: after, reject } = written();
      const end = drain({ force: false, after });
      const other = drain({ force: false });
      reject(new Error('refused'));
      await end.catch(() => undefined);
      await expect(other).rejects.toThrow('a request is being prepared');
      expect(prepare).toHaveBeenCalledOnce();
    });
  });
});
