-- Where the case stood before this money was decided on: where it goes back to when all of it is taken back within the hold.
ALTER TABLE effect ADD COLUMN stage_before TEXT NOT NULL DEFAULT '';

-- Words to a buyer that leave at a later time. Each becomes one contact, or stays here with what stood in its way.
CREATE TABLE later_send (
  shop_id INTEGER NOT NULL,
  case_id BLOB NOT NULL,
  id BLOB NOT NULL,
  channel TEXT NOT NULL,
  body_sealed BLOB NOT NULL,
  marks TEXT NOT NULL DEFAULT '[]',
  script TEXT NOT NULL DEFAULT '',
  knowledge_id BLOB,
  send_at INTEGER NOT NULL,
  unless_answered INTEGER NOT NULL DEFAULT 1,
  state TEXT NOT NULL,
  reasons TEXT NOT NULL DEFAULT '[]',
  allowed_from INTEGER,
  tries INTEGER NOT NULL DEFAULT 0,
  actor_id BLOB,
  actor_role TEXT NOT NULL,
  written_at INTEGER NOT NULL,
  contact_id BLOB,
  ended_at INTEGER,
  PRIMARY KEY (shop_id, case_id, id)
);
CREATE INDEX later_send_live ON later_send (shop_id, case_id) WHERE ended_at IS NULL;

-- Who is told of what happens on a case.
CREATE TABLE watcher (
  shop_id INTEGER NOT NULL,
  case_id BLOB NOT NULL,
  staff_id BLOB NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (shop_id, case_id, staff_id)
);
-- What each is told of; one unread row per kind and case, counted up.
CREATE TABLE notification (
  staff_id BLOB NOT NULL,
  id BLOB NOT NULL,
  shop_id INTEGER NOT NULL,
  case_id BLOB NOT NULL,
  kind TEXT NOT NULL,
  what TEXT NOT NULL,
  count INTEGER NOT NULL DEFAULT 1,
  actor_id BLOB,
  at INTEGER NOT NULL,
  read_at INTEGER,
  PRIMARY KEY (staff_id, id)
);
CREATE UNIQUE INDEX notification_unread ON notification (staff_id, shop_id, case_id, kind) WHERE read_at IS NULL;
CREATE INDEX notification_by_time ON notification (staff_id, at, id);
-- Who has a case open; gone within a minute unless renewed.
CREATE TABLE presence (
  staff_id BLOB NOT NULL,
  shop_id INTEGER NOT NULL,
  case_id BLOB NOT NULL,
  doing TEXT NOT NULL,
  since INTEGER NOT NULL,
  until INTEGER NOT NULL,
  PRIMARY KEY (staff_id, shop_id, case_id)
);
CREATE INDEX presence_of_case ON presence (shop_id, case_id, until);
