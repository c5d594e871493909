/**
 * Rests between the builds of snapshots. Under load each log that grows is worth another one soon, and
 * a thread that is never done takes from the requests what they need of the processor. So a build is
 * followed by a rest of several times its own length, or until no log has grown for a moment.
 */
import { setTimeout } from 'node:timers/promises';

/** While logs grow builds take a tenth of the time, but for those that cannot wait. */
const TIMES = 9;
/** A pause in what is pushed that is worth being used. */
const QUIET_MS = 250;

export interface Rest {
  /** A log has grown. */
  stirred(): void;
  /** A build took `ms`. Resolves when the next may begin, or when `signal` ends it. */
  after(ms: number, signal: AbortSignal): Promise<void>;
}

/** `now`: in ms, of a clock that does not jump. */
export function createRest(now: () => number = () => performance.now()): Rest {
  let stirredAt = -Infinity;

  return {
    stirred() {
      stirredAt = now();
    },
    async after(ms, signal) {
      const until = now() + TIMES * ms;
      while (!signal.aborted) {
        // It goes on with each push that comes meanwhile, until its own end.
        const left = Math.min(until, stirredAt + QUIET_MS) - now();
        if (left <= 0) return;
        await setTimeout(left, undefined, { signal }).catch(() => {});
      }
    },
  };
}
