/** Writes an archive of everything that a server knows, beside the server, and reads it back. */
import { openArchiveSource } from '../store/archive-source.ts';
import { BrokenLogError, DamagedArchiveError } from '../store/faults.ts';
import { writeWhole } from '../store/whole-file.ts';
import { factsOf } from './facts-of.ts';
import type { Counts } from './format.ts';
import { takeAll } from './take-all.ts';
import { writeArchive } from './write.ts';

/**
 * What the database in `data` has at one moment, as `file`, which is compressed if its name ends so.
 * Throws BrokenLogError and DatabaseNotMigratedError. `at`: wall time in ms.
 */
export async function exportAll(data: string, file: string, at: number): Promise<Counts> {
  const source = openArchiveSource(data);
  try {
    source.verify();
    return await writeWhole(file, async (partial) => {
      const isCompressed = file.endsWith('.gz');
      await writeArchive(partial, { facts: factsOf(source), at, isCompressed });
      return readAgain(partial, data);
    });
  } finally {
    source.close();
  }
}

/** What nothing could be made of again gets no name. */
async function readAgain(file: string, data: string): Promise<Counts> {
  try {
    return await takeAll(file, () => true);
  } catch (error) {
    if (!(error instanceof DamagedArchiveError)) throw error;
    const what = `${data} holds what could not be imported again: ${error.why}`;
    throw new BrokenLogError(what, { cause: error });
  }
}
