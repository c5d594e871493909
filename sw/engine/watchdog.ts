/**
 * Ends the wait for what does not come. One timer for all that is waited for, and that only while
 * there is anything: it counts its own ticks, so that neither a clock that is set nor a device that
 * slept makes a wait seem longer than it was.
 */
import type { ClockPort } from './ports.ts';

/** How often it looks. */
const TICK_MS = 15_000;

interface Waiting {
  left: number;
  readonly giveUp: () => void;
}

/** Returns `within`, which settles as `running` does, or as `late` does once that took `ms`, roughly. */
export function createWatchdog(clock: Pick<ClockPort, 'wait'>) {
  const waiting = new Set<Waiting>();
  let isTicking = false;

  async function tick(): Promise<void> {
    isTicking = true;
    while (waiting.size > 0) {
      await clock.wait(TICK_MS);
      for (const one of Array.from(waiting)) {
        one.left -= TICK_MS;
        if (one.left < 0) one.giveUp();
      }
    }
    isTicking = false;
  }

  return function within<T>(ms: number, running: Promise<T>, late: () => T | Promise<T>) {
    return new Promise<T>((resolve, reject) => {
      const one: Waiting = {
        left: ms,
        giveUp() {
          waiting.delete(one);
          // What `late` throws is the answer too.
          void (async () => late())().then(resolve, reject);
        },
      };
      waiting.add(one);
      running.then(resolve, reject).finally(() => waiting.delete(one));
      if (!isTicking) void tick();
    });
  };
}
