/** Files that are there whole or not at all, also after a power cut. */
import {
  closeSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { StorageFullError } from './faults.ts';

/** A file that is not whole has this behind its name, until it is. */
export const PARTIAL = '.partial';

/**
 * Has `write` make the file under another name, and gives it its own when that is done. Only its owner
 * may read it: everybody's lists are in it. Throws StorageFullError where the system has no room for it.
 */
export async function writeWhole<T>(
  file: string,
  write: (partial: string) => Promise<T>,
): Promise<T> {
  const partial = `${file}${PARTIAL}`;
  rmSync(partial, { force: true });
  writeFileSync(partial, '', { mode: 0o600 });
  try {
    const result = await write(partial);
    putInPlace(partial, file);
    return result;
  } catch (error) {
    rmSync(partial, { force: true });
    throw isOfRoom(error)
      ? new StorageFullError(`there is no room for ${file}`, { cause: error })
      : error;
  }
}

const OF_ROOM = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** Of the system's, which does not say of which file where it was written to piece by piece. */
const isOfRoom = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && OF_ROOM.has(String(error.code));

/** A small text, whole or not at all, and not on the disk at once: for what may also be the one before. */
export function putText(file: string, text: string): void {
  const partial = `${file}${PARTIAL}`;
  writeFileSync(partial, text, { mode: 0o600 });
  renameSync(partial, file);
}

/** Durable, and never half there: the name is given to bytes that are on the disk. */
export function putInPlace(from: string, to: string): void {
  synced(from);
  renameSync(from, to);
  synced(dirname(to));
}

/** Has a file, or a folder's names, on the disk. */
export function synced(path: string): void {
  // A folder cannot be opened there, and needs no syncing.
  if (process.platform === 'win32' && statSync(path).isDirectory()) return;
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
