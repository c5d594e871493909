/**
 * Locks where the browser has none: who wants one writes their name beside the lock's in the
 * database, and takes over from a name that nobody answers for. Two transactions never both find the
 * place free. Less than a Web Lock in one point: a holder that does not answer in time, and goes on
 * all the same, is alone no more until it looks. The server takes each op once whoever sends it.
 */
import type { Hold, Locks } from '../engine/ports.ts';
import type { RollCall } from './roll-call.ts';
import { ANSWER_WITHIN_MS } from './web-locks.ts';

/** Who holds what, kept where every context of the device sees it. */
export interface Leases {
  /**
   * Puts `next` in the place of `former` (undefined: of nobody) and returns undefined; where somebody
   * else is there returns them, and does nothing.
   */
  take(name: string, next: string, former: string | undefined): Promise<string | undefined>;
  /** Who has the place. */
  holder(name: string): Promise<string | undefined>;
  /** Leaves the place, if `holder` has it. */
  leave(name: string, holder: string): Promise<void>;
}

export interface LeaseLocksOptions {
  readonly leases: Leases;
  readonly rollCall: RollCall;
  readonly answerWithinMs?: number;
  /** How long to wait for a holder that answers, before it is looked at again. */
  readonly lookAgainAfterMs?: number;
}

const LOOK_AGAIN_AFTER_MS = 1_000;

export function leaseLocks({
  leases,
  rollCall,
  answerWithinMs = ANSWER_WITHIN_MS,
  lookAgainAfterMs = LOOK_AGAIN_AFTER_MS,
}: LeaseLocksOptions): Locks {
  async function taken(name: string, me: string): Promise<void> {
    let former: string | undefined;
    for (;;) {
      const holder = await leases.take(name, me, former);
      if (holder === undefined) return;
      const isHeld = await rollCall.isHeld(name, { ms: answerWithinMs });
      // Taken from this very holder alone: another that came meanwhile is to be called first.
      former = isHeld ? undefined : holder;
      if (isHeld) await rollCall.released(name, { ms: lookAgainAfterMs });
    }
  }

  return {
    async exclusive<T>(name: string, work: (hold: Hold) => Promise<T>): Promise<T> {
      const me = newName();
      await taken(name, me);
      const hold = { isLost: false };
      const release = rollCall.hold(name);
      // One that was frozen says so too when it wakes, so it is not taken at its word.
      const look = async () => (hold.isLost ||= (await leases.holder(name)) !== me);
      const stop = rollCall.onHeld(name, () => void look().catch(() => undefined));
      try {
        return await work(hold);
      } finally {
        stop();
        // A name that could not be taken away: nobody answers for it any more.
        await leases.leave(name, me).catch(() => undefined);
        release();
      }
    },
  };
}

const newName = (): string =>
  Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join('-');
