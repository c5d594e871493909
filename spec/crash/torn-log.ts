/**
 * The log of a LevelDB, in which Chromium keeps IndexedDB, and whether a killed browser left the head
 * of a record in it without the whole of its body. The format is LevelDB's ("log_format.md").
 */
import { appendFile, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const BLOCK_BYTES = 32 * 1024;
/** Checksum, length, type. */
const HEAD_BYTES = 7;
const LENGTH_AT = 4;

/** Of any database under `databases`. */
export async function hasTornLog(databases: string): Promise<boolean> {
  const logs = await logsUnder(databases);
  return (await Promise.all(logs.map(async (log) => isTorn(await readFile(log))))).includes(true);
}

/** Whether a log ends within a record. */
function isTorn(log: Buffer): boolean {
  let at = 0;
  while (at < log.length) {
    const left = BLOCK_BYTES - (at % BLOCK_BYTES);
    // What is too small for a head stays empty.
    if (left < HEAD_BYTES) at += left;
    else if (at + HEAD_BYTES > log.length) return true;
    else at += HEAD_BYTES + log.readUInt16LE(at + LENGTH_AT);
  }
  return at > log.length;
}

/** A head of a record of 557 bytes. */
const HEAD_ALONE = Buffer.from('c0176b6c2d0201', 'hex');

/** Does to the newest log what a kill does between the two writes of a record. */
export async function tearLog(databases: string): Promise<void> {
  const newest = (await logsUnder(databases)).at(-1);
  if (newest === undefined) throw new Error(`no log of a LevelDB under ${databases}`);
  await appendFile(newest, HEAD_ALONE);
}

async function logsUnder(databases: string): Promise<string[]> {
  const files = await readdir(databases, { recursive: true });
  return files
    .filter((file) => /\.leveldb\/\d+\.log$/.test(file))
    .toSorted()
    .map((file) => join(databases, file));
}
