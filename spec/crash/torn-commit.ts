/**
 * Whether a killed process left a commit behind that it had begun to write and not finished: frames in
 * SQLite's write-ahead log after the last one that ends a transaction. They are as if never written.
 * The format is SQLite's ("WAL File Format").
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
/** In the file's header; each frame of the same generation repeats them. */
const SALTS_AT = 16;
const FRAME_SALTS_AT = 8;
const SALTS_BYTES = 8;
const PAGE_SIZE_AT = 8;
/** Of a frame: the size of the database if it ends a transaction, and 0 otherwise. */
const COMMIT_AT = 4;

export function hasTornCommit(data: string): boolean {
  const wal = readWal(data);
  if (wal.length <= HEADER_BYTES) return false;
  const salts = wal.subarray(SALTS_AT, SALTS_AT + SALTS_BYTES);
  const frameBytes = FRAME_HEADER_BYTES + wal.readUInt32BE(PAGE_SIZE_AT);
  let isTorn = false;
  for (let at = HEADER_BYTES; at + FRAME_HEADER_BYTES <= wal.length; at += frameBytes) {
    const saltsOfFrame = wal.subarray(at + FRAME_SALTS_AT, at + FRAME_SALTS_AT + SALTS_BYTES);
    // What lies behind is left over from before the log was begun anew.
    if (!saltsOfFrame.equals(salts)) break;
    const isWhole = at + frameBytes <= wal.length;
    isTorn = !isWhole || wal.readUInt32BE(at + COMMIT_AT) === 0;
  }
  return isTorn;
}

function readWal(data: string): Buffer {
  try {
    return readFileSync(join(data, 'offing.db-wal'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      return Buffer.alloc(0);
    throw error;
  }
}
