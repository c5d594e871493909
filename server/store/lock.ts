/**
 * One serving process per data directory. The lock is a transaction held open on a file of its own,
 * so the operating system lets go of it however the process ends, and the token commands, which only
 * open the database, are not kept out.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { StorageBusyError, DataInUseError } from './faults.ts';
import { withFaults } from './database.ts';

/** Its name in the data directory. */
export const LOCK_FILE = 'serving.lock';

/** Takes the lock, or throws DataInUseError at once. Returns how to let go of it. */
export function lockData(data: string): () => void {
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const path = join(data, LOCK_FILE);
  const file = withFaults(() => new Database(path, { timeout: 0 }), path);
  try {
    withFaults(() => file.exec('BEGIN EXCLUSIVE'), path);
  } catch (error) {
    file.close();
    throw error instanceof StorageBusyError ? new DataInUseError(data) : error;
  }
  return () => {
    file.close();
  };
}
