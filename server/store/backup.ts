/** Copies of the database: made beside a running server, and put back in its place. */
import { chmodSync, copyFileSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { sha256 } from '../log/op-hash.ts';
import { checksumFileOf, checksumOf, readChecksum, writeChecksum } from './checksum.ts';
import { copyWithWal, hasWal } from './copy-in.ts';
import { asFault, DATABASE_FILE, openReader } from './database.ts';
import {
  BrokenLogError,
  DamagedBackupError,
  DamagedDatabaseError,
  DatabaseFromFutureError,
  ForeignDatabaseError,
  StorageBusyError,
} from './faults.ts';
import { replaceDatabase } from './replace.ts';
import type { Replaced, Replacing } from './replace.ts';
import { verifyFile } from './verify.ts';
import type { Verified } from './verify.ts';
import { synced, writeWhole } from './whole-file.ts';

export interface Backup extends Verified {
  readonly bytes: number;
}

/**
 * Writes what the database in `data` has at one moment to `file`, beside a server that goes on, and
 * goes through the copy before it gets its name. A file of that name is written over.
 */
export const backUp = (data: string, file: string): Promise<Backup> =>
  writeWhole(file, async (partial) => {
    copyOut(join(data, DATABASE_FILE), partial);
    const verified = verifyFile(partial, sha256);
    const { size } = statSync(partial);
    putChecksum(file, await checksumOf(partial));
    return { ...verified, bytes: size };
  });

/** On the disk, or not there. */
function putChecksum(file: string, checksum: string): void {
  try {
    writeChecksum(file, checksum);
    synced(checksumFileOf(file));
  } catch (error) {
    rmSync(checksumFileOf(file), { force: true });
    throw error;
  }
}

/** As one reader sees it: whatever is committed meanwhile is not in it, and nobody waits for it. */
function copyOut(from: string, to: string): void {
  const db = openReader(from);
  try {
    db.prepare('VACUUM INTO ?').run(to);
  } catch (error) {
    const fault = asFault(error, from);
    const isOfSource = fault instanceof DamagedDatabaseError || fault instanceof StorageBusyError;
    throw isOfSource ? fault : asFault(error, to);
  } finally {
    db.close();
  }
}

export interface Restored extends Replaced {
  /** Whether a checksum lay beside the backup. */
  readonly hadChecksum: boolean;
  /** Whether commits were taken from the log beside it. */
  readonly hadWal: boolean;
}

/**
 * Puts the backup in the place of the database in `data`, each log in an epoch of its own, at once or
 * not at all. What was there is kept, under a name with `stamp`. A database that was in use is as good as
 * a backup: what it has in its log beside it is taken along. Throws DataInUseError while a server serves
 * the directory, DamagedBackupError, and what says that it is none of ours or of a later version.
 */
export async function restore(
  data: string,
  file: string,
  how: Omit<Replacing, 'make'>,
): Promise<Restored> {
  const checksum = readChecksum(file);
  // A checksum is of the one file: what lies beside it was not there when it was made.
  const isAlone = checksum !== undefined;
  const hadWal = !isAlone && hasWal(file);
  const replaced = await replaceDatabase(data, {
    ...how,
    async make(folder) {
      const copy = join(folder, DATABASE_FILE);
      if (isAlone) copyFileSync(file, copy);
      else copyWithWal(file, copy);
      chmodSync(copy, 0o600);
      if (checksum !== undefined && (await checksumOf(copy)) !== checksum) {
        throw new DamagedBackupError(file, 'it is not what its checksum was made of');
      }
      return verifiedBackup(file, copy);
    },
  });
  return { ...replaced, hadChecksum: isAlone, hadWal };
}

/** Throws of `file`, which the person knows: the copy is gone by then. */
function verifiedBackup(file: string, copy: string): Verified {
  try {
    return verifyFile(copy, sha256, basename(file));
  } catch (error) {
    if (error instanceof DatabaseFromFutureError) {
      throw new DatabaseFromFutureError(file, error.found, error.known);
    }
    if (error instanceof ForeignDatabaseError) throw new ForeignDatabaseError(file);
    if (error instanceof DamagedDatabaseError) throw new DamagedBackupError(file, error.why);
    throw error instanceof BrokenLogError ? new DamagedBackupError(file, error.message) : error;
  }
}
