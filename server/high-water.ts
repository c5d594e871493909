/**
 * Notices at the start that the database was put back by hand, and begins new epochs, which the operator
 * would have had to do; and keeps the mark by which it notices.
 */
import type { Epoch } from '../core/index.ts';
import { isPutBack, readHighWater, writeHighWater } from './store/high-water.ts';
import type { Renewed } from './store/port.ts';
import type { Store } from './store/sqlite.ts';

const EVERY_MS = 10_000;

/** Returns the epochs that were begun: none where the database goes on from where it was. */
export async function noticePutBack(
  data: string,
  store: Store,
  newEpoch: () => Epoch,
): Promise<readonly Renewed[]> {
  const mark = readHighWater(data);
  if (!mark || !isPutBack(mark, store.highWater(mark.n))) return [];
  const renewed = await store.log.renew(null, newEpoch);
  // Only now: if it ends in between, the next start notices again.
  keep(data, store);
  return renewed;
}

/** Keeps the mark as new as it need be. Returns how to write it for the last time. */
export function keepHighWater(
  data: string,
  store: Store,
  report: (error: unknown) => void,
): () => void {
  let written = readHighWater(data)?.n ?? 0;
  function look(): void {
    try {
      written = keep(data, store, written);
    } catch (error) {
      report(error);
    }
  }
  const timer = setInterval(look, EVERY_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
    look();
  };
}

/** Writes the mark if it is not at `written`. Returns where it is. */
function keep(data: string, store: Store, written?: number): number {
  const { now } = store.highWater(0);
  if (now && now.n !== written) writeHighWater(data, now);
  return now?.n ?? 0;
}
