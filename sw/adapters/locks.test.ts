/** Several contexts of one device, some of which stop answering. */
import 'fake-indexeddb/auto';
import { afterEach, describe, expect, it } from 'vitest';
import type { Hold, Locks } from '../engine/ports.ts';
import { createIdbLeases } from './idb-leases.ts';
import { leaseLocks } from './lease-locks.ts';
import { createRollCall, type RollCall } from './roll-call.ts';
import { webLocks } from './web-locks.ts';

/** Short, and long enough for a message between two channels of one process. */
const TIMES = { callAfterMs: 5, answerWithinMs: 200, lookAgainAfterMs: 20 };

/** As the browser's: first come, first served, but for who steals. */
class FakeLockManager {
  readonly #holders = new Map<string, { lose(): void }>();
  readonly #queues = new Map<string, (() => void)[]>();

  request(name: string, options: LockOptions, run: () => Promise<void>): Promise<void> {
    const queue = this.#queues.get(name) ?? [];
    this.#queues.set(name, queue);
    return new Promise((resolve, reject) => {
      const lose = () => reject(new DOMException('stolen or given up', 'AbortError'));
      const grant = () => {
        const me = { lose };
        this.#holders.set(name, me);
        void run().then(() => {
          resolve();
          if (this.#holders.get(name) !== me) return;
          this.#holders.delete(name);
          queue.shift()?.();
        });
      };
      options.signal?.addEventListener('abort', () => {
        const place = queue.indexOf(grant);
        if (place < 0) return;
        queue.splice(place, 1);
        lose();
      });
      const holder = this.#holders.get(name);
      if (holder && !options.steal) {
        queue.push(grant);
      } else {
        holder?.lose();
        grant();
      }
    });
  }
}

let names = 0;
let open: RollCall[] = [];
afterEach(() => {
  for (const each of open) each.close();
  open = [];
});

interface Device {
  /** Another context of it. One that is mute holds its locks and answers nobody, as if it were frozen. */
  context(isMute?: boolean): Locks;
  /** Resolves when a holder has been called so often. */
  called(times: number): Promise<void>;
}

const KINDS: Record<string, () => Device> = {
  'Web Locks': () => {
    const manager = new FakeLockManager() as never as LockManager;
    const channel = `device-${(names += 1)}`;
    return {
      context: (isMute) => webLocks({ manager, rollCall: rollCall(channel, isMute), ...TIMES }),
      called: (times) => called(channel, times),
    };
  },
  leases: () => {
    const name = `device-${(names += 1)}`;
    return {
      context: (isMute) =>
        leaseLocks({ leases: createIdbLeases(name), rollCall: rollCall(name, isMute), ...TIMES }),
      called: (times) => called(name, times),
    };
  },
};

function called(channelName: string, times: number): Promise<void> {
  const channel = new BroadcastChannel(channelName);
  return new Promise((resolve) => {
    let left = times;
    channel.addEventListener('message', ({ data }: MessageEvent<{ word: string }>) => {
      if (data.word === 'who') left -= 1;
      if (left > 0) return;
      channel.close();
      resolve();
    });
  });
}

function rollCall(channel: string, isMute = false): RollCall {
  const real = createRollCall(channel);
  open.push(real);
  return isMute ? { ...real, hold: () => () => {} } : real;
}

/** Work that says when it has begun and ends when it is told. */
function createWork() {
  let end: (result: string) => void = () => {};
  let begin: (hold: Hold) => void = () => {};
  const begun = new Promise<Hold>((resolve) => (begin = resolve));
  const ended = new Promise<string>((resolve) => (end = resolve));
  const work = (hold: Hold) => {
    begin(hold);
    return ended;
  };
  return { work, begun, end };
}

describe.each(Object.entries(KINDS))('locks by %s', (_name, newDevice) => {
  it('[HO31] let one in at a time, and tell each what its work came to', async () => {
    const { context } = newDevice();
    let inside = 0;
    const most: number[] = [];
    const work = async (result: number) => {
      most.push((inside += 1));
      await new Promise((resolve) => {
        setTimeout(resolve, 1);
      });
      inside -= 1;
      if (result === 2) throw new Error('two');
      return result;
    };
    const results = await Promise.allSettled(
      [1, 2, 3, 4].map((each) => context().exclusive('x', () => work(each))),
    );
    expect(results.map((one) => ('value' in one ? one.value : String(one.reason)))).toEqual([
      1,
      'Error: two',
      3,
      4,
    ]);
    expect(most).toEqual([1, 1, 1, 1]);
  });

  it('[HO31] keep names apart', async () => {
    const { context } = newDevice();
    const first = createWork();
    const done = context().exclusive('x', first.work);
    await first.begun;
    expect(await context().exclusive('y', async () => 'y')).toBe('y');
    first.end('x');
    expect(await done).toBe('x');
  });

  it('[HO32] wait for a holder that answers, however long it takes', async () => {
    const { context, called } = newDevice();
    const [first, second] = [createWork(), createWork()];
    const calls = called(4);
    const done = [context().exclusive('x', first.work), context().exclusive('x', second.work)];
    const hold = await first.begun;
    let hasSecondBegun = false;
    void second.begun.then(() => (hasSecondBegun = true));
    await calls;
    expect([hasSecondBegun, hold.isLost]).toEqual([false, false]);
    first.end('first');
    await second.begun;
    second.end('second');
    expect(await Promise.all(done)).toEqual(['first', 'second']);
  });

  it('[HO32] are taken over from a holder that does not answer, which is told, and keeps its result', async () => {
    const { context } = newDevice();
    const [frozen, other] = [createWork(), createWork()];
    const result = context(true).exclusive('x', frozen.work);
    const hold = await frozen.begun;
    expect(hold.isLost).toBe(false);
    const taken = context().exclusive('x', other.work);
    expect((await other.begun).isLost).toBe(false);
    await expect.poll(() => hold.isLost).toBe(true);
    frozen.end('late');
    other.end('other');
    expect(await Promise.all([result, taken])).toEqual(['late', 'other']);
    // The late one left what is not its own: a third is let in as ever.
    expect(await context().exclusive('x', async () => 'third')).toBe('third');
  });

  it('[HO32] are taken over by one alone of several that wait', async () => {
    const { context } = newDevice();
    const frozen = createWork();
    void context(true).exclusive('x', frozen.work);
    await frozen.begun;
    let inside = 0;
    const most: number[] = [];
    await Promise.all(
      Array.from({ length: 3 }, async (_, i) => {
        // Those that wait came one after the other.
        await context().exclusive(`pause ${i}`, async () => {});
        await context().exclusive('x', async (hold) => {
          most.push((inside += 1));
          expect(hold.isLost).toBe(false);
          await Promise.resolve();
          inside -= 1;
        });
      }),
    );
    expect(most).toEqual([1, 1, 1]);
  });
});
