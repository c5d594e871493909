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
INSERT INTO account VALUES ('01a216c8-6d60-7943-a2b1-d5768d42af2f', 'ann', '01a216c8-6d60-7294-8c7f-c48d77288ef8', 1795678563680);
INSERT INTO space VALUES (1, '01a216c8-6d60-7294-8c7f-c48d77288ef8', '94048e6d0459118e', 0, 2, X'7f398f79ed01df5bb65ad9028fbdee4e', 0, X'00000000000000000000000000000000', 1795678563680, NULL);
INSERT INTO space VALUES (2, '01a216c8-6df6-7ee4-8e0e-094b56e522bf', 'e54b4bbbc22fb329', 0, 15, X'c49eb387b9aaf59cd4aa390f78cfacc6', 0, X'00000000000000000000000000000000', 1795678563863, NULL);
INSERT INTO space VALUES (3, '01a216c8-6df6-7270-ba7f-ee4536281707', '278eadc2dc3508a6', 0, 1, X'5f001609f06ffaee554740dbe1c21b78', 0, X'00000000000000000000000000000000', 1795678563911, NULL);
INSERT INTO access VALUES ('01a216c8-6d60-7943-a2b1-d5768d42af2f', 1, 'own');
INSERT INTO access VALUES ('01a216c8-6d60-7943-a2b1-d5768d42af2f', 2, 'own');
INSERT INTO access VALUES ('01a216c8-6d60-7943-a2b1-d5768d42af2f', 3, 'own');
INSERT INTO actor VALUES (1, 1, '01a216c8-6db5-731a-a27f-b1c1bc43affa', '01a216c8-6d60-7943-a2b1-d5768d42af2f', 2, 2);
INSERT INTO actor VALUES (2, 2, '01a216c8-6dfe-7d36-b31f-da12f1f34684', '01a216c8-6d60-7943-a2b1-d5768d42af2f', 9, 12);
INSERT INTO actor VALUES (3, 3, '01a216c8-6e2e-79e3-a9a5-5470dbb0117f', '01a216c8-6d60-7943-a2b1-d5768d42af2f', 1, 1);
INSERT INTO actor VALUES (4, 2, '01a216c8-6f13-7595-83cf-c37e39007d85', '01a216c8-6d60-7943-a2b1-d5768d42af2f', 6, 15);
INSERT INTO actor VALUES (5, 1, '01a216c8-6deb-799e-b32f-41c3380837ae', '01a216c8-6d60-7943-a2b1-d5768d42af2f', 0, 2);
INSERT INTO actor VALUES (6, 2, '01a216c8-6f3e-71a7-8e8a-664a01a1fab2', '01a216c8-6d60-7943-a2b1-d5768d42af2f', 1, NULL);
INSERT INTO actor VALUES (7, 3, '01a216c8-6f2f-71f6-8f64-279a7152eead', '01a216c8-6d60-7943-a2b1-d5768d42af2f', 0, 1);
INSERT INTO op VALUES (1, 1, 1, 1, 1, 0, 1795678563836, 1, NULL, X'ccbe9e4ad6c567d4ad6b4910fe9ba5a2', X'ccbe9e4ad6c567d4ad6b4910fe9ba5a2', '{"do":[{"kind":"put","collection":"lists","id":"01a216c8-6df6-7ee4-8e0e-094b56e522bf","fields":{"title":"Camp"},"new":true}]}');
INSERT INTO op VALUES (2, 1, 2, 1, 2, 1, 1795678563885, 1, NULL, X'09e72b9b47681c40cdc119f297260569', X'7f398f79ed01df5bb65ad9028fbdee4e', '{"do":[{"kind":"put","collection":"lists","id":"01a216c8-6df6-7270-ba7f-ee4536281707","fields":{"title":"Kitchen"},"new":true}]}');
INSERT INTO op VALUES (3, 2, 1, 2, 1, 0, 1795678563945, 1, NULL, X'fee0b5ce3f079c0d2dba93fa589ecac9', X'fee0b5ce3f079c0d2dba93fa589ecac9', '{"do":[{"kind":"put","collection":"items","id":"tent","fields":{"title":"Tent"},"new":true}]}');
INSERT INTO op VALUES (4, 2, 2, 2, 2, 1, 1795678564006, 1, NULL, X'a129aaea97b788433a2fdf897bb9a9e3', X'5f7293f610d50eccfb7c8259b791ec08', '{"do":[{"kind":"put","collection":"items","id":"stove","fields":{"title":"Stove"},"new":true}]}');
INSERT INTO op VALUES (5, 2, 3, 2, 3, 2, 1795678564021, 1, NULL, X'57e0c6da4a79ffa8212b98c396e7b39e', X'6f5503ba251eef75ef8e66bf5aa41e84', '{"do":[{"kind":"put","collection":"items","id":"lamp","fields":{"title":"Lamp"},"new":true}]}');
INSERT INTO op VALUES (6, 2, 4, 2, 4, 3, 1795678564043, 1, NULL, X'a3ecfce303d9cb43983c8cd292c2a586', X'f7b4a5e648fcc2c908532afbf091aec0', '{"do":[{"kind":"put","collection":"items","id":"rope","fields":{"title":"Rope"},"new":true}]}');
INSERT INTO op VALUES (7, 3, 1, 3, 1, 0, 1795678564071, 1, NULL, X'5f001609f06ffaee554740dbe1c21b78', X'5f001609f06ffaee554740dbe1c21b78', '{"do":[{"kind":"put","collection":"items","id":"pot","fields":{"title":"Pot"},"new":true},{"kind":"put","collection":"items","id":"cup","fields":{"title":"Cup"},"new":true}]}');
INSERT INTO op VALUES (8, 2, 5, 2, 5, 4, 1795678564098, 1, NULL, X'33eab2794d70a3275053aac578e3b505', X'e23bfcc2f88058764dcfe222aca5dec4', '{"do":[{"kind":"put","new":true,"collection":"notes","id":"note","fields":{"text":"of an app that knows notes"}}]}');
INSERT INTO op VALUES (9, 2, 6, 4, 1, 0, 1795678564115, 1, NULL, X'2a9018957058281b24c5585fd86dc71a', X'63e1c57cc34e7039b14a65e465e1f7f1', '{"do":[{"kind":"put","collection":"items","id":"map","fields":{"title":"Map"},"new":true}]}');
INSERT INTO op VALUES (10, 2, 7, 6, 1, 0, 1795678564158, 1, NULL, X'63d1925723ff2e6b58c3ad371f1db98b', X'078ce180e935d7e1ee0fb070db0a974f', '{"do":[{"kind":"unheard of"}]}');
INSERT INTO op VALUES (11, 2, 8, 4, 2, 7, 1795678564217, 1, NULL, X'1922b7008a5c9253bded4e545726247d', X'b736b75559529760c95b8d1a5c41ee73', '{"do":[{"kind":"put","collection":"items","id":"tent","fields":{"title":"Tent for three"}}]}');
INSERT INTO op VALUES (12, 2, 9, 4, 3, 8, 1795678564235, 1, NULL, X'4edda85cd5e6e539ed1a72dbe814d7da', X'54ff81d8279c03c7e46a4e5e9213b616', '{"do":[{"kind":"delete","collection":"items","id":"stove"}]}');
INSERT INTO op VALUES (13, 2, 10, 4, 4, 9, 1795678564257, 1, NULL, X'61c4b5ae8eca5fce6537cbae28b67c6d', X'be55e26eaffea8d7d860484720787183', '{"do":[{"kind":"delete","collection":"items","id":"rope"}]}');
INSERT INTO op VALUES (14, 2, 11, 2, 6, 7, 1795678564207, 1, NULL, X'4edeac5fd002c74f554c7dc376a095d5', X'899f54a70908d455f085da1277631f73', '{"do":[{"kind":"put","collection":"items","id":"tent","fields":{"title":"Tent for two"}}]}');
INSERT INTO op VALUES (15, 2, 12, 2, 7, 7, 1795678564214, 1, NULL, X'2f5613b530edabaef9ba62c76388fdf6', X'cae8e8c55f4daa9a60f16976ca687847', '{"do":[{"kind":"put","collection":"items","id":"stove","fields":{"title":"Gas stove"}}]}');
INSERT INTO op VALUES (16, 2, 13, 2, 9, 12, 1795678564385, 1, NULL, X'2e0c36debdd5f3b4492693685e4cefda', X'b09cab281eef546da3e9b823ffba5d3e', '{"do":[{"kind":"put","collection":"items","id":"lamp","fields":{"title":"Lamp, taken"}}]}');
INSERT INTO op VALUES (17, 2, 14, 4, 5, 12, 1795678564433, 1, NULL, X'9197fe686f84a4428534a8bade0f9a93', X'5b59e4884ac10dfc105cc0a9959d4146', '{"do":[{"kind":"put","collection":"items","id":"tent","fields":{"title":"Tent, theirs"}}]}');
INSERT INTO op VALUES (18, 2, 15, 4, 6, 14, 1795678564452, 1, NULL, X'9b30e49ffff7483d128d6fc16b21afc5', X'c49eb387b9aaf59cd4aa390f78cfacc6', '{"do":[{"kind":"put","collection":"items","id":"axe","fields":{"title":"Axe"},"new":true}]}');
INSERT INTO token VALUES ('60dfe45d8d99', X'601f289cf8f97daee2443f1418b1be3ff11e8c25bc76128b2ec3fc0e3809e3b9', '01a216c8-6d60-7943-a2b1-d5768d42af2f', 'test', NULL, 0, 0, 1795678563683, 1795678563717, NULL);
