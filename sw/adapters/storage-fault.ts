/**
 * What errors of IndexedDB mean, Dexie's and the browser's own alike. The one that tells is often
 * inside another: a transaction that found no room is an AbortError with a QuotaExceededError in it,
 * a bulk operation has its reasons in a list.
 */
import Dexie from 'dexie';
import { StorageError } from '../engine/ports.ts';

/** What took longer than it may; it was ended, and has no effect. */
export class LateError extends Error {
  override readonly name = 'LateError';
}

/** A connection that is open and has nothing in it. */
export class LostError extends Error {
  override readonly name = 'LostError';
}

/** An open that waits for a connection of an older version to be closed. */
export class BlockedError extends Error {
  override readonly name = 'BlockedError';
}

/** A transaction that the browser ended; its cause is the transaction's own error. */
export class AbortedError extends Error {
  override readonly name = 'AbortedError';
}

/** The names of an error and of all that it came from, the outermost first. */
function namesOf(error: unknown, depth = 0): string[] {
  if (!(error instanceof Error || error instanceof DOMException) || depth > 5) return [];
  const { inner, cause, failures } = error as {
    inner?: unknown;
    cause?: unknown;
    failures?: unknown;
  };
  const within = [inner, cause, ...(Array.isArray(failures) ? failures : [])];
  return [error.name, ...within.flatMap((one) => namesOf(one, depth + 1))];
}

/**
 * The connection is gone: closed by the browser or for another version, its process ended. WebKit says
 * UnknownError, Chromium aborts what is under way. Nothing of the transaction took effect.
 */
const LOST = new Set([
  'DatabaseClosedError',
  'InvalidStateError',
  'UnknownError',
  'AbortError',
  'LostError',
]);

export function isLost(error: unknown): boolean {
  const names = namesOf(error);
  return !names.includes('QuotaExceededError') && names.some((name) => LOST.has(name));
}

/** As the engine's StorageError; a fault of our own code inside a transaction stays what it is. */
export function asStorageError(error: unknown): unknown {
  if (error instanceof StorageError || !isOfStorage(error)) return error;
  const isFull = namesOf(error).includes('QuotaExceededError');
  const fault = isFull ? 'full' : error instanceof BlockedError ? 'blocked' : 'failed';
  return new StorageError(fault, { cause: error });
}

const isOfStorage = (error: unknown): boolean =>
  [Dexie.DexieError, DOMException, LateError, LostError, BlockedError, AbortedError].some(
    (kind) => error instanceof (kind as typeof Error),
  );
