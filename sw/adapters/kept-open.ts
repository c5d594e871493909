/**
 * A tiny database that is opened at its first use, and again after it was closed, lost, or could not
 * be opened. What is asked of it ends: every step of a drain, and every status, begins here.
 */
import { asStorageError, isLost, LateError } from './storage-fault.ts';
import type { Handlers } from './tiny-db.ts';

/** A read or a write of one row: this long without an end, and the browser has lost it. */
const WITHIN_MS = 20_000;

/**
 * Returns what runs `work` on the database, once more where its connection was lost under it. `work`
 * is to be safe to repeat. Rejects with StorageError.
 */
export function keptOpen<Db extends { close(): void }>(
  open: (handlers: Handlers) => Promise<Db>,
  withinMs: number = WITHIN_MS,
): <T>(work: (db: Db) => Promise<T>) => Promise<T> {
  let db: Promise<Db> | undefined;

  function close(): void {
    const closing = db;
    db = undefined;
    // One that is opened late is not wanted any more; one that never opens needs no closing.
    void closing?.then(
      (opened) => opened.close(),
      () => undefined,
    );
  }

  return async (work) => {
    for (let attempt = 0; ; attempt++) {
      db ??= open({ blocking: close, terminated: close });
      try {
        return await inTime(withinMs, db.then(work));
      } catch (error) {
        // Also one that could not be opened: the next is to try anew.
        close();
        if (attempt > 0 || !isLost(error)) throw asStorageError(error);
      }
    }
  };
}

async function inTime<T>(ms: number, running: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(new LateError()), ms);
  });
  try {
    return await Promise.race([running, late]);
  } finally {
    clearTimeout(timer);
  }
}
