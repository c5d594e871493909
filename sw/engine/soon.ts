/** What is asked for is done a moment later, once for all who ask meanwhile; not where it was begun by then anyway. */
import type { ClockPort } from './ports.ts';

const MOMENT_MS = 50;

export interface Soon {
  /** Resolves when it was done, or was not to be done any more; it fails in silence. */
  ask(): Promise<void>;
  /** It is begun at this moment, whoever wanted it. */
  begun(): void;
}

export function soon(clock: Pick<ClockPort, 'wait'>, run: () => Promise<unknown>): Soon {
  let waiting: Promise<void> | undefined;
  let isDue = false;

  async function later(): Promise<void> {
    await clock.wait(MOMENT_MS);
    waiting = undefined;
    if (isDue) await run().catch(() => undefined);
  }

  return {
    ask() {
      isDue = true;
      return (waiting ??= later());
    },
    begun() {
      isDue = false;
    },
  };
}
