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
