/** A server's database beside the server, for tests that look into it or damage it. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { DATABASE_FILE } from '../store/database.ts';

export function inDatabaseOf<T>(data: string, work: (db: Database.Database) => T): T {
  const db = new Database(join(data, DATABASE_FILE));
  try {
    return work(db);
  } finally {
    db.close();
  }
}
