/** Databases of every earlier schema, as servers of their time wrote them, opened by this one. */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256 } from '../log/op-hash.ts';
import { openServer } from '../open-server.ts';
import { EARLIER, fixtureOf, writeEarlier } from '../testing/earlier-databases.ts';
import { actorId, op, spaceId } from '../testing/log-words.ts';
import { answerIn, answersOf } from '../testing/open-app.ts';
import { SCRATCH } from '../testing/scratch.ts';
import { restore } from './backup.ts';
import { openReader } from './database.ts';
import { SCHEMA_VERSION } from './schema.ts';
import { openSqliteStore } from './sqlite.ts';
import { verifyDatabase } from './verify.ts';

const S = spaceId(1);
/** Of the account of these databases. */
const TOKEN = 'off_zYkizI4J5JDgjPbT9n8-zDmFKeetgi6sEIKkN_BwqGc';

let data: string;
beforeEach(() => void (data = mkdtempSync(join(SCRATCH, 'offing-migrations-'))));
afterEach(() => rmSync(data, { recursive: true }));

const write = (version: number, directory = data, also = ''): string =>
  writeEarlier(version, directory, also);

function look<T>(file: string, work: (db: Database.Database) => T): T {
  const db = openReader(file);
  try {
    return work(db);
  } finally {
    db.close();
  }
}

/** Each table and index as it was declared, without the comments and spaces of its text. */
const schemaOf = (db: Database.Database) =>
  db
    .prepare<[], { name: string; sql: string | null }>(
      'SELECT name, sql FROM sqlite_schema ORDER BY name',
    )
    .all()
    .map(({ name, sql }) => [name, sql?.replace(/--.*/g, '').replace(/\s+/g, ' ')]);
const rowsOf = (db: Database.Database, table: string) => db.prepare(`SELECT * FROM ${table}`).all();
const versionOf = (db: Database.Database) => db.pragma('user_version', { simple: true });

describe('a database of an earlier version', () => {
  it('[OPS19] is kept for each version that there was', () => {
    expect(EARLIER.filter((version) => !existsSync(fixtureOf(version)))).toEqual([]);
  });

  it.each(EARLIER)(
    '[OPS19] of version %i becomes what a new one is, and keeps its rows',
    (version) => {
      const file = write(version);
      const before = look(file, (db) => ['op', 'refusal', 'token'].map((each) => rowsOf(db, each)));
      openSqliteStore(data).close();
      const fresh = join(data, 'fresh');
      openSqliteStore(fresh).close();
      look(file, (db) => {
        expect(versionOf(db)).toBe(SCHEMA_VERSION);
        expect(schemaOf(db)).toEqual(look(join(fresh, 'offing.db'), schemaOf));
        expect(['op', 'refusal', 'token'].map((each) => rowsOf(db, each))).toEqual(before);
        expect(verifyDatabase(db, sha256)).toEqual({ spaces: 2, ops: 5 });
      });
    },
  );

  it.each(EARLIER)('[OPS19] of version %i is served as if nothing had been', async (version) => {
    write(version);
    const server = await openServer({ data });
    const push = async (asked: object) => {
      const response = await server.app.request('/sync/push', {
        method: 'POST',
        headers: { Authorization: `Bearer ${TOKEN}`, 'Content-Type': 'application/json' },
        body: JSON.stringify({ spaces: { [S]: asked } }),
      });
      return answerIn(answersOf(await response.json()), S);
    };
    const all = await push({ actor: actorId(1), since: 0 });
    expect(all).toMatchObject({ head: 5, acked: 4, refused: [{ clock: 3, code: 'bad_op' }] });
    expect(all.ops.map(({ clock }) => clock)).toEqual([1, 2, 4, 1, 3]);
    const own = all.ops.filter(({ actor }) => actor === actorId(2));
    const again = own.map(({ seq: _, actor: __, ...sent }) => sent);
    const { epoch, digest } = all;
    const repeated = { actor: actorId(2), since: 5, epoch, digest, ops: [again[1]] };
    expect(await push(repeated)).toMatchObject({ head: 5, acked: 3 });
    expect(await push({ actor: actorId(2), since: 5, ops: [op(4)] })).toMatchObject({ head: 6 });
    await server.close();
  });

  it.each(EARLIER)(
    '[OPS19] of version %i is as it was if it cannot be brought up to date',
    (version) => {
      const file = write(version, data, 'CREATE TABLE log_mark (n);');
      const before = look(file, schemaOf);
      expect(() => openSqliteStore(data)).toThrow('log_mark');
      look(file, (db) => {
        expect(versionOf(db)).toBe(version);
        expect(schemaOf(db)).toEqual(before);
      });
    },
  );

  it.each(EARLIER)('[OPS17] [OPS19] of version %i is restored from', async (version) => {
    const backup = write(version, join(data, 'old'));
    const into = join(data, 'into');
    mkdirSync(into);
    let epochs = 0;
    const newEpoch = () => `e${(epochs += 1)}` as never;
    const restored = await restore(into, backup, { newEpoch, stamp: 'then' });
    expect(restored).toMatchObject({ spaces: 2, ops: 5, renewed: [{}, { space: S, from: 5 }] });
    look(join(into, 'offing.db'), (db) => expect(versionOf(db)).toBe(SCHEMA_VERSION));
  });
});
