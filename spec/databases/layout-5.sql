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
INSERT INTO account VALUES ('01a216c8-4f5d-731a-8747-097e842ff2a1', 'ann', '01a216c8-4f5e-719c-953c-e089af80c082', 1795678555998);
INSERT INTO space VALUES (1, '01a216c8-4f5e-719c-953c-e089af80c082', '563a910ead627921', 0, 2, X'b14fdbb6328b00996f6f51e4fbd6b36f', 0, X'00000000000000000000000000000000', 1795678555998, NULL, 0);
INSERT INTO space VALUES (2, '01a216c8-5012-77da-8b5a-6f3bd2665ee6', '84a35bedd29fe055', 0, 15, X'8fad529fa0203474ae927870d53959a7', 0, X'00000000000000000000000000000000', 1795678556192, NULL, 0);
INSERT INTO space VALUES (3, '01a216c8-5012-7500-80b6-857795ec3867', 'a06dac58c689cd7a', 0, 1, X'd319984f18aca0c8624770d070add40b', 0, X'00000000000000000000000000000000', 1795678556231, NULL, 0);
INSERT INTO access VALUES ('01a216c8-4f5d-731a-8747-097e842ff2a1', 1, 'own');
INSERT INTO access VALUES ('01a216c8-4f5d-731a-8747-097e842ff2a1', 2, 'own');
INSERT INTO access VALUES ('01a216c8-4f5d-731a-8747-097e842ff2a1', 3, 'own');
INSERT INTO actor VALUES (1, 1, '01a216c8-4fc5-7e27-8391-10a2e8e5d1d3', '01a216c8-4f5d-731a-8747-097e842ff2a1', 2, 2, 2, 0);
INSERT INTO actor VALUES (2, 2, '01a216c8-5016-7b29-a447-1b39aed37af4', '01a216c8-4f5d-731a-8747-097e842ff2a1', 9, 12, 9, 0);
INSERT INTO actor VALUES (3, 3, '01a216c8-502c-721c-b69c-a4f6ef55f31e', '01a216c8-4f5d-731a-8747-097e842ff2a1', 1, 1, 1, 0);
INSERT INTO actor VALUES (4, 2, '01a216c8-50e2-7efc-8be6-cbc72241b0ff', '01a216c8-4f5d-731a-8747-097e842ff2a1', 6, 15, 6, 0);
INSERT INTO actor VALUES (5, 1, '01a216c8-4fec-7479-befd-a972f94f2f57', '01a216c8-4f5d-731a-8747-097e842ff2a1', 0, 2, 0, 0);
INSERT INTO actor VALUES (6, 2, '01a216c8-5117-7d9c-b717-14a67576112d', '01a216c8-4f5d-731a-8747-097e842ff2a1', 1, NULL, 1, 0);
INSERT INTO actor VALUES (7, 3, '01a216c8-50fe-701c-9c23-286a5cc9f09d', '01a216c8-4f5d-731a-8747-097e842ff2a1', 0, 1, 0, 0);
INSERT INTO op VALUES (1, 1, 1, 1, 1, 0, 1795678556181, 1, NULL, X'', X'c55bb375003e5582d8b3ee26c3d6cf9c', '{"do":[{"kind":"put","collection":"lists","id":"01a216c8-5012-77da-8b5a-6f3bd2665ee6","fields":{"title":"Camp"},"new":true}]}');
INSERT INTO op VALUES (2, 1, 2, 1, 2, 1, 1795678556204, 1, NULL, X'', X'b14fdbb6328b00996f6f51e4fbd6b36f', '{"do":[{"kind":"put","collection":"lists","id":"01a216c8-5012-7500-80b6-857795ec3867","fields":{"title":"Kitchen"},"new":true}]}');
INSERT INTO op VALUES (3, 2, 1, 2, 1, 0, 1795678556242, 1, NULL, X'', X'cac2131fa90d7cd0db6078bb934de3e4', '{"do":[{"kind":"put","collection":"items","id":"tent","fields":{"title":"Tent"},"new":true}]}');
INSERT INTO op VALUES (4, 2, 2, 2, 2, 1, 1795678556263, 1, NULL, X'', X'0b7d716d8dea61635d01d8d97ff383c1', '{"do":[{"kind":"put","collection":"items","id":"stove","fields":{"title":"Stove"},"new":true}]}');
INSERT INTO op VALUES (5, 2, 3, 2, 3, 2, 1795678556291, 1, NULL, X'', X'260c7aca3907e638d002321a389d8a68', '{"do":[{"kind":"put","collection":"items","id":"lamp","fields":{"title":"Lamp"},"new":true}]}');
INSERT INTO op VALUES (6, 2, 4, 2, 4, 3, 1795678556302, 1, NULL, X'', X'e1418fb538d651355da4ee43ae0c566e', '{"do":[{"kind":"put","collection":"items","id":"rope","fields":{"title":"Rope"},"new":true}]}');
INSERT INTO op VALUES (7, 3, 1, 3, 1, 0, 1795678556336, 1, NULL, X'', X'd319984f18aca0c8624770d070add40b', '{"do":[{"kind":"put","collection":"items","id":"pot","fields":{"title":"Pot"},"new":true},{"kind":"put","collection":"items","id":"cup","fields":{"title":"Cup"},"new":true}]}');
INSERT INTO op VALUES (8, 2, 5, 2, 5, 4, 1795678556365, 1, NULL, X'', X'16989b5141e773e35ca598eb79f8865a', '{"do":[{"kind":"put","new":true,"collection":"notes","id":"note","fields":{"text":"of an app that knows notes"}}]}');
INSERT INTO op VALUES (9, 2, 6, 4, 1, 0, 1795678556386, 1, NULL, X'', X'b1f0be53ef54375aac3d80b82d08c18c', '{"do":[{"kind":"put","collection":"items","id":"map","fields":{"title":"Map"},"new":true}]}');
INSERT INTO op VALUES (10, 2, 7, 6, 1, 0, 1795678556439, 1, NULL, X'', X'fc6473b85633ebabb4def24467161959', '{"do":[{"kind":"unheard of"}]}');
INSERT INTO op VALUES (11, 2, 8, 4, 2, 7, 1795678556487, 1, NULL, X'', X'a8a9b36a97ea6eb3a17963daae990547', '{"do":[{"kind":"put","collection":"items","id":"tent","fields":{"title":"Tent for three"}}]}');
INSERT INTO op VALUES (12, 2, 9, 4, 3, 8, 1795678556504, 1, NULL, X'', X'5067dd3ee2554ec79d328a61fe3a86fe', '{"do":[{"kind":"delete","collection":"items","id":"stove"}]}');
INSERT INTO op VALUES (13, 2, 10, 4, 4, 9, 1795678556527, 1, NULL, X'', X'5a3a4ac277a13d000789060d6ffdcfea', '{"do":[{"kind":"delete","collection":"items","id":"rope"}]}');
INSERT INTO op VALUES (14, 2, 11, 2, 6, 7, 1795678556480, 1, NULL, X'', X'd09829b8cfbb59dad570e8a67aa70096', '{"do":[{"kind":"put","collection":"items","id":"tent","fields":{"title":"Tent for two"}}]}');
INSERT INTO op VALUES (15, 2, 12, 2, 7, 7, 1795678556485, 1, NULL, X'', X'945c2c2a7cc66e7afcff7bcaa693cd05', '{"do":[{"kind":"put","collection":"items","id":"stove","fields":{"title":"Gas stove"}}]}');
INSERT INTO op VALUES (16, 2, 13, 2, 9, 12, 1795678556630, 1, NULL, X'', X'd2bbabce12e64f6fbc89e77aa4458368', '{"do":[{"kind":"put","collection":"items","id":"lamp","fields":{"title":"Lamp, taken"}}]}');
INSERT INTO op VALUES (17, 2, 14, 4, 5, 12, 1795678556664, 1, NULL, X'', X'2857c2ebc12d5b9d422e3e305791ef40', '{"do":[{"kind":"put","collection":"items","id":"tent","fields":{"title":"Tent, theirs"}}]}');
INSERT INTO op VALUES (18, 2, 15, 4, 6, 14, 1795678556681, 1, NULL, X'', X'8fad529fa0203474ae927870d53959a7', '{"do":[{"kind":"put","collection":"items","id":"axe","fields":{"title":"Axe"},"new":true}]}');
INSERT INTO token VALUES ('5c4c25af75af', X'39cb27611854c1bf7892192d2d52c7d32bfcf73565b85c988813a299fe9d128d', '01a216c8-4f5d-731a-8747-097e842ff2a1', 'test', NULL, 0, 0, 1795678556002, 1795678556039, NULL);
INSERT INTO served_time VALUES (1, 0);
