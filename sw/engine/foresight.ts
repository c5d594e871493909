/**
 * What will be sent next, if all that is on its way is settled: put together meanwhile, so that the
 * network and the disk work at one time. Kept in memory alone, and forgotten when anything else was
 * answered; that its rows have their clocks by then is as after a worker that died before sending.
 */
import type { SpaceId } from '../../core/index.ts';
import type { Sent } from './next-ops.ts';
import type { Outgoing } from './outgoing.ts';

type SentSoFar = ReadonlyMap<SpaceId, Sent>;
const NOTHING: SentSoFar = new Map();

export interface Foresight {
  /** The request that is due. */
  take(): Promise<Outgoing>;
  /** Waits for the answer to `outgoing`, and prepares what follows on it. */
  during<T>(outgoing: Outgoing, answering: Promise<T>): Promise<T>;
  /** It came otherwise. */
  forget(): void;
}

/** `prepare` is told what has been sent so far, and which request is still on its way. */
export function createForesight(
  prepare: (sent: SentSoFar, before?: Outgoing) => Promise<Outgoing>,
): Foresight {
  let sent = NOTHING;
  let next: Outgoing | undefined;
  return {
    async take() {
      const due = next ?? (await prepare(sent));
      next = undefined;
      return due;
    },
    async during(outgoing, answering) {
      sent = outgoing.sent;
      // What goes wrong with it is met again when it is due.
      const preparing = sent.size > 0 ? prepare(sent, outgoing).catch(() => undefined) : undefined;
      const [answer, prepared] = await Promise.all([answering, preparing]);
      next = prepared;
      return answer;
    },
    forget() {
      sent = NOTHING;
      next = undefined;
    },
  };
}
