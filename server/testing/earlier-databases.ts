/** Databases as earlier versions left them: one for each schema that there was. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { packageRoot } from '../package-root.ts';
import { SCHEMA_VERSION } from '../store/schema.ts';

export const EARLIER = Array.from({ length: SCHEMA_VERSION - 1 }, (_, i) => i + 1);

export const fixtureOf = (version: number): string =>
  join(packageRoot, 'server', 'testing', 'databases', `version-${version}.sql`);

/** Writes the database of an earlier version, and what `also` does to it, into a directory. */
export function writeEarlier(version: number, directory: string, also = ''): string {
  mkdirSync(directory, { recursive: true });
  const file = join(directory, 'offing.db');
  const db = new Database(file);
  db.exec(readFileSync(fixtureOf(version), 'utf8') + also);
  db.close();
  return file;
}
