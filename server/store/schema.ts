/**
 * The tables, and how an older file becomes one of today's. Spaces and actors have a small number
 * inside the database, so that an op's row and its two indexes do not repeat their ids.
 */
import type Database from 'better-sqlite3';
import {
  DatabaseFromFutureError,
  DatabaseNotMigratedError,
  ForeignDatabaseError,
} from './faults.ts';

/** Marks a file as ours (PRAGMA application_id): "Offn". */
const APPLICATION_ID = 0x4f66666e;

const VERSION_1 = `
CREATE TABLE account (
  id         TEXT PRIMARY KEY,
  name       TEXT NOT NULL UNIQUE,
  home       TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

-- A deleted space keeps its row for ever: its id is never used again.
CREATE TABLE space (
  n              INTEGER PRIMARY KEY,
  id             TEXT NOT NULL UNIQUE,
  epoch          TEXT NOT NULL,
  epoch_from     INTEGER NOT NULL,
  head           INTEGER NOT NULL,
  head_digest    BLOB NOT NULL,
  horizon        INTEGER NOT NULL,
  horizon_digest BLOB NOT NULL,
  created_at     INTEGER NOT NULL,
  deleted_at     INTEGER
) STRICT;

CREATE TABLE access (
  account TEXT NOT NULL REFERENCES account (id),
  space   INTEGER NOT NULL REFERENCES space (n),
  level   TEXT NOT NULL CHECK (level IN ('read', 'write', 'own')),
  PRIMARY KEY (account, space)
) STRICT, WITHOUT ROWID;
CREATE INDEX access_by_space ON access (space);

CREATE TABLE actor (
  n          INTEGER PRIMARY KEY,
  space      INTEGER NOT NULL REFERENCES space (n),
  id         TEXT NOT NULL,
  account    TEXT NOT NULL REFERENCES account (id),
  last_clock INTEGER NOT NULL,
  cursor     INTEGER,
  UNIQUE (space, id)
) STRICT;

-- hash: of the op as it was received, to tell a repetition from a fork; empty where that is the row
-- itself. digest: the chain at this row.
CREATE TABLE op (
  n       INTEGER PRIMARY KEY,
  space   INTEGER NOT NULL REFERENCES space (n),
  seq     INTEGER NOT NULL,
  actor   INTEGER NOT NULL REFERENCES actor (n),
  clock   INTEGER NOT NULL,
  base    INTEGER NOT NULL,
  at      INTEGER NOT NULL,
  v       INTEGER NOT NULL,
  key     TEXT,
  hash    BLOB NOT NULL,
  digest  BLOB NOT NULL,
  payload TEXT NOT NULL,
  UNIQUE (space, seq),
  UNIQUE (actor, clock)
) STRICT;

-- Kept until the actor pushes from a higher clock: by then it has heard.
CREATE TABLE refusal (
  actor INTEGER NOT NULL REFERENCES actor (n),
  clock INTEGER NOT NULL,
  code  TEXT NOT NULL,
  bound INTEGER,
  hash  BLOB NOT NULL,
  PRIMARY KEY (actor, clock)
) STRICT, WITHOUT ROWID;

-- secret: SHA-256 of the token, which itself is nowhere here.
CREATE TABLE token (
  id           TEXT PRIMARY KEY,
  secret       BLOB NOT NULL UNIQUE,
  account      TEXT NOT NULL REFERENCES account (id),
  label        TEXT NOT NULL,
  only_space   TEXT,
  read_only    INTEGER NOT NULL,
  is_link      INTEGER NOT NULL,
  created_at   INTEGER NOT NULL,
  last_used_at INTEGER,
  revoked_at   INTEGER
) STRICT;
`;

