/** Reading what nobody waits for. */
import type { Live } from '../../lib/index.ts';

export interface Unhurried<T> {
  /** Tells of whatever may change the answer; also at the start. */
  readonly changes: Live<unknown>;
  readonly read: () => Promise<T>;
  readonly next: (found: T) => void;
  readonly error: (reason: unknown) => void;
}

/** How many times as long as a reading takes it waits before the next. */
const REST = 10;
const FIRST_WAIT_MS = 200;

/**
 * Reads at the start and after changes, but only for a small part of the time however long a reading takes:
 * what changes while it rests is read at its end. Returns how to stop.
 */
export function readUnhurried<T>({ changes, read, next, error }: Unhurried<T>): () => void {
  let wait = FIRST_WAIT_MS;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isDue = false;
  let isReading = false;
  let isOver = false;

  function readLater(): void {
    isDue = true;
    if (isReading || timer !== undefined) return;
    timer = setTimeout(() => void readNow(), wait);
  }

  async function readNow(): Promise<void> {
    timer = undefined;
    isDue = false;
    isReading = true;
    const start = performance.now();
    try {
      const found = await read();
      if (!isOver) next(found);
    } catch (reason) {
      if (!isOver) error(reason);
    }
    wait = (performance.now() - start) * REST;
    isReading = false;
    if (isDue && !isOver) readLater();
  }

  const subscription = changes.subscribe({ next: readLater, error });
  return () => {
    isOver = true;
    clearTimeout(timer);
    subscription.unsubscribe();
  };
}
