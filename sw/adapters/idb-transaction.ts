/**
 * One transaction of the browser's own, from its beginning to the word of its commit. Its errors are
 * those of the browser, or AbortedError with the transaction's own in it.
 */
import { AbortedError } from './storage-fault.ts';

/**
 * Does `work` in the transaction and commits it; resolves once that is done. Rejects where it had no
 * effect: what `work` throws aborts it. `meanwhile` is done while the disk is at work.
 */
export async function committed<T>(
  trans: IDBTransaction,
  work: () => Promise<T>,
  meanwhile: () => void,
): Promise<T> {
  const end = endOf(trans);
  const result = await doneIn(trans, work, end);
  commit(trans);
  meanwhile();
  await end;
  return result;
}

/** Does `work` in a transaction that changes nothing: what is read in it is known before it is over. */
export async function looked<T>(trans: IDBTransaction, work: () => Promise<T>): Promise<T> {
  const result = await doneIn(trans, work, endOf(trans));
  commit(trans);
  return result;
}

/** At once: the browser would wait first for what its last requests may bring with them. */
function commit(trans: IDBTransaction): void {
  try {
    trans.commit();
  } catch {
    // It came to its end by itself, one way or the other.
  }
}

/** What `work` comes to; also where the browser ends the transaction and says nothing of its requests. */
async function doneIn<T>(
  trans: IDBTransaction,
  work: () => Promise<T>,
  end: Promise<void>,
): Promise<T> {
  const aborted = end.then(() => new Promise<never>(() => {}));
  try {
    return await Promise.race([work(), aborted]);
  } catch (error) {
    abort(trans);
    throw error;
  }
}

/** Ends it without an effect, unless it is over or on its way to the disk. */
export function abort(trans: IDBTransaction): void {
  try {
    trans.abort();
  } catch {
    // Then nothing is left to end.
  }
}

function endOf(trans: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    trans.addEventListener('complete', () => resolve());
    trans.addEventListener('abort', () => reject(abortOf(trans)));
  });
}

/** A connection that was closed under it may leave it without a reason. */
export const abortOf = ({ error }: IDBTransaction): AbortedError =>
  new AbortedError('aborted', { cause: error ?? new DOMException('aborted', 'AbortError') });
