import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StorageBusyError, StorageRefusedError, StorageFullError } from './faults.ts';
import { createGroupCommit } from './group-commit.ts';
import type { GroupCommit } from './group-commit.ts';

let folder: string;
let db: Database.Database;
let other: Database.Database;
let commits: GroupCommit;
let statements: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'offing-group-'));
  const file = join(folder, 'group.db');
  statements = [];
  db = new Database(file, { verbose: (sql) => void statements.push(String(sql)) });
  db.pragma('journal_mode = WAL');
  db.exec('CREATE TABLE word (text TEXT UNIQUE)');
  other = new Database(file, { timeout: 0 });
  commits = createGroupCommit(db);
});
afterEach(() => {
  db.close();
  other.close();
  rmSync(folder, { recursive: true });
});

const add = (text: string) => db.prepare('INSERT INTO word VALUES (?)').run(text);
const words = () => other.prepare<[], string>('SELECT text FROM word ORDER BY rowid').pluck().all();
const count = (sql: string) => statements.filter((each) => each === sql).length;
const codesOf = async (runs: readonly Promise<unknown>[]) =>
  (await Promise.allSettled(runs)).map(({ status }) => status);

describe('[LG26] works that come together', () => {
  it('share one commit, in their order, and are told after it', async () => {
    const seen = await Promise.all(
      ['a', 'b', 'c'].map((text) => commits.run(() => add(text)).then(words)),
    );
    expect(seen).toEqual([
      ['a', 'b', 'c'],
      ['a', 'b', 'c'],
      ['a', 'b', 'c'],
    ]);
    expect([count('BEGIN IMMEDIATE'), count('COMMIT')]).toEqual([1, 1]);
  });

  it('see what those before them did', async () => {
    const many = () => db.prepare<[], number>('SELECT count(*) FROM word').pluck().get();
    const [, found] = await Promise.all([commits.run(() => add('a')), commits.run(many)]);
    expect(found).toBe(1);
  });

  it('are undone alone where one throws, also in the middle of its own writes', async () => {
    const fault = new Error('no');
    const first = commits.run(() => add('a'));
    const bad = commits.run(() => {
      add('half');
      throw fault;
    });
    const doubled = commits.run(() => {
      add('z');
      add('a');
    });
    const all = [first, bad, doubled, commits.run(() => add('b'))];
    expect(await codesOf(all)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
    await expect(bad).rejects.toBe(fault);
    expect(words()).toEqual(['a', 'b']);
    expect(count('COMMIT')).toBe(1);
  });

  it('are tried one by one where one fills the disk, and that one fails', async () => {
    const pages = db.pragma('page_count', { simple: true }) as number;
    db.pragma(`max_page_count = ${pages + 8}`);
    const huge = commits.run(() => add('h'.repeat(1e6)));
    const all = [commits.run(() => add('a')), huge, commits.run(() => add('b'))];
    expect(await codesOf(all)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    await expect(huge).rejects.toThrow(StorageFullError);
    expect(words()).toEqual(['a', 'b']);
  });

  it('[OPS74] that the disk refuses are remembered, until it takes one again', async () => {
    const probe = () => commits.writable(() => add('probe'));
    await probe();
    db.pragma('query_only = ON');
    await expect(commits.run(() => add('a'))).rejects.toThrow(StorageRefusedError);
    await expect(probe()).rejects.toThrow(StorageRefusedError);
    await expect(probe()).rejects.toThrow(StorageRefusedError);
    db.pragma('query_only = OFF');
    await probe();
    await probe();
    expect(words()).toEqual(['probe']);
  });

  it('fail together, and wait once, where another process holds the database', async () => {
    db.pragma('busy_timeout = 0');
    other.exec('BEGIN IMMEDIATE');
    const all = ['a', 'b', 'c'].map((text) => commits.run(() => add(text)));
    expect(await codesOf(all)).toEqual(['rejected', 'rejected', 'rejected']);
    await expect(all[2]).rejects.toThrow(StorageBusyError);
    expect(count('BEGIN IMMEDIATE')).toBe(1);
    other.exec('ROLLBACK');
    await commits.run(() => add('d'));
    expect(words()).toEqual(['d']);
  });

  it('of a thousand leave the event loop room between their commits', async () => {
    const texts = Array.from({ length: 1000 }, (_, i) => String(i));
    await Promise.all(texts.map((text) => commits.run(() => add(text))));
    expect(words()).toEqual(texts);
    expect(count('COMMIT')).toBe(4);
  });
});
