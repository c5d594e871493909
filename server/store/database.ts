/**
 * Opens the SQLite file the way durability needs it, and turns SQLite's errors into ours. Knows the
 * pragmas; knows no table but through schema.ts.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { StorageBusyError, StorageFailedError, StorageFullError } from './faults.ts';
import { assertKnown, assertMigrated, migrate } from './schema.ts';

/** Its name in the data directory. */
export const DATABASE_FILE = 'offing.db';
const BUSY_TIMEOUT_MS = 5000;
const SYNCHRONOUS_FULL = 2;

export function openDatabase(data: string): Database.Database {
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const db = new Database(join(data, DATABASE_FILE), { timeout: BUSY_TIMEOUT_MS });
  try {
    // First of all: the next pragma already writes to the file.
    assertKnown(db);
    db.pragma('journal_mode = WAL');
    // At every open: SQLite here is built to reopen a WAL database with NORMAL, which may lose
    // acknowledged commits when the power fails, and no test that kills a process would notice.
    db.pragma('synchronous = FULL');
    db.pragma('foreign_keys = ON');
    db.pragma('trusted_schema = OFF');
    assertDurable(db);
    migrate(db);
  } catch (error) {
    db.close();
    throw error;
  }
  return db;
}

/**
 * Opens a database for who only looks at it: a copy, or one that a server goes on with. Throws for a
 * file that is not ours or is not known here yet.
 */
export const openReader = (file: string): Database.Database => openToRead(file, assertKnown);

/** The same, where today's tables are looked for. Throws DatabaseNotMigratedError as well. */
export const openMigrated = (file: string): Database.Database =>
  openToRead(file, (db) => {
    assertKnown(db);
    assertMigrated(db);
  });

function openToRead(file: string, check: (db: Database.Database) => void): Database.Database {
  const db = new Database(file, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
  try {
    check(db);
  } catch (error) {
    db.close();
    throw error;
  }
  return db;
}

/** Makes a file that is nobody's log: for what can be made again. */
export function createPlainFile(file: string): Database.Database {
  const db = new Database(file);
  db.pragma('journal_mode = OFF');
  return db;
}

function assertDurable(db: Database.Database): void {
  const journal = db.pragma('journal_mode', { simple: true });
  const synchronous = db.pragma('synchronous', { simple: true });
  if (journal !== 'wal' || synchronous !== SYNCHRONOUS_FULL) {
    throw new Error(`${db.name}: journal ${String(journal)}, synchronous ${String(synchronous)}`);
  }
}

/** Runs `work`, with SQLite's own errors as faults of the store. */
export function withFaults<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw asFault(error);
  }
}

/** SQLite's own errors as faults of the store; others as they are. */
export function asFault(error: unknown): unknown {
  if (!(error instanceof Database.SqliteError)) return error;
  if (error.code.startsWith('SQLITE_FULL')) {
    return new StorageFullError('the disk is full', { cause: error });
  }
  if (error.code.startsWith('SQLITE_BUSY') || error.code.startsWith('SQLITE_LOCKED')) {
    return new StorageBusyError('the database is busy', { cause: error });
  }
  if (error.code.startsWith('SQLITE_READONLY') || error.code.startsWith('SQLITE_IOERR')) {
    const why = `the disk takes nothing, or fails: ${error.code}`;
    return new StorageFailedError(why, { cause: error });
  }
  return error;
}
