-- The second factor of signing in, roles of the shop's own, several identities of one person, and notes on buyers.

-- One row per person; not confirmed: being set up. `last_step` is the newest step of time whose code was used.
CREATE TABLE second_factor (
  staff_id BLOB PRIMARY KEY REFERENCES staff (id),
  secret_sealed BLOB NOT NULL,
  last_step INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  confirmed_at INTEGER
);
CREATE TABLE recovery_code (
  code_hash BLOB PRIMARY KEY,
  staff_id BLOB NOT NULL REFERENCES staff (id),
  used_at INTEGER
);
CREATE INDEX recovery_code_of_staff ON recovery_code (staff_id);
-- What the settings of shops demand, kept beside them so that every request can ask.
CREATE TABLE factor_demand (
  shop_id INTEGER NOT NULL REFERENCES shop (id),
  role TEXT NOT NULL,
  PRIMARY KEY (shop_id, role)
);
ALTER TABLE session ADD COLUMN factor_at INTEGER;
ALTER TABLE session ADD COLUMN device TEXT NOT NULL DEFAULT '';

-- A role made from the actions of a built-in one (`base`). Names of actions and fields by spaces; limits as JSON.
CREATE TABLE custom_role (
  id BLOB PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  base TEXT NOT NULL,
  actions TEXT NOT NULL,
  reveals TEXT NOT NULL,
  sees_costs INTEGER NOT NULL,
  limits TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  version INTEGER NOT NULL DEFAULT 1
);
ALTER TABLE staff ADD COLUMN custom_role_id BLOB REFERENCES custom_role (id);
CREATE INDEX staff_of_custom_role ON staff (custom_role_id);

-- Two identities that a person said are the same (`same`), or not (`apart`); each pair stands twice, once from either side.
CREATE TABLE identity_link (
  shop_id INTEGER NOT NULL,
  buyer_id BLOB NOT NULL,
  other_shop_id INTEGER NOT NULL,
  other_buyer_id BLOB NOT NULL,
  verdict TEXT NOT NULL,
  signals TEXT NOT NULL,
  by_id BLOB NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (shop_id, buyer_id, other_shop_id, other_buyer_id)
);
-- A risk note or an entry of the block list: for people to read; it decides nothing.
CREATE TABLE buyer_mark (
  shop_id INTEGER NOT NULL,
  id BLOB NOT NULL,
  buyer_id BLOB NOT NULL,
  kind TEXT NOT NULL,
  reason_sealed BLOB NOT NULL,
  by_id BLOB NOT NULL,
  at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  ended_at INTEGER,
  ended_by BLOB,
  PRIMARY KEY (shop_id, id)
);
CREATE INDEX buyer_mark_of_buyer ON buyer_mark (shop_id, buyer_id, id);
CREATE INDEX buyer_mark_live ON buyer_mark (shop_id, expires_at, id) WHERE ended_at IS NULL;
