-- A database as the second schema had it: that of the first, with a snapshot of its list.
-- Made by a server of that time, and never changed since.
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

INSERT INTO account VALUES ('019aa1bb-5868-7549-9f35-aa8c54d2af96', 'ann', '019aa1bb-5c50-7f8e-848e-0d1b4bdbb6e6', 1763650003000);
INSERT INTO space VALUES (1, '019aa1bb-5c50-7f8e-848e-0d1b4bdbb6e6', '82d1a7981fcf67ce', 0, 0, X'00000000000000000000000000000000', 0, X'00000000000000000000000000000000', 1763650003000, NULL);
INSERT INTO space VALUES (2, '0199a000-0000-7000-8000-000000000001', 'c01fe13c250e05d1', 0, 5, X'fba7b21242650a10dd1e63a09e300361', 0, X'00000000000000000000000000000000', 1763650007000, NULL);
INSERT INTO access VALUES ('019aa1bb-5868-7549-9f35-aa8c54d2af96', 1, 'own');
INSERT INTO access VALUES ('019aa1bb-5868-7549-9f35-aa8c54d2af96', 2, 'own');
INSERT INTO actor VALUES (1, 2, '0199b000-0000-7000-8000-000000000001', '019aa1bb-5868-7549-9f35-aa8c54d2af96', 4, NULL);
INSERT INTO actor VALUES (2, 2, '0199b000-0000-7000-8000-000000000002', '019aa1bb-5868-7549-9f35-aa8c54d2af96', 3, 5);
INSERT INTO op VALUES (1, 2, 1, 1, 1, 0, 1763649999001, 1, NULL, X'', X'4e11115dcc5c3388103964ee8689e2ec', '{"do":[{"kind":"put","collection":"items","id":"tent","new":true,"fields":{"title":"Zelt ⛺","done":false}}]}');
INSERT INTO op VALUES (2, 2, 2, 1, 2, 0, 1763649999002, 1, NULL, X'', X'29a27a3e9e68e06bcb63786e5ac3d371', '{"do":[{"kind":"put","collection":"items","id":"rope","new":true,"fields":{"title":"O''Neil''s rope"}}]}');
INSERT INTO op VALUES (3, 2, 3, 1, 4, 0, 1763650007000, 1, NULL, X'6cacda6282c674e003fd654bd0618fc2', X'80eb8ec1183bb5d39290445d8e4db86e', '{"do":[{"kind":"delete","collection":"items","id":"rope"}]}');
INSERT INTO op VALUES (4, 2, 4, 2, 1, 0, 1763649999001, 1, NULL, X'', X'ed22ebb1f8a4844e1e864655a8420ada', '{"do":[{"kind":"put","collection":"items","id":"tent","fields":{"title":"Tarp"}}]}');
INSERT INTO op VALUES (5, 2, 5, 2, 3, 1, 1763649999003, 2, NULL, X'', X'fba7b21242650a10dd1e63a09e300361', '{"do":[{"kind":"add","collection":"items","id":"tent","field":"tags","values":["red"]}]}');
INSERT INTO refusal VALUES (1, 3, 'bad_op', NULL, X'e9bbcea5aef9dba1142461d31c80cc6e');
INSERT INTO token VALUES ('3302fc1d2dca', X'6c559e4b8afdedd3d47dcf3dcb29a04bfc0a03b626e00f5fed6c7ef4e8c664d3', '019aa1bb-5868-7549-9f35-aa8c54d2af96', 'laptop', NULL, 0, 0, 1763650004000, 1763650006000, NULL);
INSERT INTO token VALUES ('b53b351baf92', X'7cd742fd9d2cebb7b7b9218278b77425f013b86967336b9af4b1a79ee7d8de0d', '019aa1bb-5868-7549-9f35-aa8c54d2af96', 'agent', NULL, 1, 0, 1763650005000, NULL, NULL);
INSERT INTO snapshot VALUES (1, 2, 5, '{"v":2,"space":"0199a000-0000-7000-8000-000000000001","seq":5,"digest":"fba7b21242650a10dd1e63a09e300361","horizon":0,"records":2,"actors":2,"conflicts":1,"malformed":0,"bytes":947}', 1763650009000, 947, 3817175711, X'0f0e924aee7a7b6aa97d0e422c81bfcebd7bf795f9f0dffcd1289fe8c1c396d3');
INSERT INTO snapshot_part VALUES (1, 1, 0, 947, X'f827e1be1e4e74703c0291f907116cc894dbac1c9325d35c33e14ac9f83d4049', X'a4523b6e023114ec730a340dcd43f2eef2c9fa1049932a968b65f7812c1c1bd98614684f929be4383949642002aa6c888b675b9e799a19bf0336c6759068dae403e8bc4b88a2ae97428889c86591cbe3cff5bc0a105aebdb0de4b47f38fca35379e9545d750adcfad0e5376f2db7c978070993f82d82603224b14b20f86d8454aaa06231afe6d3baae6b210a1ae8a2d0a46637d46a10b504555a13963e384825346165d876472d48265906e1956d1a7d7d7c82842685ce3b06ad1a1b994466474e6742b38e20a510b8cba2b4d67f0b23f82d5fc2286f1c9543c32835a9ea449d0921326c2875fa7b18cfe32736761c4727adc700d6a1d933647165b6f56e654d9bbfb66d2243823b93261d5b4e7cf76c150326e9a819d2edaccd49b2834c61c78477e31c07c803f68ddd71bc604ea79e607dbc455c197f69c216d96dc6abe91d835ae699e8fb876f000000ffff');
