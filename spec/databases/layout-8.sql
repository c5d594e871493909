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
INSERT INTO account VALUES ('01a21bfe-14a8-738d-9fd4-3ace1c5b542f', 'ann', '01a21bfe-14a9-77f3-ba44-253e1310289b', 1795765965993);
INSERT INTO space VALUES (1, '01a21bfe-14a9-77f3-ba44-253e1310289b', '75ce8464997aeb2d', 0, 2, X'e08a9111b6e7e372168b4e0442e75f93', 0, X'00000000000000000000000000000000', 1795765965993, NULL, 0);
INSERT INTO space VALUES (2, '01a21bfe-14e5-7e45-8a75-d8c07cfec991', '04a43c242f229fcf', 0, 15, X'1137de5613dfbaac6036a8a388c348ae', 0, X'00000000000000000000000000000000', 1795765966060, NULL, 0);
INSERT INTO space VALUES (3, '01a21bfe-14e6-79c4-8749-b9aafe43cf5a', 'bdefb78706dffe4c', 0, 1, X'6b2a266479a3c3f2ede096e9ae5d4be0', 0, X'00000000000000000000000000000000', 1795765966071, NULL, 0);
INSERT INTO access VALUES ('01a21bfe-14a8-738d-9fd4-3ace1c5b542f', 1, 'own');
INSERT INTO access VALUES ('01a21bfe-14a8-738d-9fd4-3ace1c5b542f', 2, 'own');
INSERT INTO access VALUES ('01a21bfe-14a8-738d-9fd4-3ace1c5b542f', 3, 'own');
INSERT INTO actor VALUES (1, 1, '01a21bfe-14c8-732c-9d1d-6a4c070d1741', '01a21bfe-14a8-738d-9fd4-3ace1c5b542f', 2, 2, 2, 0);
INSERT INTO actor VALUES (2, 2, '01a21bfe-14e7-7959-9333-b23ec878eab6', '01a21bfe-14a8-738d-9fd4-3ace1c5b542f', 9, 12, 9, 0);
INSERT INTO actor VALUES (3, 3, '01a21bfe-14f3-700d-95e3-24cc7a4b147e', '01a21bfe-14a8-738d-9fd4-3ace1c5b542f', 1, 1, 1, 0);
INSERT INTO actor VALUES (4, 2, '01a21bfe-1544-71a0-94f6-48de4eb365f6', '01a21bfe-14a8-738d-9fd4-3ace1c5b542f', 6, 15, 6, 0);
INSERT INTO actor VALUES (5, 1, '01a21bfe-14df-79d5-abe1-8abccec9b816', '01a21bfe-14a8-738d-9fd4-3ace1c5b542f', 0, 2, 0, 0);
INSERT INTO actor VALUES (6, 2, '01a21bfe-1559-7813-aa2e-d4e110a7e580', '01a21bfe-14a8-738d-9fd4-3ace1c5b542f', 1, NULL, 1, 0);
INSERT INTO actor VALUES (7, 3, '01a21bfe-1551-74bf-83f6-1244de962936', '01a21bfe-14a8-738d-9fd4-3ace1c5b542f', 0, 1, 0, 0);
INSERT INTO op VALUES (1, 1, 1, 1, 1, 0, 1795765966054, 1, NULL, X'', X'8aa849275d0e6f58140587f3a0530790', '{"do":[{"kind":"put","collection":"lists","id":"01a21bfe-14e5-7e45-8a75-d8c07cfec991","fields":{"title":"Camp"},"new":true}]}');
INSERT INTO op VALUES (2, 1, 2, 1, 2, 1, 1795765966067, 1, NULL, X'', X'e08a9111b6e7e372168b4e0442e75f93', '{"do":[{"kind":"put","collection":"lists","id":"01a21bfe-14e6-79c4-8749-b9aafe43cf5a","fields":{"title":"Kitchen"},"new":true}]}');
INSERT INTO op VALUES (3, 2, 1, 2, 1, 0, 1795765966078, 1, NULL, X'', X'3bb4b8f4ac4080a5ddf249345956f7f6', '{"do":[{"kind":"put","collection":"items","id":"tent","fields":{"title":"Tent"},"new":true}]}');
INSERT INTO op VALUES (4, 2, 2, 2, 2, 1, 1795765966100, 1, NULL, X'', X'20748c7d9c2fca37ab1a50aaea41e8ef', '{"do":[{"kind":"put","collection":"items","id":"stove","fields":{"title":"Stove"},"new":true}]}');
INSERT INTO op VALUES (5, 2, 3, 2, 3, 2, 1795765966110, 1, NULL, X'', X'58fef05a962ad362dd7c4b116e54041b', '{"do":[{"kind":"put","collection":"items","id":"lamp","fields":{"title":"Lamp"},"new":true}]}');
INSERT INTO op VALUES (6, 2, 4, 2, 4, 3, 1795765966119, 1, NULL, X'', X'946492e6b54b933135a1ac84237b5241', '{"do":[{"kind":"put","collection":"items","id":"rope","fields":{"title":"Rope"},"new":true}]}');
INSERT INTO op VALUES (7, 3, 1, 3, 1, 0, 1795765966129, 1, NULL, X'', X'6b2a266479a3c3f2ede096e9ae5d4be0', '{"do":[{"kind":"put","collection":"items","id":"pot","fields":{"title":"Pot"},"new":true},{"kind":"put","collection":"items","id":"cup","fields":{"title":"Cup"},"new":true}]}');
INSERT INTO op VALUES (8, 2, 5, 2, 5, 4, 1795765966137, 1, NULL, X'', X'4978551a470f6aa3b600e455dae1e2fa', '{"do":[{"kind":"put","new":true,"collection":"notes","id":"note","fields":{"text":"of an app that knows notes"}}]}');
INSERT INTO op VALUES (9, 2, 6, 4, 1, 0, 1795765966148, 1, NULL, X'', X'afdbf687d49536a33ed00eaf07bc482e', '{"do":[{"kind":"put","collection":"items","id":"map","fields":{"title":"Map"},"new":true}]}');
INSERT INTO op VALUES (10, 2, 7, 6, 1, 0, 1795765966169, 1, NULL, X'', X'c9cdb68b53130f9fbd98a26a3c718ec2', '{"do":[{"kind":"unheard of"}]}');
INSERT INTO op VALUES (11, 2, 8, 4, 2, 7, 1795765966198, 1, NULL, X'', X'0c94bfe21b2c0105003539436d25170f', '{"do":[{"kind":"put","collection":"items","id":"tent","fields":{"title":"Tent for three"}}]}');
INSERT INTO op VALUES (12, 2, 9, 4, 3, 8, 1795765966205, 1, NULL, X'', X'5eb1f88c35fad094e8c2577a5b31f528', '{"do":[{"kind":"delete","collection":"items","id":"stove"}]}');
INSERT INTO op VALUES (13, 2, 10, 4, 4, 9, 1795765966211, 1, NULL, X'', X'828f5c5d7d3245251353651168630e9d', '{"do":[{"kind":"delete","collection":"items","id":"rope"}]}');
INSERT INTO op VALUES (14, 2, 11, 2, 6, 7, 1795765966192, 1, NULL, X'', X'd2796c8186f52143cca5efea214df1fa', '{"do":[{"kind":"put","collection":"items","id":"tent","fields":{"title":"Tent for two"}}]}');
INSERT INTO op VALUES (15, 2, 12, 2, 7, 7, 1795765966195, 1, NULL, X'', X'addf0fb978d9f1130eff8c8db1fb2311', '{"do":[{"kind":"put","collection":"items","id":"stove","fields":{"title":"Gas stove"}}]}');
INSERT INTO op VALUES (16, 2, 13, 2, 9, 12, 1795765966254, 1, NULL, X'', X'd3505e1455b74e6c56f88a640438aee8', '{"do":[{"kind":"put","collection":"items","id":"lamp","fields":{"title":"Lamp, taken"}}]}');
INSERT INTO op VALUES (17, 2, 14, 4, 5, 12, 1795765966282, 1, NULL, X'', X'eca1507544e2f2b27d20d4a5034aca90', '{"do":[{"kind":"put","collection":"items","id":"tent","fields":{"title":"Tent, theirs"}}]}');
INSERT INTO op VALUES (18, 2, 15, 4, 6, 14, 1795765966290, 1, NULL, X'', X'1137de5613dfbaac6036a8a388c348ae', '{"do":[{"kind":"put","collection":"items","id":"axe","fields":{"title":"Axe"},"new":true}]}');
INSERT INTO token VALUES ('f12d60073633', X'2310e13eb724e838321df3fdf4a010e184597e7e6be95a2b7ec8325dd51bc49a', '01a21bfe-14a8-738d-9fd4-3ace1c5b542f', 'test', NULL, 0, 0, 1795765965993, 1795765966009, NULL);
INSERT INTO served_time VALUES (1, 315);
