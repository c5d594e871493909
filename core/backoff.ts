/** How long to wait: after failures, and between polls. Pure arithmetic; time and chance are arguments. */
import type { Failure } from './failure.ts';

/** Retries: full jitter over an exponential ceiling (the "full jitter" of the AWS architecture blog). */
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 60_000;
/** Who reaches no server adds nothing to its load by asking as often as an idle poll does. */
const LONGEST_UNREACHED_MS = 15_000;

/**
 * Ms to wait before try number `attempt` (1 is the first retry), from anywhere between nothing and
 * the ceiling: devices that failed together do not come back together, and neither do those that
 * were all asked to stay away for `retryAfter` ms. `random` is in [0, 1).
 */
export function retryDelay(
  attempt: number,
  random: number,
  { kind, retryAfter }: Why = {},
): number {
  const longest = kind === 'network' ? LONGEST_UNREACHED_MS : LONGEST_RETRY_MS;
  const ceiling = Math.min(longest, FIRST_RETRY_MS * 2 ** Math.min(attempt, 20));
  return (retryAfter ?? 0) + Math.round(ceiling * random);
}

/** The failure that it is tried again after. */
interface Why {
  readonly kind?: Failure['kind'];
  readonly retryAfter?: number | undefined;
}

/** Polls: once a second while someone is at work, and ever more slowly to every 15 s. */
export const SHORTEST_POLL_MS = 1_000;
export const LONGEST_POLL_MS = 15_000;

/** Ms until the next poll, `idle` ms after the last sign of activity. */
export function pollDelay(idle: number): number {
  return Math.min(LONGEST_POLL_MS, Math.max(SHORTEST_POLL_MS, Math.round(idle / 4)));
}
