import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { packageRoot } from '../package-root.ts';
import { SCHEMA_VERSION } from '../store/schema.ts';
import { spaceId } from '../testing/log-words.ts';
import { SCRATCH } from '../testing/scratch.ts';
import { run } from './run.ts';

const S = spaceId(1);
const EARLIER = Array.from({ length: SCHEMA_VERSION - 1 }, (_, i) => i + 1);

let folder: string;
let said: string;
beforeEach(() => {
  said = '';
  vi.spyOn(console, 'log').mockImplementation(() => {});
  vi.spyOn(console, 'error').mockImplementation((text) => void (said += String(text)));
  folder = mkdtempSync(join(SCRATCH, 'offing-earlier-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

/** A data directory with the database of an earlier version. */
function write(version: number): string {
  const data = join(folder, 'data');
  mkdirSync(data);
  const sql = join(packageRoot, 'server', 'testing', 'databases', `version-${version}.sql`);
  const db = new Database(join(data, 'offing.db'));
  db.exec(readFileSync(sql, 'utf8'));
  db.close();
  return data;
}

describe.each(EARLIER)('a database of version %i', (version) => {
  it.each([
    ['doctor', []],
    ['stats', []],
    ['history', [S, 'items', 'milk']],
    ['export', [S, '--sqlite', 'FILE']],
    ['export', ['--all', 'FILE']],
  ])('[OPS25] is left to the server by %s', async (command, more) => {
    const data = write(version);
    const before = readFileSync(join(data, 'offing.db'));
    const args = more.map((each) => (each === 'FILE' ? join(folder, 'file') : each));
    expect(await run([command, ...args, '--data', data])).toBe(1);
    const versions = `has schema version ${version}, and version ${SCHEMA_VERSION} is needed`;
    expect(said).toMatch(/^offing: .*offing\.db /);
    expect(said).toContain(versions);
    expect(said).toContain('start this Offing');
    expect(readFileSync(join(data, 'offing.db'))).toEqual(before);
    expect(readdirSync(folder)).toEqual(['data']);
  });
});
