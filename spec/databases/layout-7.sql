PRAGMA application_id = 1332110958;
PRAGMA user_version = 3;
CREATE TABLE account (
  id         TEXT PRIMARY KEY,
  name       TEXT NOT NULL UNIQUE,
  home       TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
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
, dropped INTEGER NOT NULL DEFAULT 0) STRICT;
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
  cursor     INTEGER, pushed_from INTEGER NOT NULL DEFAULT 0, seen INTEGER NOT NULL DEFAULT 0,
  UNIQUE (space, id)
) STRICT;
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
CREATE TABLE refusal (
  actor INTEGER NOT NULL REFERENCES actor (n),
  clock INTEGER NOT NULL,
  code  TEXT NOT NULL,
  bound INTEGER,
  hash  BLOB NOT NULL,
  PRIMARY KEY (actor, clock)
) STRICT, WITHOUT ROWID;
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
CREATE TABLE snapshot_part (
  n        INTEGER PRIMARY KEY,
  snapshot INTEGER NOT NULL REFERENCES snapshot (n),
  start    INTEGER NOT NULL,
  bytes    INTEGER NOT NULL,
  checksum BLOB NOT NULL,
  body     BLOB NOT NULL,
  UNIQUE (snapshot, start)
) STRICT;
CREATE TABLE gone (
  actor INTEGER NOT NULL REFERENCES actor (n),
  clock INTEGER NOT NULL,
  hash  BLOB NOT NULL,
  PRIMARY KEY (actor, clock)
) STRICT, WITHOUT ROWID;
CREATE TABLE served_time (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  ms INTEGER NOT NULL
) STRICT;
CREATE TABLE log_mark (
  space  INTEGER NOT NULL REFERENCES space (n),
  seq    INTEGER NOT NULL,
  served INTEGER NOT NULL,
  PRIMARY KEY (space, seq)
) STRICT, WITHOUT ROWID;
INSERT INTO account VALUES ('01a21aea-1bcf-7e25-8ff8-344afb4b38c5', 'ann', '01a21aea-1bcf-783c-93dd-ee5cd074e906', 1795747879887);
INSERT INTO space VALUES (1, '01a21aea-1bcf-783c-93dd-ee5cd074e906', '86d9308b5f8efa95', 0, 2, X'abc62c9374e36c00176299480c6b8d70', 0, X'00000000000000000000000000000000', 1795747879887, NULL, 0);
INSERT INTO space VALUES (2, '01a21aea-1cfa-7783-b0dc-2a9c3b912aa1', 'b036bed2a878e182', 0, 15, X'b07b85c94ae2b62763ddf7a7d497ece4', 0, X'00000000000000000000000000000000', 1795747880207, NULL, 0);
INSERT INTO space VALUES (3, '01a21aea-1cfa-7acf-aa49-01a1203cd36d', '74bcd632fc2ec3a2', 0, 1, X'29cd8fdecff748fbf290bcb61b5b0854', 0, X'00000000000000000000000000000000', 1795747880292, NULL, 0);
INSERT INTO access VALUES ('01a21aea-1bcf-7e25-8ff8-344afb4b38c5', 1, 'own');
INSERT INTO access VALUES ('01a21aea-1bcf-7e25-8ff8-344afb4b38c5', 2, 'own');
INSERT INTO access VALUES ('01a21aea-1bcf-7e25-8ff8-344afb4b38c5', 3, 'own');
INSERT INTO actor VALUES (1, 1, '01a21aea-1c30-7e3b-a89f-8fa440b31fdf', '01a21aea-1bcf-7e25-8ff8-344afb4b38c5', 2, 2, 2, 0);
INSERT INTO actor VALUES (2, 2, '01a21aea-1cfc-7b46-9316-a7c0501b11a3', '01a21aea-1bcf-7e25-8ff8-344afb4b38c5', 9, 12, 9, 0);
INSERT INTO actor VALUES (3, 3, '01a21aea-1d5a-744c-87c4-93cc4907223d', '01a21aea-1bcf-7e25-8ff8-344afb4b38c5', 1, 1, 1, 0);
INSERT INTO actor VALUES (4, 2, '01a21aea-1e75-7846-82a3-f6aaf90f082e', '01a21aea-1bcf-7e25-8ff8-344afb4b38c5', 6, 15, 6, 0);
INSERT INTO actor VALUES (5, 1, '01a21aea-1ceb-75f2-bbdb-7f19744a4826', '01a21aea-1bcf-7e25-8ff8-344afb4b38c5', 0, 2, 0, 0);
INSERT INTO actor VALUES (6, 2, '01a21aea-1e9f-7ef4-9fcf-57bd9c81f5fa', '01a21aea-1bcf-7e25-8ff8-344afb4b38c5', 1, NULL, 1, 0);
INSERT INTO actor VALUES (7, 3, '01a21aea-1e8e-760c-9040-e0494da11792', '01a21aea-1bcf-7e25-8ff8-344afb4b38c5', 0, 1, 0, 0);
INSERT INTO op VALUES (1, 1, 1, 1, 1, 0, 1795747880188, 1, NULL, X'', X'3f8a0382a22ff25a354f29aa4a9b657c', '{"do":[{"kind":"put","collection":"lists","id":"01a21aea-1cfa-7783-b0dc-2a9c3b912aa1","fields":{"title":"Camp"},"new":true}]}');
INSERT INTO op VALUES (2, 1, 2, 1, 2, 1, 1795747880281, 1, NULL, X'', X'abc62c9374e36c00176299480c6b8d70', '{"do":[{"kind":"put","collection":"lists","id":"01a21aea-1cfa-7acf-aa49-01a1203cd36d","fields":{"title":"Kitchen"},"new":true}]}');
INSERT INTO op VALUES (3, 2, 1, 2, 1, 0, 1795747880300, 1, NULL, X'', X'4f8f9dfc1fe64fd6f39f1dca0712c418', '{"do":[{"kind":"put","collection":"items","id":"tent","fields":{"title":"Tent"},"new":true}]}');
INSERT INTO op VALUES (4, 2, 2, 2, 2, 1, 1795747880315, 1, NULL, X'', X'8e8c35d2bf2652c3790252416ff7541c', '{"do":[{"kind":"put","collection":"items","id":"stove","fields":{"title":"Stove"},"new":true}]}');
INSERT INTO op VALUES (5, 2, 3, 2, 3, 2, 1795747880330, 1, NULL, X'', X'9ba7be8b5e225a273e10ddb8e31781c2', '{"do":[{"kind":"put","collection":"items","id":"lamp","fields":{"title":"Lamp"},"new":true}]}');
INSERT INTO op VALUES (6, 2, 4, 2, 4, 3, 1795747880345, 1, NULL, X'', X'72dc77d3c3218c6b75a7a3f5d2b1c9e1', '{"do":[{"kind":"put","collection":"items","id":"rope","fields":{"title":"Rope"},"new":true}]}');
INSERT INTO op VALUES (7, 3, 1, 3, 1, 0, 1795747880361, 1, NULL, X'', X'29cd8fdecff748fbf290bcb61b5b0854', '{"do":[{"kind":"put","collection":"items","id":"pot","fields":{"title":"Pot"},"new":true},{"kind":"put","collection":"items","id":"cup","fields":{"title":"Cup"},"new":true}]}');
INSERT INTO op VALUES (8, 2, 5, 2, 5, 4, 1795747880534, 1, NULL, X'', X'3a809a3f289202a89a343a6d34c39ded', '{"do":[{"kind":"put","new":true,"collection":"notes","id":"note","fields":{"text":"of an app that knows notes"}}]}');
INSERT INTO op VALUES (9, 2, 6, 4, 1, 0, 1795747880565, 1, NULL, X'', X'561536c72b637a450309f1860ea3bd33', '{"do":[{"kind":"put","collection":"items","id":"map","fields":{"title":"Map"},"new":true}]}');
INSERT INTO op VALUES (10, 2, 7, 6, 1, 0, 1795747880606, 1, NULL, X'', X'3777902dfbbceb50828fa11e351b82c5', '{"do":[{"kind":"unheard of"}]}');
INSERT INTO op VALUES (11, 2, 8, 4, 2, 7, 1795747880651, 1, NULL, X'', X'625af7edacdb441823553a2e966c827e', '{"do":[{"kind":"put","collection":"items","id":"tent","fields":{"title":"Tent for three"}}]}');
INSERT INTO op VALUES (12, 2, 9, 4, 3, 8, 1795747880668, 1, NULL, X'', X'fc3797b32d933f6261015373bece1214', '{"do":[{"kind":"delete","collection":"items","id":"stove"}]}');
INSERT INTO op VALUES (13, 2, 10, 4, 4, 9, 1795747880696, 1, NULL, X'', X'486ead5188f36f33e37bdbe9d8e16da4', '{"do":[{"kind":"delete","collection":"items","id":"rope"}]}');
INSERT INTO op VALUES (14, 2, 11, 2, 6, 7, 1795747880632, 1, NULL, X'', X'5469b065ddc00a237d3325122c04386a', '{"do":[{"kind":"put","collection":"items","id":"tent","fields":{"title":"Tent for two"}}]}');
INSERT INTO op VALUES (15, 2, 12, 2, 7, 7, 1795747880643, 1, NULL, X'', X'0056d6370220abb1092f4e34732da5a2', '{"do":[{"kind":"put","collection":"items","id":"stove","fields":{"title":"Gas stove"}}]}');
INSERT INTO op VALUES (16, 2, 13, 2, 9, 12, 1795747881020, 1, NULL, X'', X'46619bd548c66433ce53ee7f42486f83', '{"do":[{"kind":"put","collection":"items","id":"lamp","fields":{"title":"Lamp, taken"}}]}');
INSERT INTO op VALUES (17, 2, 14, 4, 5, 12, 1795747881090, 1, NULL, X'', X'1ae9d43a4cbc809d5ead937415a16a55', '{"do":[{"kind":"put","collection":"items","id":"tent","fields":{"title":"Tent, theirs"}}]}');
INSERT INTO op VALUES (18, 2, 15, 4, 6, 14, 1795747881115, 1, NULL, X'', X'b07b85c94ae2b62763ddf7a7d497ece4', '{"do":[{"kind":"put","collection":"items","id":"axe","fields":{"title":"Axe"},"new":true}]}');
INSERT INTO token VALUES ('c25e9090d154', X'1fe9666135d788f646615d28ee85d365a965dda3743545d0fe2526bd777ffd5a', '01a21aea-1bcf-7e25-8ff8-344afb4b38c5', 'test', NULL, 0, 0, 1795747879888, 1795747879910, NULL);
INSERT INTO served_time VALUES (1, 1332);
