PRAGMA application_id = 1332110958;
PRAGMA user_version = 2;
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
INSERT INTO account VALUES ('01a216c8-8c84-7bd7-9630-c7df99aedd13', 'ann', '01a216c8-8c85-7c78-83ae-da13f620fedf', 1795678571653);
INSERT INTO space VALUES (1, '01a216c8-8c85-7c78-83ae-da13f620fedf', 'e0082bfeb271b833', 0, 2, X'ad033eadd97a66875b3d890865a54aa3', 0, X'00000000000000000000000000000000', 1795678571653, NULL);
INSERT INTO space VALUES (2, '01a216c8-8d4a-7036-9aea-f2516a63c707', 'cd420db242370364', 0, 15, X'10d47a73be7b03639d831a5e8804cda1', 0, X'00000000000000000000000000000000', 1795678571888, NULL);
INSERT INTO space VALUES (3, '01a216c8-8d4a-7a44-98ef-65ca1dd14c1f', 'bcd9eda972638417', 0, 1, X'95009900a45aa76d08ca0fd4035b2f34', 0, X'00000000000000000000000000000000', 1795678571932, NULL);
INSERT INTO access VALUES ('01a216c8-8c84-7bd7-9630-c7df99aedd13', 1, 'own');
INSERT INTO access VALUES ('01a216c8-8c84-7bd7-9630-c7df99aedd13', 2, 'own');
INSERT INTO access VALUES ('01a216c8-8c84-7bd7-9630-c7df99aedd13', 3, 'own');
INSERT INTO actor VALUES (1, 1, '01a216c8-8cdf-742f-a9fe-b4120c7287e1', '01a216c8-8c84-7bd7-9630-c7df99aedd13', 2, 2);
INSERT INTO actor VALUES (2, 2, '01a216c8-8d58-7fee-8aa2-7c3b912fc281', '01a216c8-8c84-7bd7-9630-c7df99aedd13', 9, 12);
INSERT INTO actor VALUES (3, 3, '01a216c8-8d8d-7147-b594-aa84281e2dc3', '01a216c8-8c84-7bd7-9630-c7df99aedd13', 1, 1);
INSERT INTO actor VALUES (4, 2, '01a216c8-8e45-73b0-b280-809899460cf4', '01a216c8-8c84-7bd7-9630-c7df99aedd13', 6, 15);
INSERT INTO actor VALUES (5, 1, '01a216c8-8d20-710f-a3c2-3f95136a14cf', '01a216c8-8c84-7bd7-9630-c7df99aedd13', 0, 2);
INSERT INTO actor VALUES (6, 2, '01a216c8-8e77-7fc3-9a87-2c1c8301c181', '01a216c8-8c84-7bd7-9630-c7df99aedd13', 1, NULL);
INSERT INTO actor VALUES (7, 3, '01a216c8-8e62-7ba1-8a21-ac8370a10c9c', '01a216c8-8c84-7bd7-9630-c7df99aedd13', 0, 1);
INSERT INTO op VALUES (1, 1, 1, 1, 1, 0, 1795678571857, 1, NULL, X'', X'de391c118c202391b68dd90f0cc64bb5', '{"do":[{"kind":"put","collection":"lists","id":"01a216c8-8d4a-7036-9aea-f2516a63c707","fields":{"title":"Camp"},"new":true}]}');
INSERT INTO op VALUES (2, 1, 2, 1, 2, 1, 1795678571917, 1, NULL, X'', X'ad033eadd97a66875b3d890865a54aa3', '{"do":[{"kind":"put","collection":"lists","id":"01a216c8-8d4a-7a44-98ef-65ca1dd14c1f","fields":{"title":"Kitchen"},"new":true}]}');
INSERT INTO op VALUES (3, 2, 1, 2, 1, 0, 1795678571946, 1, NULL, X'', X'd638a0ffb25e2db5ad5241c327751ddd', '{"do":[{"kind":"put","collection":"items","id":"tent","fields":{"title":"Tent"},"new":true}]}');
INSERT INTO op VALUES (4, 2, 2, 2, 2, 1, 1795678571982, 1, NULL, X'', X'3f0feecf9aa038b2cd69a004e1159104', '{"do":[{"kind":"put","collection":"items","id":"stove","fields":{"title":"Stove"},"new":true}]}');
INSERT INTO op VALUES (5, 2, 3, 2, 3, 2, 1795678572014, 1, NULL, X'', X'1dff673fd756e121b2fa38af4183f6f1', '{"do":[{"kind":"put","collection":"items","id":"lamp","fields":{"title":"Lamp"},"new":true}]}');
INSERT INTO op VALUES (6, 2, 4, 2, 4, 3, 1795678572030, 1, NULL, X'', X'56eacf9c5e3caf60fc577af588bdcb03', '{"do":[{"kind":"put","collection":"items","id":"rope","fields":{"title":"Rope"},"new":true}]}');
INSERT INTO op VALUES (7, 3, 1, 3, 1, 0, 1795678572051, 1, NULL, X'', X'95009900a45aa76d08ca0fd4035b2f34', '{"do":[{"kind":"put","collection":"items","id":"pot","fields":{"title":"Pot"},"new":true},{"kind":"put","collection":"items","id":"cup","fields":{"title":"Cup"},"new":true}]}');
INSERT INTO op VALUES (8, 2, 5, 2, 5, 4, 1795678572076, 1, NULL, X'', X'b96a949dc7efefd66c5f13944b3c0631', '{"do":[{"kind":"put","new":true,"collection":"notes","id":"note","fields":{"text":"of an app that knows notes"}}]}');
INSERT INTO op VALUES (9, 2, 6, 4, 1, 0, 1795678572101, 1, NULL, X'', X'baa7a19209e00d69409f6c381666eaf7', '{"do":[{"kind":"put","collection":"items","id":"map","fields":{"title":"Map"},"new":true}]}');
INSERT INTO op VALUES (10, 2, 7, 6, 1, 0, 1795678572151, 1, NULL, X'', X'299610e54b5ea275451b59aed04cef70', '{"do":[{"kind":"unheard of"}]}');
INSERT INTO op VALUES (11, 2, 8, 4, 2, 7, 1795678572206, 1, NULL, X'', X'fd6d361863a26d37b356acc97a07b181', '{"do":[{"kind":"put","collection":"items","id":"tent","fields":{"title":"Tent for three"}}]}');
INSERT INTO op VALUES (12, 2, 9, 4, 3, 8, 1795678572221, 1, NULL, X'', X'910d48905a862eca808166cc05391784', '{"do":[{"kind":"delete","collection":"items","id":"stove"}]}');
INSERT INTO op VALUES (13, 2, 10, 4, 4, 9, 1795678572240, 1, NULL, X'', X'2012bc25572f90bc41dec354f5537155', '{"do":[{"kind":"delete","collection":"items","id":"rope"}]}');
INSERT INTO op VALUES (14, 2, 11, 2, 6, 7, 1795678572199, 1, NULL, X'', X'2386e4776fdb920e71de13f807afa96a', '{"do":[{"kind":"put","collection":"items","id":"tent","fields":{"title":"Tent for two"}}]}');
INSERT INTO op VALUES (15, 2, 12, 2, 7, 7, 1795678572204, 1, NULL, X'', X'7a70fb064364c85214e7d8210d0ea45b', '{"do":[{"kind":"put","collection":"items","id":"stove","fields":{"title":"Gas stove"}}]}');
INSERT INTO op VALUES (16, 2, 13, 2, 9, 12, 1795678572359, 1, NULL, X'', X'bfaa674c02dc1c26f6c218685b8eb06f', '{"do":[{"kind":"put","collection":"items","id":"lamp","fields":{"title":"Lamp, taken"}}]}');
INSERT INTO op VALUES (17, 2, 14, 4, 5, 12, 1795678572391, 1, NULL, X'', X'aadab10a70c75be603711603c7f0846b', '{"do":[{"kind":"put","collection":"items","id":"tent","fields":{"title":"Tent, theirs"}}]}');
INSERT INTO op VALUES (18, 2, 15, 4, 6, 14, 1795678572413, 1, NULL, X'', X'10d47a73be7b03639d831a5e8804cda1', '{"do":[{"kind":"put","collection":"items","id":"axe","fields":{"title":"Axe"},"new":true}]}');
INSERT INTO token VALUES ('203af5ac8825', X'b83d453eb76c4a314fe1956d9f7596f04f61e83b2f940b61808a2acc1404d852', '01a216c8-8c84-7bd7-9630-c7df99aedd13', 'test', NULL, 0, 0, 1795678571659, 1795678571692, NULL);
