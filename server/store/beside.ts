/** Opens the store to write to it beside whoever serves it, whose schema may be an earlier one. */
import { join } from 'node:path';
import { DATABASE_FILE, openMigrated } from './database.ts';
import { DatabaseNotMigratedError, DataInUseError } from './faults.ts';
import { hasContent } from './high-water.ts';
import { lockData } from './lock.ts';
import { openSqliteStore } from './sqlite.ts';
import type { Store } from './sqlite.ts';

/**
 * Makes it where there is none. One of an earlier schema is brought up to date, but never under a server
 * that goes on with it: throws DatabaseNotMigratedError then.
 */
export function openBesideServer(data: string): Store {
  const behind = behindIn(data);
  if (!behind) return openSqliteStore(data);
  const unlock = lockUnless(behind, data);
  try {
    return openSqliteStore(data);
  } finally {
    unlock();
  }
}

/** Why today's tables are not there; undefined where they are, or where nothing is yet. */
function behindIn(data: string): DatabaseNotMigratedError | undefined {
  const file = join(data, DATABASE_FILE);
  if (!hasContent(file)) return undefined;
  try {
    openMigrated(file).close();
    return undefined;
  } catch (error) {
    if (!(error instanceof DatabaseNotMigratedError)) throw error;
    // One that a server makes at this moment has nothing to bring up to date: both may make it.
    return error.found === 0 ? undefined : error;
  }
}

function lockUnless(behind: DatabaseNotMigratedError, data: string): () => void {
  try {
    return lockData(data);
  } catch (error) {
    throw error instanceof DataInUseError ? behind : error;
  }
}
