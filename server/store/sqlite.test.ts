import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packageRoot } from '../package-root.ts';
import { ANN, EPOCH, NOW, SPACE } from '../testing/log-words.ts';
import { openDatabase, withFaults } from './database.ts';
import {
  BrokenLogError,
  DatabaseFromFutureError,
  DataInUseError,
  ForeignDatabaseError,
  StorageBusyError,
  StorageFullError,
} from './faults.ts';
import { lockData } from './lock.ts';
import { SCHEMA_VERSION } from './schema.ts';
import { openSqliteStore } from './sqlite.ts';

let data: string;
let file: string;
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'offing-sqlite-'));
  file = join(data, 'offing.db');
});
afterEach(() => rmSync(data, { recursive: true }));

/** Changes the file behind the store's back. */
function tamper(work: (db: Database.Database) => void): void {
  const db = new Database(file);
  work(db);
  db.close();
}

describe('a database', () => {
  it('[LG22] is in WAL with synchronous=FULL at its first opening and at every later one', () => {
    for (const _ of [1, 2, 3]) {
      const db = openDatabase(data);
      expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
      expect(db.pragma('synchronous', { simple: true })).toBe(2);
      expect(db.pragma('foreign_keys', { simple: true })).toBe(1);
      db.close();
    }
  });

  it('[LG22] is opened in one place alone, so that no other opening goes without it', () => {
    const sources = readdirSync(join(packageRoot, 'server'), { recursive: true, encoding: 'utf8' })
      .filter((path) => /(?<!\.test)\.ts$/.test(path) && !path.startsWith(`testing${sep}`))
      .map((path) => join('server', path))
      .filter((path) => /\bnew Database\(/.test(readFileSync(join(packageRoot, path), 'utf8')))
      .map((path) => path.split(sep).join('/'));
    // The other one is the lock's own file, which has nothing in it.
    expect(sources.toSorted()).toEqual(['server/store/database.ts', 'server/store/lock.ts']);
  });

  it('[LG23] of a later schema is refused, and not touched', () => {
    openSqliteStore(data).close();
    tamper((db) => {
      db.pragma('journal_mode = DELETE');
      db.pragma(`user_version = ${SCHEMA_VERSION + 1}`);
    });
    const before = readFileSync(file);
    expect(() => openSqliteStore(data)).toThrow(DatabaseFromFutureError);
    expect(readFileSync(file)).toEqual(before);
  });

  it('[LG23] of another program is refused, and not touched', () => {
    tamper((db) => db.exec('CREATE TABLE song (title TEXT)'));
    const before = readFileSync(file);
    expect(() => openSqliteStore(data)).toThrow(ForeignDatabaseError);
    expect(readFileSync(file)).toEqual(before);
  });

  it.each([
    ['whose head is not the end of its log', 'UPDATE space SET head = head + 1'],
    ['whose digest is not that of its log', "UPDATE space SET head_digest = x'00'"],
  ])('[LG24] %s is not served', async (_, sql) => {
    const store = openSqliteStore(data);
    await store.auth.addAccount({ id: ANN, name: 'ann', home: SPACE }, EPOCH, NOW);
    store.close();
    tamper((db) => db.exec(sql));
    expect(() => openSqliteStore(data)).toThrow(BrokenLogError);
  });

  it('[WI17] that is full or held says which', () => {
    const db = openDatabase(data);
    db.pragma('busy_timeout = 0');
    const other = openDatabase(data);
    other.exec('BEGIN IMMEDIATE');
    expect(() => withFaults(() => db.exec('BEGIN IMMEDIATE'))).toThrow(StorageBusyError);
    other.exec('ROLLBACK');
    db.pragma(`max_page_count = 1`);
    const fill = () => db.exec(`INSERT INTO account VALUES ('i', '${'n'.repeat(1e6)}', 'h', 0)`);
    expect(() => withFaults(fill)).toThrow(StorageFullError);
    other.close();
    db.close();
  });
});

describe('the lock on a data directory', () => {
  it('[OPS4] is held by one, and free after it', () => {
    const unlock = lockData(data);
    expect(() => lockData(data)).toThrow(DataInUseError);
    unlock();
    lockData(data)();
  });

  it('[OPS4] does not keep the database from others', () => {
    const unlock = lockData(data);
    openSqliteStore(data).close();
    unlock();
  });
});
