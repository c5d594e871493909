/**
 * Puts a database that was made beside it in the place of the one in a data directory, each log in an
 * epoch of its own. Until it is there whole, with that, the directory's database is as it was.
 *
 *   lock ─► make it in a folder of its own ─► new epochs ─► keep what was there ─► rename
 */
import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Epoch } from '../../core/index.ts';
import { hasWal, walOf } from './copy-in.ts';
import { DATABASE_FILE } from './database.ts';
import { forgetHighWater } from './high-water.ts';
import { lockData } from './lock.ts';
import type { Renewed } from './port.ts';
import { openSqliteStore } from './sqlite.ts';
import type { Verified } from './verify.ts';
import { putInPlace, synced } from './whole-file.ts';

/** Where it is made: in the data directory, so that a rename is enough. */
export const INCOMING = 'incoming';

export interface Replacing {
  /** Makes the database in this folder, and goes through it. */
  readonly make: (folder: string) => Promise<Verified>;
  readonly newEpoch: () => Epoch;
  /** In the name under which what was there is kept. */
  readonly stamp: string;
}

export interface Replaced extends Verified {
  /** The epoch that each log began with this. */
  readonly renewed: readonly Renewed[];
  /** Where the database that was there lies now. */
  readonly replaced: string | undefined;
}

/** Throws DataInUseError while a server serves the directory, and whatever `make` throws. */
export async function replaceDatabase(
  data: string,
  { make, newEpoch, stamp }: Replacing,
): Promise<Replaced> {
  const unlock = lockData(data);
  const folder = join(data, INCOMING);
  try {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { mode: 0o700 });
    const verified = await make(folder);
    const renewed = await inNewEpochs(folder, newEpoch);
    const made = join(folder, DATABASE_FILE);
    assertAlone(made);
    const replaced = setAside(data, stamp);
    putInPlace(made, join(data, DATABASE_FILE));
    // It has its new epochs: nobody need notice.
    forgetHighWater(data);
    return { ...verified, renewed, replaced };
  } finally {
    rmSync(folder, { recursive: true, force: true });
    unlock();
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
  if (hasWal(file)) throw new Error(`${walOf(file)} is left`);
}

/**
 * Copies what is there into a folder of its own, and takes the files away that belong to it alone: the
 * other database must not find them. If it ends here, the former one lacks its last commits, and is
 * whole in that folder.
 */
function setAside(data: string, stamp: string): string | undefined {
  const beside = [`${DATABASE_FILE}-wal`, `${DATABASE_FILE}-shm`];
  // The log of a database that is gone is set aside as well: it would be taken for the other's.
  const found = [DATABASE_FILE, ...beside].filter((name) => existsSync(join(data, name)));
  if (found.length === 0) return undefined;
  const folder = join(data, `replaced-${stamp}`);
  mkdirSync(folder, { mode: 0o700 });
  try {
    for (const name of found) {
      copyFileSync(join(data, name), join(folder, name));
      synced(join(folder, name));
    }
    synced(folder);
  } catch (error) {
    // Nothing was taken away yet: a folder that is not whole would only look like one that is.
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  for (const name of beside) rmSync(join(data, name), { force: true });
  return folder;
}
