/**
 * A database file as it is, copied with what it has committed but not taken in yet: that lies in the
 * `-wal` beside it until a server closes the database in order, and a killed one does not.
 */
import { closeSync, copyFileSync, openSync, readSync, rmSync, statSync } from 'node:fs';
import { StorageBusyError } from './faults.ts';

/** SQLite's own name for a database's log. */
export const walOf = (file: string): string => `${file}-wal`;

/** Whether something was committed that the file alone does not have. */
export const hasWal = (file: string): boolean =>
  (statSync(walOf(file), { throwIfNoEntry: false })?.size ?? 0) > 0;

const MOST_TRIES = 5;

/**
 * Copies `from` and its log, which stay as they are, to `to`, which nobody has open. Throws
 * StorageBusyError where a server takes its log in each time meanwhile: the two would not belong together.
 */
export function copyWithWal(from: string, to: string): void {
  for (let tried = 0; tried < MOST_TRIES; tried++) {
    const before = stateOf(from);
    rmSync(walOf(to), { force: true });
    copyFileSync(from, to);
    if (hasWal(from)) copyFileSync(walOf(from), walOf(to));
    if (stateOf(from) === before) return;
  }
  throw new StorageBusyError(`${from} is being written to: make a backup of it (offing backup)`);
}

/** Alike as long as nothing was taken in from the log, and it was not begun anew. What it grows by is fine. */
function stateOf(file: string): string {
  const { mtimeNs, size } = statSync(file, { bigint: true });
  return [mtimeNs, size, hasWal(file) ? headOf(walOf(file)) : ''].join();
}

const HEAD_BYTES = 32;

/** With the salt, which is another one each time that the log begins anew. */
function headOf(wal: string): string {
  const bytes = Buffer.alloc(HEAD_BYTES);
  const handle = openSync(wal, 'r');
  try {
    readSync(handle, bytes, 0, HEAD_BYTES, 0);
  } finally {
    closeSync(handle);
  }
  return bytes.toString('hex');
}
