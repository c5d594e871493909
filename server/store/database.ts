/**
 * Opens the SQLite file the way durability needs it, and turns SQLite's errors into ours. Knows the
 * pragmas; knows no table but through schema.ts.
 */
import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import {
  DamagedDatabaseError,
  StorageBusyError,
  StorageFailingError,
  StorageFullError,
  StorageRefusedError,
} from './faults.ts';
import { assertKnown, assertMigrated, migrate } from './schema.ts';

/** Its name in the data directory. */
export const DATABASE_FILE = 'offing.db';
const BUSY_TIMEOUT_MS = 5000;
const SYNCHRONOUS_FULL = 2;

export function openDatabase(data: string): Database.Database {
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const file = join(data, DATABASE_FILE);
  makeForOwner(file);
  return withFaults(() => openAt(file), file);
}

/** Only its owner may read it, whatever the directory lets through; what SQLite puts beside it is as it is. */
function makeForOwner(file: string): void {
  if (!existsSync(file)) closeSync(openSync(file, 'a', 0o600));
}

function openAt(file: string): Database.Database {
  const db = new Database(file, { timeout: BUSY_TIMEOUT_MS });
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

const openToRead = (file: string, check: (db: Database.Database) => void): Database.Database =>
  withFaults(() => openReadingAt(file, check), file);

function openReadingAt(file: string, check: (db: Database.Database) => void): Database.Database {
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

/** Runs `work`, with SQLite's own errors as faults of the store. `file`: where it is known. */
export function withFaults<T>(work: () => T, file?: string): T {
  try {
    return work();
  } catch (error) {
    throw asFault(error, file);
  }
}

/** SQLite's own errors as faults of the store; others as they are, and those that are a fault of ours. */
export function asFault(error: unknown, file?: string): unknown {
  if (!(error instanceof Database.SqliteError)) return error;
  const { code } = error;
  const options = { cause: error };
  const name = file ?? 'the database';
  // Behind the first word SQLite says what of it, as in SQLITE_IOERR_READ.
  switch (code.split('_', 2)[1]) {
    case 'FULL':
      return new StorageFullError(
        file ? `the disk of ${file} is full` : 'the disk is full',
        options,
      );
    case 'BUSY':
    case 'LOCKED':
      return new StorageBusyError(`${name} is busy`, options);
    case 'CORRUPT':
    case 'NOTADB':
      return new DamagedDatabaseError(name, error.message, options);
    case 'CANTOPEN':
    case 'PERM':
    case 'AUTH':
      return new StorageRefusedError(name, 'cannot be opened', code, options);
    case 'READONLY':
      return new StorageRefusedError(name, 'cannot be written', code, options);
    case 'IOERR':
      return new StorageFailingError(name, code, options);
    default:
      return error;
  }
}
