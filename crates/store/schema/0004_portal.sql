-- Tickets of the buyer's own page: a short-lived secret bound to one order. `acts` counts what was written with it, which has a limit.
CREATE TABLE portal_ticket (
  token_hash BLOB PRIMARY KEY,
  shop_id INTEGER NOT NULL,
  order_id BLOB NOT NULL,
  acts INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
);
CREATE INDEX portal_ticket_by_age ON portal_ticket (expires_at);
-- Failed attempts that are forgotten can be found and cleared away.
CREATE INDEX login_try_by_age ON login_try (updated_at);