const VERSION_2 = `
-- A state of a space, folded from its log up to seq. header: the first line of its text, as JSON and
-- without the epoch. checksum: over that and those of the parts.
CREATE TABLE snapshot (
  n        INTEGER PRIMARY KEY,
  space    INTEGER NOT NULL REFERENCES space (n),
  seq      INTEGER NOT NULL,
  header   TEXT NOT NULL,
  built_at INTEGER NOT NULL,
  bytes    INTEGER NOT NULL,
  crc32    INTEGER NOT NULL,
  checksum BLOB NOT NULL,
  UNIQUE (space, seq)
) STRICT;

-- What stands behind the header, in pieces that are compressed each by itself.
CREATE TABLE snapshot_part (
  n        INTEGER PRIMARY KEY,
  snapshot INTEGER NOT NULL REFERENCES snapshot (n),
  start    INTEGER NOT NULL,
  bytes    INTEGER NOT NULL,
  checksum BLOB NOT NULL,
  body     BLOB NOT NULL,
  UNIQUE (snapshot, start)
) STRICT;
`;

const VERSION_3 = `
-- dropped: the seq through which the last drop went. The log is gone up to horizon, which follows it.
ALTER TABLE space ADD COLUMN dropped INTEGER NOT NULL DEFAULT 0;

-- pushed_from: the clock that its last push began with; whatever is below it has been heard.
-- seen: when it last exchanged something, in served time, to a day.
ALTER TABLE actor ADD COLUMN pushed_from INTEGER NOT NULL DEFAULT 0;
ALTER TABLE actor ADD COLUMN seen INTEGER NOT NULL DEFAULT 0;

-- The hash of an op whose row is gone, until its actor has pushed from a higher clock.
CREATE TABLE gone (
  actor INTEGER NOT NULL REFERENCES actor (n),
  clock INTEGER NOT NULL,
  hash  BLOB NOT NULL,
  PRIMARY KEY (actor, clock)
) STRICT, WITHOUT ROWID;

-- How long servers have run on this database, ever, in ms. No clock that jumps can change it.
CREATE TABLE served_time (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  ms INTEGER NOT NULL
) STRICT;
INSERT INTO served_time VALUES (1, 0);

-- Where a log stood, at most once a day of served time: what lies at or below is at least so old.
CREATE TABLE log_mark (
  space  INTEGER NOT NULL REFERENCES space (n),
  seq    INTEGER NOT NULL,
  served INTEGER NOT NULL,
  PRIMARY KEY (space, seq)
) STRICT, WITHOUT ROWID;
`;

/** The step at index n makes version n + 1 of version n. Steps are only ever added. */
const MIGRATIONS: readonly string[] = [VERSION_1, VERSION_2, VERSION_3];

export const SCHEMA_VERSION = MIGRATIONS.length;

/** Throws for a file that is not ours, or not yet known here. Changes nothing. */
export function assertKnown(db: Database.Database): void {
  const found = versionOf(db);
  // First: another program counts its versions as it likes.
  if (!isOurs(db, found)) throw new ForeignDatabaseError(db.name);
  if (found > SCHEMA_VERSION) throw new DatabaseFromFutureError(db.name, found, SCHEMA_VERSION);
}

/** Throws DatabaseNotMigratedError for one of an earlier version. Changes nothing. */
export function assertMigrated(db: Database.Database): void {
  const found = versionOf(db);
  if (found < SCHEMA_VERSION) throw new DatabaseNotMigratedError(db.name, found, SCHEMA_VERSION);
}

/** Brings the file up to date in one transaction. */
export function migrate(db: Database.Database): void {
  const step = db.transaction(() => {
    assertKnown(db);
    const found = versionOf(db);
    if (found === SCHEMA_VERSION) return;
    for (const sql of MIGRATIONS.slice(found)) db.exec(sql);
    db.pragma(`application_id = ${APPLICATION_ID}`);
    db.pragma(`user_version = ${SCHEMA_VERSION}`);
  });
  // Immediate: a token command may open a new database in the same instant as the server.
  step.immediate();
}

const versionOf = (db: Database.Database): number =>
  db.pragma('user_version', { simple: true }) as number;

function isOurs(db: Database.Database, version: number): boolean {
  if (version > 0) return db.pragma('application_id', { simple: true }) === APPLICATION_ID;
  return db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() === 0;
}
