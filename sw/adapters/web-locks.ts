/** Locks by the browser's own, taken over from a holder that does not answer. */
import type { Hold, Locks } from '../engine/ports.ts';
import type { RollCall } from './roll-call.ts';

export interface WebLocksOptions {
  readonly manager: Pick<LockManager, 'request'>;
  readonly rollCall: RollCall;
  /** How long to wait in the queue before the holder is called, and again after each of its answers. */
  readonly callAfterMs?: number;
  /** How long a holder may take to answer. */
  readonly answerWithinMs?: number;
}

/** Long beside an exchange with the server, short beside a person's patience. */
const CALL_AFTER_MS = 4_000;
/** A page at work answers between two tasks, a hidden one too: messages are not throttled. */
export const ANSWER_WITHIN_MS = 3_000;

export function webLocks({
  manager,
  rollCall,
  callAfterMs = CALL_AFTER_MS,
  answerWithinMs = ANSWER_WITHIN_MS,
}: WebLocksOptions): Locks {
  /** Resolves once nobody answers for the lock, or when `signal` ends the wait. */
  async function abandoned(name: string, signal: AbortSignal): Promise<void> {
    for (;;) {
      await rollCall.released(name, { ms: callAfterMs, signal });
      if (signal.aborted) return;
      if (!(await rollCall.isHeld(name, { ms: answerWithinMs, signal }))) return;
    }
  }

  return {
    exclusive: <T>(name: string, work: (hold: Hold) => Promise<T>) =>
      new Promise<T>((resolve, reject) => {
        const queued = new AbortController();
        const begun = new AbortController();
        const hold = { isLost: false };

        const request = async (options: LockOptions): Promise<void> => {
          let isMine = false;
          const run = async (): Promise<void> => {
            // Granted in the very moment in which it was given up for taking over.
            if (begun.signal.aborted) return;
            begun.abort();
            isMine = true;
            const release = rollCall.hold(name);
            // What it comes to is told by the work itself: a lock that is taken over rejects before it ends.
            await work(hold).then(resolve, reject).finally(release);
          };
          await manager.request(name, options, run).catch((error: Error) => {
            if (isMine) hold.isLost = true;
            else if (options.steal || !queued.signal.aborted) reject(error);
          });
        };

        void request({ signal: queued.signal });
        void abandoned(name, begun.signal).then(() => {
          if (begun.signal.aborted) return;
          queued.abort();
          void request({ steal: true });
        });
      }),
  };
}
