/**
 * Rings the host, whose timers sleep when it does: at once when the person opens the app, or they or
 * the network come back, and while the page is visible once a second while someone is at work, ever more
 * slowly then.
 *
 *   opened, ring  ring  ring  ring      ring         ring               activity   ring
 *   ────┴──────────┴─────┴─────┴─────────┴────────────┴──────────────────────┴──────┴──▶
 *            1 s      1 s   1 s    2 s         3 s        … up to 15 s         1 s
 */
import { pollDelay, SHORTEST_POLL_MS, type PageRequest } from '../../core/index.ts';
import type { Unsubscribe } from './api.ts';
import type { Environment } from './environment.ts';

export type RingReason = Extract<PageRequest, { type: 'ring' }>['reason'];

export interface PollOptions {
  readonly environment: Environment;
  readonly ring: (reason: RingReason) => Promise<unknown>;
  /** Whether there is anyone to exchange with: not while paused, or with no account. */
  readonly isWanted: () => boolean;
  /** When the host tries again after a failure (wall time in ms); null where it waits for nothing. */
  readonly waitsUntil: () => number | null;
}

export interface Poll {
  /** Something came in: there may be more. */
  readonly active: () => void;
  /** A person did something. */
  readonly touched: () => void;
  /** What `isWanted` and `waitsUntil` say may have changed. */
  readonly consider: () => void;
  readonly close: () => void;
}

const SOONEST_MS = 50;
/** Who goes on working while there is no way to the server has it tried no more often. */
const TRIED_EVERY_MS = 5_000;

export function createPoll({ environment, ring, isWanted, waitsUntil }: PollOptions): Poll {
  let lastActiveAt = environment.now();
  let next: { readonly cancel: Unsubscribe; readonly at: number } | null = null;
  let isRinging = false;
  /** Nobody has asked yet for what came while the app was closed. */
  let isOpening = true;
  let seenAt = -Infinity;

  function schedule(): void {
    next?.cancel();
    next = null;
    if (!isWanted() || !environment.isVisible()) return;
    const now = environment.now();
    // A clock that was set back would keep the pace of that moment until it has caught up.
    lastActiveAt = Math.min(lastActiveAt, now);
    const delay = Math.min(pollDelay(now - lastActiveAt), dueIn(now));
    next = { at: now + delay, cancel: environment.after(delay, poll) };
  }

  /** Ms until the host tries again: nothing else would wake it for that. */
  function dueIn(now: number): number {
    const until = waitsUntil();
    return until === null || until < now ? Infinity : Math.max(SOONEST_MS, until - now);
  }

  function poll(): void {
    // A host that is slow to answer gets no second ring on top; its time-out ends the wait.
    if (!isRinging) {
      isRinging = true;
      const done = () => void (isRinging = false);
      ring('poll').then(done, done);
    }
    schedule();
  }

  function active(): void {
    lastActiveAt = environment.now();
    // By a clock that was set meanwhile it may be overdue, and be as far off as it was.
    const isNear = next && next.at >= lastActiveAt && next.at - lastActiveAt <= SHORTEST_POLL_MS;
    if (next && !isNear) schedule();
  }

  /** While the host waits for its next try, whoever comes back to work has it try now. */
  function touched(): void {
    active();
    const since = environment.now() - seenAt;
    const isLongAgo = since >= TRIED_EVERY_MS || since < 0;
    if (waitsUntil() !== null && isWanted() && isLongAgo) ringAsSeen();
  }

  function consider(): void {
    if (isOpening && isWanted() && environment.isVisible()) ringAsSeen();
    const now = environment.now();
    if (next && next.at > now + dueIn(now)) schedule();
    if ((next !== null) !== (isWanted() && environment.isVisible())) schedule();
  }

  // A ring that fails is made good by the next one.
  const ringNow = (reason: RingReason): void => void ring(reason).catch(() => {});
  /** Nor does it wait for the next retry, which may be a while off: a person looks. */
  function ringAsSeen(): void {
    isOpening = false;
    seenAt = environment.now();
    ringNow('visible');
  }

  const unlisten = [
    environment.listen('pointerdown', touched),
    environment.listen('keydown', touched),
    environment.listen('focus', touched),
    environment.listen('online', () => ringNow('online')),
    environment.listen('offline', () => ringNow('offline')),
    environment.listen('visibilitychange', () => {
      if (environment.isVisible()) {
        active();
        ringAsSeen();
      }
      schedule();
    }),
  ];
  schedule();
  consider();

  return {
    active,
    touched,
    consider,
    close() {
      next?.cancel();
      for (const stop of unlisten) stop();
    },
  };
}
