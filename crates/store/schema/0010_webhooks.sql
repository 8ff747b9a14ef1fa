-- Webhooks: who is told of a shop's events, and how far each telling is.

-- The address may carry a token of the receiver, so it is sealed as the secrets are. `events`: names by spaces, all when empty.
-- `since`: nothing that happened before is told.
CREATE TABLE webhook (
  shop_id INTEGER NOT NULL,
  id BLOB NOT NULL,
  name TEXT NOT NULL,
  url_sealed BLOB NOT NULL,
  events TEXT NOT NULL,
  state TEXT NOT NULL,
  pause TEXT NOT NULL DEFAULT '',
  secret_sealed BLOB NOT NULL,
  old_secret_sealed BLOB,
  old_until INTEGER,
  since INTEGER NOT NULL,
  failing_since INTEGER,
  delivered_at INTEGER,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (shop_id, id)
);
CREATE INDEX webhook_active ON webhook (shop_id, id) WHERE state = 'active';

-- One event to tell one subscription; its id is what the receiver knows a repeat by.
CREATE TABLE webhook_delivery (
  webhook_id BLOB NOT NULL,
  id BLOB NOT NULL,
  shop_id INTEGER NOT NULL,
  case_id BLOB NOT NULL,
  case_version INTEGER NOT NULL,
  n INTEGER NOT NULL,
  kind TEXT NOT NULL,
  at INTEGER NOT NULL,
  state TEXT NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0,
  next_at INTEGER NOT NULL,
  lease_until INTEGER NOT NULL DEFAULT 0,
  fence INTEGER NOT NULL DEFAULT 0,
  -- of the last try: the status of its answer, 0 where none came, and what was wrong
  status INTEGER NOT NULL DEFAULT 0,
  problem TEXT NOT NULL DEFAULT '',
  tried_at INTEGER,
  ended_at INTEGER,
  PRIMARY KEY (webhook_id, id)
);
CREATE UNIQUE INDEX webhook_delivery_of_event ON webhook_delivery (webhook_id, case_id, case_version, n);
CREATE INDEX webhook_delivery_due ON webhook_delivery (next_at, id) WHERE state = 'waiting';
CREATE INDEX webhook_delivery_claimed ON webhook_delivery (lease_until) WHERE lease_until > 0;
CREATE INDEX webhook_delivery_waiting ON webhook_delivery (webhook_id, id) WHERE state = 'waiting';
CREATE INDEX webhook_delivery_failed ON webhook_delivery (webhook_id, id) WHERE state = 'failed';
CREATE INDEX webhook_delivery_old ON webhook_delivery (state, ended_at, id) WHERE ended_at IS NOT NULL;
