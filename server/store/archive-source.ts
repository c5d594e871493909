/** Everything that a database has, as facts, at one moment, beside whoever writes to it. */
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import type { Fact, FactKind, FactOf } from '../archive/facts.ts';
import { sha256 } from '../log/op-hash.ts';
import { DATABASE_FILE, openMigrated } from './database.ts';
import { createOpRows } from './op-rows.ts';
import type { SnapshotSource } from './snapshot-port.ts';
import { createSpaceRows, digestText } from './space-rows.ts';
import { createSqliteSnapshotSource } from './sqlite-snapshots.ts';
import { verifyDatabase } from './verify.ts';

export interface ArchiveSource {
  /** Throws BrokenLogError where anything is not as it was written. */
  verify(): void;
  /** Whose is what, and how long servers have run. */
  common(): Iterable<Fact>;
  /** Every space, deleted ones too, in the order of their making. */
  spaces(): readonly FactOf<'space'>[];
  /** What is known about a space beside its log. */
  about(space: FactOf<'space'>): Iterable<Fact>;
  /** From its horizon to its head. */
  ops(space: FactOf<'space'>): Iterable<FactOf<'op'>>;
  readonly snapshots: SnapshotSource;
  close(): void;
}

/** Throws DatabaseNotMigratedError for one that no server of this version has opened yet. */
export function openArchiveSource(data: string): ArchiveSource {
  const db = openMigrated(join(data, DATABASE_FILE));
  try {
    // What is committed after the first look is not seen.
    db.exec('BEGIN');
    return createArchiveSource(db);
  } catch (error) {
    db.close();
    throw error;
  }
}

function createArchiveSource(db: Database.Database): ArchiveSource {
  const rows = { spaces: createSpaceRows(db), ops: createOpRows(db) };
  const accounts = db.prepare<[], FactOf<'account'>>(
    `SELECT 'account' AS kind, id, name, home, created_at AS createdAt FROM account ORDER BY rowid`,
  );
  const tokens = db.prepare<[], Stored<'token', 'secret' | 'readOnly' | 'isLink'>>(
    `SELECT 'token' AS kind, id, secret, account, label, only_space AS onlySpace,
       read_only AS readOnly, is_link AS isLink, created_at AS createdAt,
       last_used_at AS lastUsedAt, revoked_at AS revokedAt
     FROM token ORDER BY rowid`,
  );
  const served = db.prepare<[], FactOf<'served'>>(`SELECT 'served' AS kind, ms FROM served_time`);
  const spaces = db.prepare<[], Stored<'space', 'digest' | 'horizonDigest'>>(
    `SELECT 'space' AS kind, id, epoch, epoch_from AS "from", head, head_digest AS digest, horizon,
       horizon_digest AS horizonDigest, dropped, created_at AS createdAt, deleted_at AS deletedAt
     FROM space ORDER BY n`,
  );
  const access = db.prepare<[string], FactOf<'access'>>(
    `SELECT 'access' AS kind, account, level FROM access JOIN space ON space.n = access.space
     WHERE space.id = ? ORDER BY account`,
  );
  const actors = db.prepare<[string], FactOf<'actor'>>(
    `SELECT 'actor' AS kind, actor.id, account, last_clock AS last, cursor,
       pushed_from AS pushedFrom, seen
     FROM actor JOIN space ON space.n = actor.space WHERE space.id = ? ORDER BY actor.n`,
  );
  const ofActor = (table: 'refusal' | 'gone', columns: string): string =>
    `SELECT ${columns}, actor.id AS actor, clock, hash
     FROM ${table} JOIN actor ON actor.n = ${table}.actor JOIN space ON space.n = actor.space
     WHERE space.id = ? ORDER BY actor.n, clock`;
  const refused = db.prepare<[string], Stored<'refused', 'hash'>>(
    ofActor('refusal', `'refused' AS kind, code, bound AS "limit"`),
  );
  const gone = db.prepare<[string], Stored<'gone', 'hash'>>(ofActor('gone', `'gone' AS kind`));
  const marks = db.prepare<[string], FactOf<'mark'>>(
    `SELECT 'mark' AS kind, seq, served FROM log_mark JOIN space ON space.n = log_mark.space
     WHERE space.id = ? ORDER BY seq`,
  );
  const ops = db.prepare<[string], OpRow>(
    `SELECT 'op' AS kind, seq, actor.id AS actor, clock, base, at, v, key, hash, payload
     FROM op JOIN actor ON actor.n = op.actor
     WHERE op.space = (SELECT n FROM space WHERE id = ?) ORDER BY seq`,
  );

  return {
    verify: () => void verifyDatabase(db, sha256),
    *common() {
      yield* accounts.iterate();
      for (const { secret, readOnly, isLink, ...row } of tokens.iterate()) {
        const flags = { readOnly: readOnly === 1, isLink: isLink === 1 };
        yield { ...row, secret: digestText(secret), ...flags };
      }
      yield* served.iterate();
    },
    spaces: () =>
      spaces.all().map(({ digest, horizonDigest, ...row }) => ({
        ...row,
        digest: digestText(digest),
        horizonDigest: digestText(horizonDigest),
      })),
    *about({ id }) {
      yield* access.iterate(id);
      yield* actors.iterate(id);
      for (const row of refused.iterate(id)) yield { ...row, hash: digestText(row.hash) };
      for (const row of gone.iterate(id)) yield { ...row, hash: digestText(row.hash) };
      yield* marks.iterate(id);
    },
    *ops({ id }) {
      for (const row of ops.iterate(id)) yield asOp(row);
    },
    snapshots: createSqliteSnapshotSource(db, rows),
    close: () => db.close(),
  };
}

/** A fact as its row is: bytes for texts in hex, and 0 or 1 for what is or is not. */
type Stored<Kind extends FactKind, Other extends string> = Omit<FactOf<Kind>, Other> & {
  readonly [Name in Other]: Name extends 'readOnly' | 'isLink' ? number : Buffer;
};

type OpRow = Omit<FactOf<'op'>, 'key' | 'hash'> & {
  readonly key: string | null;
  readonly hash: Buffer;
};

/** Its members in the order in which a person reads them, the payload last. */
function asOp({ key, hash, payload, ...row }: OpRow): FactOf<'op'> {
  return {
    ...row,
    ...(key !== null && { key }),
    ...(hash.length > 0 && { hash: digestText(hash) }),
    payload,
  };
}
