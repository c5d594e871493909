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
INSERT INTO account VALUES ('01a21979-89e7-7542-877f-fa1435e9ecf6', 'ann', '01a21979-89e7-7f0a-bfe2-652c593e70d2', 1795723725287);
INSERT INTO space VALUES (1, '01a21979-89e7-7f0a-bfe2-652c593e70d2', 'b7042b83f4c3be05', 0, 2, X'9029c5970335856b266295f8433b74e6', 0, X'00000000000000000000000000000000', 1795723725287, NULL, 0);
INSERT INTO space VALUES (2, '01a21979-8a1b-7698-ae74-4a520e2d393c', '6039c4cd8591a503', 0, 15, X'c74fe72fe07a280052c7af5837bc2775', 0, X'00000000000000000000000000000000', 1795723725345, NULL, 0);
INSERT INTO space VALUES (3, '01a21979-8a1b-7872-b400-dd6fb1d362a5', 'f8d21e66a81e4320', 0, 1, X'98adf20eeed4dfeb17180cc5ab56f15a', 0, X'00000000000000000000000000000000', 1795723725356, NULL, 0);
INSERT INTO access VALUES ('01a21979-89e7-7542-877f-fa1435e9ecf6', 1, 'own');
INSERT INTO access VALUES ('01a21979-89e7-7542-877f-fa1435e9ecf6', 2, 'own');
INSERT INTO access VALUES ('01a21979-89e7-7542-877f-fa1435e9ecf6', 3, 'own');
INSERT INTO actor VALUES (1, 1, '01a21979-8a02-717d-afa3-e917a07754a0', '01a21979-89e7-7542-877f-fa1435e9ecf6', 2, 2, 2, 0);
INSERT INTO actor VALUES (2, 2, '01a21979-8a1c-738f-a058-44f4a7dc5d14', '01a21979-89e7-7542-877f-fa1435e9ecf6', 9, 12, 9, 0);
INSERT INTO actor VALUES (3, 3, '01a21979-8a28-7d77-b8e2-67177ea2c1df', '01a21979-89e7-7542-877f-fa1435e9ecf6', 1, 1, 1, 0);
INSERT INTO actor VALUES (4, 2, '01a21979-8a6a-7513-9d78-f7004db3a0f1', '01a21979-89e7-7542-877f-fa1435e9ecf6', 6, 15, 6, 0);
INSERT INTO actor VALUES (5, 1, '01a21979-8a16-71d7-aabc-3250d7c18ae0', '01a21979-89e7-7542-877f-fa1435e9ecf6', 0, 2, 0, 0);
INSERT INTO actor VALUES (6, 2, '01a21979-8a78-7db0-a432-dc1d315cbd50', '01a21979-89e7-7542-877f-fa1435e9ecf6', 1, NULL, 1, 0);
INSERT INTO actor VALUES (7, 3, '01a21979-8a74-7929-a022-747efc3946a4', '01a21979-89e7-7542-877f-fa1435e9ecf6', 0, 1, 0, 0);
INSERT INTO op VALUES (1, 1, 1, 1, 1, 0, 1795723725340, 1, NULL, X'', X'8cddae2c24248b053449d6a2ac7d2b9b', '{"do":[{"kind":"put","collection":"lists","id":"01a21979-8a1b-7698-ae74-4a520e2d393c","fields":{"title":"Camp"},"new":true}]}');
INSERT INTO op VALUES (2, 1, 2, 1, 2, 1, 1795723725351, 1, NULL, X'', X'9029c5970335856b266295f8433b74e6', '{"do":[{"kind":"put","collection":"lists","id":"01a21979-8a1b-7872-b400-dd6fb1d362a5","fields":{"title":"Kitchen"},"new":true}]}');
INSERT INTO op VALUES (3, 2, 1, 2, 1, 0, 1795723725368, 1, NULL, X'', X'512910af19db96115fc9f08bded61e23', '{"do":[{"kind":"put","collection":"items","id":"tent","fields":{"title":"Tent"},"new":true}]}');
INSERT INTO op VALUES (4, 2, 2, 2, 2, 1, 1795723725381, 1, NULL, X'', X'b865b2c2608e01463c3e2a6cc5a4ae8c', '{"do":[{"kind":"put","collection":"items","id":"stove","fields":{"title":"Stove"},"new":true}]}');
INSERT INTO op VALUES (5, 2, 3, 2, 3, 2, 1795723725390, 1, NULL, X'', X'0485c3d532fdee0235386b67146344ca', '{"do":[{"kind":"put","collection":"items","id":"lamp","fields":{"title":"Lamp"},"new":true}]}');
INSERT INTO op VALUES (6, 2, 4, 2, 4, 3, 1795723725397, 1, NULL, X'', X'18d47dae6728f4744519b00ce17ec7cd', '{"do":[{"kind":"put","collection":"items","id":"rope","fields":{"title":"Rope"},"new":true}]}');
INSERT INTO op VALUES (7, 3, 1, 3, 1, 0, 1795723725404, 1, NULL, X'', X'98adf20eeed4dfeb17180cc5ab56f15a', '{"do":[{"kind":"put","collection":"items","id":"pot","fields":{"title":"Pot"},"new":true},{"kind":"put","collection":"items","id":"cup","fields":{"title":"Cup"},"new":true}]}');
INSERT INTO op VALUES (8, 2, 5, 2, 5, 4, 1795723725412, 1, NULL, X'', X'949e8f3d6640c8b50902fc0cfce5bcb4', '{"do":[{"kind":"put","new":true,"collection":"notes","id":"note","fields":{"text":"of an app that knows notes"}}]}');
INSERT INTO op VALUES (9, 2, 6, 4, 1, 0, 1795723725418, 1, NULL, X'', X'040160edc404a3898d537952402a3bdc', '{"do":[{"kind":"put","collection":"items","id":"map","fields":{"title":"Map"},"new":true}]}');
INSERT INTO op VALUES (10, 2, 7, 6, 1, 0, 1795723725432, 1, NULL, X'', X'f8cdaa9e3fc51c89051553c22c33645c', '{"do":[{"kind":"unheard of"}]}');
INSERT INTO op VALUES (11, 2, 8, 4, 2, 7, 1795723725454, 1, NULL, X'', X'f0ea59887c78b8ab649d79c51b6dfce2', '{"do":[{"kind":"put","collection":"items","id":"tent","fields":{"title":"Tent for three"}}]}');
INSERT INTO op VALUES (12, 2, 9, 4, 3, 8, 1795723725460, 1, NULL, X'', X'2ad1f9968964b9f8cff98a439163463e', '{"do":[{"kind":"delete","collection":"items","id":"stove"}]}');
INSERT INTO op VALUES (13, 2, 10, 4, 4, 9, 1795723725465, 1, NULL, X'', X'58d90c9b9a297fa206559b1918be3e33', '{"do":[{"kind":"delete","collection":"items","id":"rope"}]}');
INSERT INTO op VALUES (14, 2, 11, 2, 6, 7, 1795723725449, 1, NULL, X'', X'1c5dda41f04efc8061575c9b2b8af801', '{"do":[{"kind":"put","collection":"items","id":"tent","fields":{"title":"Tent for two"}}]}');
INSERT INTO op VALUES (15, 2, 12, 2, 7, 7, 1795723725452, 1, NULL, X'', X'3b5526cdf526957d16e2aa4181b550c0', '{"do":[{"kind":"put","collection":"items","id":"stove","fields":{"title":"Gas stove"}}]}');
INSERT INTO op VALUES (16, 2, 13, 2, 9, 12, 1795723725500, 1, NULL, X'', X'6b0939086b2b7b2fd47193a9830d8882', '{"do":[{"kind":"put","collection":"items","id":"lamp","fields":{"title":"Lamp, taken"}}]}');
INSERT INTO op VALUES (17, 2, 14, 4, 5, 12, 1795723725527, 1, NULL, X'', X'9d50fbd78670ba1292dc5bbae056de46', '{"do":[{"kind":"put","collection":"items","id":"tent","fields":{"title":"Tent, theirs"}}]}');
INSERT INTO op VALUES (18, 2, 15, 4, 6, 14, 1795723725534, 1, NULL, X'', X'c74fe72fe07a280052c7af5837bc2775', '{"do":[{"kind":"put","collection":"items","id":"axe","fields":{"title":"Axe"},"new":true}]}');
INSERT INTO token VALUES ('ed2c5c30c319', X'fa91a8f889378c0bcd0addc3566c47e9bd413e48200fe5bb6f98ceb95ac3fd57', '01a21979-89e7-7542-877f-fa1435e9ecf6', 'test', NULL, 0, 0, 1795723725287, 1795723725300, NULL);
INSERT INTO served_time VALUES (1, 0);
