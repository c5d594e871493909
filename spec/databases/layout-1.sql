PRAGMA application_id = 1332110958;
PRAGMA user_version = 1;
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
INSERT INTO account VALUES ('01a216c8-5ed9-785d-be47-c7cca1b26ab6', 'ann', '01a216c8-5eda-7d78-be44-ab17e7de8ac5', 1795678559962);
INSERT INTO space VALUES (1, '01a216c8-5eda-7d78-be44-ab17e7de8ac5', '48118c2c64d2a7b3', 0, 2, X'f943b7ed00d43df7570166c7bca5ab07', 0, X'00000000000000000000000000000000', 1795678559962, NULL);
INSERT INTO space VALUES (2, '01a216c8-5fa5-7972-8ac9-4f735c4a1f66', 'b9776e10c24804ea', 0, 15, X'345a832185fb63e2161dffa8926044c8', 0, X'00000000000000000000000000000000', 1795678560208, NULL);
INSERT INTO space VALUES (3, '01a216c8-5fa5-79a6-8f79-144005da6429', '437277f4124518d5', 0, 1, X'b650394e1620a1289533972099fa6507', 0, X'00000000000000000000000000000000', 1795678560231, NULL);
INSERT INTO access VALUES ('01a216c8-5ed9-785d-be47-c7cca1b26ab6', 1, 'own');
INSERT INTO access VALUES ('01a216c8-5ed9-785d-be47-c7cca1b26ab6', 2, 'own');
INSERT INTO access VALUES ('01a216c8-5ed9-785d-be47-c7cca1b26ab6', 3, 'own');
INSERT INTO actor VALUES (1, 1, '01a216c8-5f4e-75d9-a64b-b1c5965e426f', '01a216c8-5ed9-785d-be47-c7cca1b26ab6', 2, 2);
INSERT INTO actor VALUES (2, 2, '01a216c8-5fae-795d-b5ab-ce7963735ca0', '01a216c8-5ed9-785d-be47-c7cca1b26ab6', 9, 12);
INSERT INTO actor VALUES (3, 3, '01a216c8-5fdd-7fac-b2b9-1af380a92e67', '01a216c8-5ed9-785d-be47-c7cca1b26ab6', 1, 1);
INSERT INTO actor VALUES (4, 2, '01a216c8-60bb-789a-a4bf-274a33fb303c', '01a216c8-5ed9-785d-be47-c7cca1b26ab6', 6, 15);
INSERT INTO actor VALUES (5, 1, '01a216c8-5f8d-7419-b10b-ddf231eb9d06', '01a216c8-5ed9-785d-be47-c7cca1b26ab6', 0, 2);
INSERT INTO actor VALUES (6, 2, '01a216c8-6297-7663-9e59-09efd695ad5e', '01a216c8-5ed9-785d-be47-c7cca1b26ab6', 1, NULL);
INSERT INTO actor VALUES (7, 3, '01a216c8-6142-7a4f-9ba4-13bfdf5cd231', '01a216c8-5ed9-785d-be47-c7cca1b26ab6', 0, 1);
INSERT INTO op VALUES (1, 1, 1, 1, 1, 0, 1795678560172, 1, NULL, X'e5d6fc65828fac8f1be39fbe1cd8c6ff', X'e5d6fc65828fac8f1be39fbe1cd8c6ff', '{"do":[{"kind":"put","collection":"lists","id":"01a216c8-5fa5-7972-8ac9-4f735c4a1f66","fields":{"title":"Camp"},"new":true}]}');
INSERT INTO op VALUES (2, 1, 2, 1, 2, 1, 1795678560221, 1, NULL, X'154162b3a7542f34a25c65e22a101cde', X'f943b7ed00d43df7570166c7bca5ab07', '{"do":[{"kind":"put","collection":"lists","id":"01a216c8-5fa5-79a6-8f79-144005da6429","fields":{"title":"Kitchen"},"new":true}]}');
INSERT INTO op VALUES (3, 2, 1, 2, 1, 0, 1795678560250, 1, NULL, X'b41c1120701795fecad8c198e36a360a', X'b41c1120701795fecad8c198e36a360a', '{"do":[{"kind":"put","collection":"items","id":"tent","fields":{"title":"Tent"},"new":true}]}');
INSERT INTO op VALUES (4, 2, 2, 2, 2, 1, 1795678560278, 1, NULL, X'4a62c025b0389e3118adaa81d3a95147', X'ca1443e9077dffbe8076fddab9539694', '{"do":[{"kind":"put","collection":"items","id":"stove","fields":{"title":"Stove"},"new":true}]}');
INSERT INTO op VALUES (5, 2, 3, 2, 3, 2, 1795678560338, 1, NULL, X'42926960daa62ac679d79d1ed53077c3', X'2cb0bbad2f47f2e15c9e10873404252f', '{"do":[{"kind":"put","collection":"items","id":"lamp","fields":{"title":"Lamp"},"new":true}]}');
INSERT INTO op VALUES (6, 2, 4, 2, 4, 3, 1795678560361, 1, NULL, X'f27c390529b0cb20a6b3e32288fd857f', X'7c7ab100a11e43546ce6b3afeaa211b7', '{"do":[{"kind":"put","collection":"items","id":"rope","fields":{"title":"Rope"},"new":true}]}');
INSERT INTO op VALUES (7, 3, 1, 3, 1, 0, 1795678560378, 1, NULL, X'b650394e1620a1289533972099fa6507', X'b650394e1620a1289533972099fa6507', '{"do":[{"kind":"put","collection":"items","id":"pot","fields":{"title":"Pot"},"new":true},{"kind":"put","collection":"items","id":"cup","fields":{"title":"Cup"},"new":true}]}');
INSERT INTO op VALUES (8, 2, 5, 2, 5, 4, 1795678560411, 1, NULL, X'b31d5ae8a46fabbf35a3bf571e4762b8', X'228d19593e8dfe759a67ffe87e8d42b1', '{"do":[{"kind":"put","new":true,"collection":"notes","id":"note","fields":{"text":"of an app that knows notes"}}]}');
INSERT INTO op VALUES (9, 2, 6, 4, 1, 0, 1795678560443, 1, NULL, X'f8ef4d4c972ac2f285bf4452dc55112b', X'5d2b5e5f3d205cdfd480d10533b1f592', '{"do":[{"kind":"put","collection":"items","id":"map","fields":{"title":"Map"},"new":true}]}');
INSERT INTO op VALUES (10, 2, 7, 6, 1, 0, 1795678560919, 1, NULL, X'f56e000bf55bbcf586773fcaec7cf6cb', X'733abcd034e38d53034d26afdcfbd712', '{"do":[{"kind":"unheard of"}]}');
INSERT INTO op VALUES (11, 2, 8, 4, 2, 7, 1795678561003, 1, NULL, X'4027ce4279ce8d0ec3ec0c50ce697e4f', X'4727840c05adc865b6199e24c80c093b', '{"do":[{"kind":"put","collection":"items","id":"tent","fields":{"title":"Tent for three"}}]}');
INSERT INTO op VALUES (12, 2, 9, 4, 3, 8, 1795678561022, 1, NULL, X'5eb74057eac0bb39746442b490dca7c1', X'563b7a15660b5bb2c4fe5a63d6c36813', '{"do":[{"kind":"delete","collection":"items","id":"stove"}]}');
INSERT INTO op VALUES (13, 2, 10, 4, 4, 9, 1795678561080, 1, NULL, X'c713befc161af50b309827d5b07ece1a', X'2f3a2c3a96603bfaaf2a990c770ddf58', '{"do":[{"kind":"delete","collection":"items","id":"rope"}]}');
INSERT INTO op VALUES (14, 2, 11, 2, 6, 7, 1795678560981, 1, NULL, X'4a70fd6c0bed7307b1b491356e3c58ad', X'f372bb95795a43f2d3cc5621fb5716e3', '{"do":[{"kind":"put","collection":"items","id":"tent","fields":{"title":"Tent for two"}}]}');
INSERT INTO op VALUES (15, 2, 12, 2, 7, 7, 1795678561000, 1, NULL, X'b5cd2f0c50d6620e7161caf64bff581d', X'4c70472b4d2b8ac4fe3ddc423a60220c', '{"do":[{"kind":"put","collection":"items","id":"stove","fields":{"title":"Gas stove"}}]}');
INSERT INTO op VALUES (16, 2, 13, 2, 9, 12, 1795678561169, 1, NULL, X'd523738b76685bc9d130c82c5bc8c71f', X'c5800d08451d2225b756da2760aedc80', '{"do":[{"kind":"put","collection":"items","id":"lamp","fields":{"title":"Lamp, taken"}}]}');
INSERT INTO op VALUES (17, 2, 14, 4, 5, 12, 1795678561241, 1, NULL, X'471c3c14d1e84aca520799058c2a8ed0', X'6df52707aab7853229f4a8bcc61320cf', '{"do":[{"kind":"put","collection":"items","id":"tent","fields":{"title":"Tent, theirs"}}]}');
INSERT INTO op VALUES (18, 2, 15, 4, 6, 14, 1795678561251, 1, NULL, X'1826383799d0721da294a880fa3208f0', X'345a832185fb63e2161dffa8926044c8', '{"do":[{"kind":"put","collection":"items","id":"axe","fields":{"title":"Axe"},"new":true}]}');
INSERT INTO token VALUES ('51b12d77800a', X'0c5059e0569a7da5103385d58bf4c984e82fdd329fb0fca63e55e45986c29636', '01a216c8-5ed9-785d-be47-c7cca1b26ab6', 'test', NULL, 0, 0, 1795678559971, 1795678560001, NULL);
