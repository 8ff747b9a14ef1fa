-- What changed in a published version, in its publisher's words.
ALTER TABLE playbook ADD COLUMN note TEXT NOT NULL DEFAULT '';

-- A shop's own texts: scripts, articles, reasons for a refusal. Titles and texts are sealed: people write what they like into them.
CREATE TABLE knowledge (
  shop_id INTEGER NOT NULL,
  id BLOB NOT NULL,
  kind TEXT NOT NULL,
  scope TEXT NOT NULL,
  team TEXT NOT NULL DEFAULT '',
  staff_id BLOB,
  code TEXT NOT NULL DEFAULT '',
  scenarios TEXT NOT NULL DEFAULT '[]',
  content_sealed BLOB NOT NULL,
  review_at INTEGER NOT NULL,
  used INTEGER NOT NULL DEFAULT 0,
  version INTEGER NOT NULL DEFAULT 1,
  changed_by BLOB,
  changed_at INTEGER NOT NULL,
  retired_at INTEGER,
  PRIMARY KEY (shop_id, id)
);
CREATE INDEX knowledge_live ON knowledge (shop_id, id) WHERE retired_at IS NULL;
CREATE TABLE knowledge_version (
  shop_id INTEGER NOT NULL,
  id BLOB NOT NULL,
  version INTEGER NOT NULL,
  content_sealed BLOB NOT NULL,
  changed_by BLOB,
  changed_at INTEGER NOT NULL,
  PRIMARY KEY (shop_id, id, version)
);
-- Each case a text was used on, once: what its count of uses counts.
CREATE TABLE knowledge_use (
  shop_id INTEGER NOT NULL,
  knowledge_id BLOB NOT NULL,
  case_id BLOB NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (shop_id, knowledge_id, case_id)
);
