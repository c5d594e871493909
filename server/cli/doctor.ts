/** `offing doctor`: goes through a database, a backup or an archive for what is not as it was written. */
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { takeAll } from '../archive/take-all.ts';
import { UsageError } from '../config.ts';
import { sha256 } from '../log/op-hash.ts';
import { examineSnapshots } from '../snapshots/examine.ts';
import { checksumOf, readChecksum } from '../store/checksum.ts';
import { DATABASE_FILE } from '../store/database.ts';
import { BrokenLogError, DatabaseNotMigratedError } from '../store/faults.ts';
import { openReadingOf } from '../store/sqlite.ts';
import type { Reading } from '../store/sqlite.ts';
import { verifyFile } from '../store/verify.ts';
import { newestIn } from './backup-folder.ts';
import { contentOf, counted, existingData } from './data.ts';
import { readOptions } from './options.ts';

/** What is wrong has been said. */
export class NotSound extends Error {
  override readonly name = 'NotSound';
}

/** Throws NotSound. Changes nothing, and works beside a running server. */
export async function doctor(args: readonly string[]): Promise<void> {
  const { values, positionals } = readOptions(args, { data: { type: 'string' } }, [], ['FILE']);
  const [file] = positionals;
  if (file !== undefined) return examineFile(file);
  const data = existingData(values.data);
  return examineDatabase(join(data, DATABASE_FILE), data);
}

async function examineDatabase(file: string, name: string): Promise<void> {
  const reading = openReadingOf(file, true);
  try {
    const { spaces, ops } = reading.verify();
    const contradictions = reading.contradictions();
    for (const each of contradictions) console.error(each);
    const examined = await examineAll(reading);
    const { snapshots } = examined;
    const faults = contradictions.length + examined.faults;
    if (faults > 0) throw new NotSound(`${counted(faults, 'fault')} in ${name}`);
    const found = [counted(spaces, 'space'), counted(ops, 'op'), counted(snapshots, 'snapshot')];
    console.log(`${name} is sound: ${found.join(', ')}.`);
  } catch (error) {
    if (error instanceof BrokenLogError) throw new NotSound(error.message, { cause: error });
    throw error;
  } finally {
    reading.close();
  }
}

/** A backup, the newest of a folder, or an archive; as it is, and where it is. */
async function examineFile(named: string): Promise<void> {
  const path = resolve(named);
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) throw new UsageError(`there is no ${path}`);
  const file = found.isDirectory() ? newestIn(path).file : path;
  if (!isDatabase(file)) {
    const counts = await takeAll(file, () => true);
    console.log(`${file} is a whole archive: ${contentOf(counts)}.`);
    return;
  }
  await assertAsWritten(file);
  try {
    await examineDatabase(file, file);
  } catch (error) {
    if (!(error instanceof DatabaseNotMigratedError)) throw error;
    if (error.found === 0) throw new NotSound(`${file} is empty`);
    examineEarlier(file);
  }
}

/** Without its snapshots: to go through those takes today's tables. */
function examineEarlier(file: string): void {
  const { spaces, ops } = verifyFile(file, sha256);
  const parts = [counted(spaces, 'space'), counted(ops, 'op')];
  console.log(`${file} is sound, and of an earlier Offing: ${parts.join(', ')}.`);
}

const MAGIC = 'SQLite format 3\0';

/** By its first bytes, or by its name where those are damaged. */
function isDatabase(file: string): boolean {
  const bytes = Buffer.alloc(MAGIC.length);
  const handle = openSync(file, 'r');
  try {
    readSync(handle, bytes, 0, MAGIC.length, 0);
  } finally {
    closeSync(handle);
  }
  return bytes.toString('latin1') === MAGIC || file.endsWith('.db');
}

async function assertAsWritten(file: string): Promise<void> {
  const checksum = readChecksum(file);
  if (checksum === undefined) {
    console.error('No checksum lies beside it: its structure and its logs are checked, no more.');
  } else if ((await checksumOf(file)) !== checksum) {
    throw new NotSound(`${file} is damaged: it is not what its checksum was made of`);
  }
}

async function examineAll({ source, directory }: Reading) {
  let [snapshots, faults] = [0, 0];
  for (const id of directory.spaces()) {
    const found = await examineSnapshots(source, id);
    snapshots += found.sound.length;
    faults += found.faults.length;
    for (const fault of found.faults) console.error(`space ${id}: ${fault}`);
  }
  return { snapshots, faults };
}
