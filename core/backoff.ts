/** How long to wait: after failures, and between polls. Pure arithmetic; time and chance are arguments. */

/** Retries: full jitter over an exponential ceiling (the "full jitter" of the AWS architecture blog). */
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 60_000;

/**
 * Ms to wait before try number `attempt` (1 is the first retry), from anywhere between nothing and
 * the ceiling: devices that failed together do not come back together, and neither do those that
 * were all asked to stay away for `retryAfter` ms. `random` is in [0, 1).
 */
export function retryDelay(attempt: number, random: number, retryAfter?: number): number {
  const ceiling = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(attempt, 20));
  return (retryAfter ?? 0) + Math.round(ceiling * random);
}

/** Polls: once a second while someone is at work, and ever more slowly to every 15 s. */
export const SHORTEST_POLL_MS = 1_000;
export const LONGEST_POLL_MS = 15_000;

/** Ms until the next poll, `idle` ms after the last sign of activity. */
export function pollDelay(idle: number): number {
  return Math.min(LONGEST_POLL_MS, Math.max(SHORTEST_POLL_MS, Math.round(idle / 4)));
}
