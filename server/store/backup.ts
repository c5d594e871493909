/** Copies of the database: made beside a running server, and put back in its place. */
import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import type { Epoch } from '../../core/index.ts';
import { sha256 } from '../log/op-hash.ts';
import { checksumFileOf, checksumOf, readChecksum, writeChecksum } from './checksum.ts';
import { DATABASE_FILE, openReader, withFaults } from './database.ts';
import { BrokenLogError, DamagedBackupError } from './faults.ts';
import { forgetHighWater } from './high-water.ts';
import { lockData } from './lock.ts';
import type { Renewed } from './port.ts';
import { openSqliteStore } from './sqlite.ts';
import { verifyDatabase } from './verify.ts';
import type { Verified } from './verify.ts';

/** A file that is not whole has this behind its name, until it is. */
const PARTIAL = '.partial';

export interface Backup extends Verified {
  readonly bytes: number;
}

/**
 * Writes what the database in `data` has at one moment to `file`, beside a server that goes on, and
 * goes through the copy before it gets its name. A file of that name is written over.
 */
export async function backUp(data: string, file: string): Promise<Backup> {
  const partial = `${file}${PARTIAL}`;
  rmSync(partial, { force: true });
  // Everybody's lists are in it.
  writeFileSync(partial, '', { mode: 0o600 });
  try {
    copyOut(join(data, DATABASE_FILE), partial);
    const verified = verifiedFile(partial);
    const { size } = statSync(partial);
    writeChecksum(file, await checksumOf(partial));
    synced(checksumFileOf(file));
    putInPlace(partial, file);
    return { ...verified, bytes: size };
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
}

/** As one reader sees it: whatever is committed meanwhile is not in it, and nobody waits for it. */
function copyOut(from: string, to: string): void {
  const db = openReader(from);
  try {
    withFaults(() => db.prepare('VACUUM INTO ?').run(to));
  } finally {
    db.close();
  }
}

function verifiedFile(file: string): Verified {
  const db = openReader(file);
  try {
    return verifyDatabase(db, sha256);
  } finally {
    db.close();
  }
}

export interface Restored extends Verified {
  /** The epoch that each log began with this. */
  readonly renewed: readonly Renewed[];
  /** Where the database that was there lies now. */
  readonly replaced: string | undefined;
  /** Whether a checksum lay beside the backup. */
  readonly hadChecksum: boolean;
}

/**
 * Puts the backup in the place of the database in `data`, each log in an epoch of its own. Until it is
 * there whole, with that, the database is as it was. What was there is kept, under a name with `stamp`.
 * Throws DataInUseError while a server serves the directory, and DamagedBackupError.
 */
export async function restore(
  data: string,
  file: string,
  { newEpoch, stamp }: { newEpoch: () => Epoch; stamp: string },
): Promise<Restored> {
  const checksum = readChecksum(file);
  const unlock = lockData(data);
  const staging = join(data, 'restoring');
  try {
    rmSync(staging, { recursive: true, force: true });
    mkdirSync(staging, { mode: 0o700 });
    const copy = join(staging, DATABASE_FILE);
    copyFileSync(file, copy);
    chmodSync(copy, 0o600);
    if (checksum !== undefined && (await checksumOf(copy)) !== checksum) {
      throw new DamagedBackupError(file, 'it is not what its checksum was made of');
    }
    const verified = verifiedBackup(file, copy);
    const renewed = await inNewEpochs(staging, newEpoch);
    assertAlone(copy);
    const replaced = setAside(data, stamp);
    putInPlace(copy, join(data, DATABASE_FILE));
    // It has its new epochs: nobody need notice.
    forgetHighWater(data);
    return { ...verified, renewed, replaced, hadChecksum: checksum !== undefined };
  } finally {
    rmSync(staging, { recursive: true, force: true });
    unlock();
  }
}

function verifiedBackup(file: string, copy: string): Verified {
  try {
    return verifiedFile(copy);
  } catch (error) {
    const isDamage = error instanceof BrokenLogError || error instanceof Database.SqliteError;
    throw isDamage ? new DamagedBackupError(file, error.message) : error;
  }
}

async function inNewEpochs(data: string, newEpoch: () => Epoch): Promise<readonly Renewed[]> {
  const store = openSqliteStore(data);
  try {
    return await store.log.renew(null, newEpoch);
  } finally {
    store.close();
  }
}

/** The last to close a database leaves all of it in the one file: that alone is moved. */
function assertAlone(file: string): void {
  const log = `${file}-wal`;
  if (existsSync(log) && statSync(log).size > 0) throw new Error(`${log} is left`);
}

/**
 * Copies what is there into a folder of its own, and takes the files away that belong to it alone: the
 * other database must not find them. If it ends here, the former one lacks its last commits, and is
 * whole in that folder.
 */
function setAside(data: string, stamp: string): string | undefined {
  if (!existsSync(join(data, DATABASE_FILE))) return undefined;
  const folder = join(data, `replaced-${stamp}`);
  mkdirSync(folder, { mode: 0o700 });
  const beside = [`${DATABASE_FILE}-wal`, `${DATABASE_FILE}-shm`];
  for (const name of [DATABASE_FILE, ...beside].filter((one) => existsSync(join(data, one)))) {
    copyFileSync(join(data, name), join(folder, name));
    synced(join(folder, name));
  }
  synced(folder);
  for (const name of beside) rmSync(join(data, name), { force: true });
  return folder;
}

/** Durable, and never half there: the name is given to bytes that are on the disk. */
function putInPlace(from: string, to: string): void {
  synced(from);
  renameSync(from, to);
  synced(dirname(to));
}

function synced(path: string): void {
  // A folder cannot be opened there, and needs no syncing.
  if (process.platform === 'win32' && statSync(path).isDirectory()) return;
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
