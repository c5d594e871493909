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
INSERT INTO account VALUES ('01a216c8-7a9c-7c57-989b-155337979aa1', 'ann', '01a216c8-7a9c-70f6-9c09-5f5e022c8bbd', 1795678567068);
INSERT INTO space VALUES (1, '01a216c8-7a9c-70f6-9c09-5f5e022c8bbd', '976fba7f3f9941c3', 0, 2, X'0318f59f183a8562985bea969051657e', 0, X'00000000000000000000000000000000', 1795678567068, NULL);
INSERT INTO space VALUES (2, '01a216c8-7b24-7494-93a4-2a20473ce13a', '6a2112e27fd4a4c7', 0, 15, X'6d9704d77ec2ea254493874229605ca6', 0, X'00000000000000000000000000000000', 1795678567231, NULL);
INSERT INTO space VALUES (3, '01a216c8-7b24-7fd5-a5e7-1101bafd9c61', '8b7a2c0ee604ad3a', 0, 1, X'd46a6e50896b70a2f144625f2d2127d6', 0, X'00000000000000000000000000000000', 1795678567307, NULL);
INSERT INTO access VALUES ('01a216c8-7a9c-7c57-989b-155337979aa1', 1, 'own');
INSERT INTO access VALUES ('01a216c8-7a9c-7c57-989b-155337979aa1', 2, 'own');
INSERT INTO access VALUES ('01a216c8-7a9c-7c57-989b-155337979aa1', 3, 'own');
INSERT INTO actor VALUES (1, 1, '01a216c8-7ae6-74d8-868b-35622d1249c5', '01a216c8-7a9c-7c57-989b-155337979aa1', 2, 2);
INSERT INTO actor VALUES (2, 2, '01a216c8-7b2a-7e0e-bda8-fbfed3a6bb73', '01a216c8-7a9c-7c57-989b-155337979aa1', 9, 12);
INSERT INTO actor VALUES (3, 3, '01a216c8-7b51-7159-b346-e5906381fbe2', '01a216c8-7a9c-7c57-989b-155337979aa1', 1, 1);
INSERT INTO actor VALUES (4, 2, '01a216c8-7c4d-73bb-96ed-238b8efe8820', '01a216c8-7a9c-7c57-989b-155337979aa1', 6, 15);
INSERT INTO actor VALUES (5, 1, '01a216c8-7b1a-7b12-b185-4f42c6517b5d', '01a216c8-7a9c-7c57-989b-155337979aa1', 0, 2);
INSERT INTO actor VALUES (6, 2, '01a216c8-7c96-7ec9-b1c7-6b92fbbbf204', '01a216c8-7a9c-7c57-989b-155337979aa1', 1, NULL);
INSERT INTO actor VALUES (7, 3, '01a216c8-7c79-7ddb-a2d8-7944c7318cd0', '01a216c8-7a9c-7c57-989b-155337979aa1', 0, 1);
INSERT INTO op VALUES (1, 1, 1, 1, 1, 0, 1795678567208, 1, NULL, X'a87c601d206a9c2a0d3e5c7401ae11f9', X'a87c601d206a9c2a0d3e5c7401ae11f9', '{"do":[{"kind":"put","collection":"lists","id":"01a216c8-7b24-7494-93a4-2a20473ce13a","fields":{"title":"Camp"},"new":true}]}');
INSERT INTO op VALUES (2, 1, 2, 1, 2, 1, 1795678567249, 1, NULL, X'4eeeac215125ed73d0a9334fd7d9ff61', X'0318f59f183a8562985bea969051657e', '{"do":[{"kind":"put","collection":"lists","id":"01a216c8-7b24-7fd5-a5e7-1101bafd9c61","fields":{"title":"Kitchen"},"new":true}]}');
INSERT INTO op VALUES (3, 2, 1, 2, 1, 0, 1795678567325, 1, NULL, X'e13634684e0b7f1e0344d254b1f0eae4', X'e13634684e0b7f1e0344d254b1f0eae4', '{"do":[{"kind":"put","collection":"items","id":"tent","fields":{"title":"Tent"},"new":true}]}');
INSERT INTO op VALUES (4, 2, 2, 2, 2, 1, 1795678567355, 1, NULL, X'ab13c37d4cf2fd6ee4503fd865593e74', X'8bdbd67d9f07e211664f37de742a0633', '{"do":[{"kind":"put","collection":"items","id":"stove","fields":{"title":"Stove"},"new":true}]}');
INSERT INTO op VALUES (5, 2, 3, 2, 3, 2, 1795678567374, 1, NULL, X'06d03bf0360c55b65c678446a651f302', X'baf972749ec52529322af9ba08e390a4', '{"do":[{"kind":"put","collection":"items","id":"lamp","fields":{"title":"Lamp"},"new":true}]}');
INSERT INTO op VALUES (6, 2, 4, 2, 4, 3, 1795678567408, 1, NULL, X'6f40506d6f16c1a15a58c08950198428', X'e6a15b2ff10a549ba38cb6c5967b2d5e', '{"do":[{"kind":"put","collection":"items","id":"rope","fields":{"title":"Rope"},"new":true}]}');
INSERT INTO op VALUES (7, 3, 1, 3, 1, 0, 1795678567444, 1, NULL, X'd46a6e50896b70a2f144625f2d2127d6', X'd46a6e50896b70a2f144625f2d2127d6', '{"do":[{"kind":"put","collection":"items","id":"pot","fields":{"title":"Pot"},"new":true},{"kind":"put","collection":"items","id":"cup","fields":{"title":"Cup"},"new":true}]}');
INSERT INTO op VALUES (8, 2, 5, 2, 5, 4, 1795678567476, 1, NULL, X'53daf9338fe7f102c7bd6613e88435d1', X'26dd67cac16799b91f23f1f2312aa4a8', '{"do":[{"kind":"put","new":true,"collection":"notes","id":"note","fields":{"text":"of an app that knows notes"}}]}');
INSERT INTO op VALUES (9, 2, 6, 4, 1, 0, 1795678567501, 1, NULL, X'dbc808315642b961dfeb17d5ae9be8d0', X'13fa28d47adbf563465911398a500684', '{"do":[{"kind":"put","collection":"items","id":"map","fields":{"title":"Map"},"new":true}]}');
INSERT INTO op VALUES (10, 2, 7, 6, 1, 0, 1795678567574, 1, NULL, X'd36afae599821bd7121b134e54b45863', X'739b7bc2b7809dc370d0e425cc932d67', '{"do":[{"kind":"unheard of"}]}');
INSERT INTO op VALUES (11, 2, 8, 4, 2, 7, 1795678567647, 1, NULL, X'2f7df85816fa693d056835bf86964412', X'17827170ee8b8844ede2b6e1e5fe4078', '{"do":[{"kind":"put","collection":"items","id":"tent","fields":{"title":"Tent for three"}}]}');
INSERT INTO op VALUES (12, 2, 9, 4, 3, 8, 1795678567674, 1, NULL, X'2c474b0bade3ad0e4ffcaee545f334c8', X'b8e6a73aec83b93f8a80f10fb4b57a44', '{"do":[{"kind":"delete","collection":"items","id":"stove"}]}');
INSERT INTO op VALUES (13, 2, 10, 4, 4, 9, 1795678567698, 1, NULL, X'51e6dff7daff72859fa3f933312d284c', X'c2a594c4f5cd367dc51ef334f7fc2917', '{"do":[{"kind":"delete","collection":"items","id":"rope"}]}');
INSERT INTO op VALUES (14, 2, 11, 2, 6, 7, 1795678567621, 1, NULL, X'6654e6568fa119daa6ae1f773aeb90c7', X'1377063bf9a541a80a6fbfc66da3d8e7', '{"do":[{"kind":"put","collection":"items","id":"tent","fields":{"title":"Tent for two"}}]}');
INSERT INTO op VALUES (15, 2, 12, 2, 7, 7, 1795678567639, 1, NULL, X'295b4da9069d7de82c9fbef516ed0de2', X'16f8f55ba577cd6072f3f213111a245b', '{"do":[{"kind":"put","collection":"items","id":"stove","fields":{"title":"Gas stove"}}]}');
INSERT INTO op VALUES (16, 2, 13, 2, 9, 12, 1795678567833, 1, NULL, X'8c5394e0931b21519fe1fde99a22f56b', X'132a3c9365a353bf341780eeb8a9c45f', '{"do":[{"kind":"put","collection":"items","id":"lamp","fields":{"title":"Lamp, taken"}}]}');
INSERT INTO op VALUES (17, 2, 14, 4, 5, 12, 1795678567883, 1, NULL, X'1f4bfe14ba301f3e0caff26ff9b02769', X'c0bf8e82157b230147339c30ccdbed43', '{"do":[{"kind":"put","collection":"items","id":"tent","fields":{"title":"Tent, theirs"}}]}');
INSERT INTO op VALUES (18, 2, 15, 4, 6, 14, 1795678567900, 1, NULL, X'5732eda58a7175316fd115651488c90f', X'6d9704d77ec2ea254493874229605ca6', '{"do":[{"kind":"put","collection":"items","id":"axe","fields":{"title":"Axe"},"new":true}]}');
INSERT INTO token VALUES ('bd0680477204', X'902aaf7842ba359d31c5d0c05b5fcc73211d0bb11dcd7729f1f7c3f6afaf4d16', '01a216c8-7a9c-7c57-989b-155337979aa1', 'test', NULL, 0, 0, 1795678567071, 1795678567097, NULL);
