/** Makes the database of an empty data directory from an archive, each log in an epoch of its own. */
import { chmodSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../log/op-hash.ts';
import { openArchiveTarget } from '../store/archive-target.ts';
import { DATABASE_FILE } from '../store/database.ts';
import { DataNotEmptyError } from '../store/faults.ts';
import { LOCK_FILE } from '../store/lock.ts';
import { INCOMING, replaceDatabase } from '../store/replace.ts';
import type { Replaced, Replacing } from '../store/replace.ts';
import { verifyFile } from '../store/verify.ts';
import type { Counts } from './format.ts';
import { takeAll } from './take-all.ts';

export interface Imported extends Replaced {
  readonly counts: Counts;
}

/**
 * At once or not at all. Throws DataNotEmptyError, DamagedArchiveError, ArchiveFromFutureError, and
 * DataInUseError while another import is at work.
 */
export async function importAll(
  data: string,
  file: string,
  how: Omit<Replacing, 'make'>,
): Promise<Imported> {
  // Before anything is put there, and again when nobody else can.
  assertEmpty(data);
  let counts: Counts | undefined;
  const replaced = await replaceDatabase(data, {
    ...how,
    async make(folder) {
      assertEmpty(data);
      counts = await filled(folder, file);
      const made = join(folder, DATABASE_FILE);
      chmodSync(made, 0o600);
      return verifyFile(made, sha256);
    },
  });
  if (!counts) throw new Error('nothing was made');
  return { ...replaced, counts };
}

async function filled(folder: string, file: string): Promise<Counts> {
  const target = openArchiveTarget(folder);
  try {
    return await takeAll(file, (facts) => target.put(facts));
  } finally {
    target.close();
  }
}

/** The lock, with the journal of it that stands while it is held; and what a killed import has left. */
const isNothing = (name: string): boolean => name.startsWith(LOCK_FILE) || name === INCOMING;

function assertEmpty(data: string): void {
  if (!existsSync(data)) return;
  const found = readdirSync(data).find((name) => !isNothing(name));
  if (found !== undefined) throw new DataNotEmptyError(data, found);
}
