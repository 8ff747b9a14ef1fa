-- Bulk jobs: one action on many cases, rehearsed first, then done row by row; they belong to whoever started them, over all their shops.
CREATE TABLE bulk_job (
  id BLOB PRIMARY KEY,
  staff_id BLOB NOT NULL,
  -- what a token left of the starter's role; absent: all of it
  scopes TEXT,
  what TEXT NOT NULL,
  state TEXT NOT NULL,
  currency TEXT NOT NULL DEFAULT '',
  total INTEGER NOT NULL CHECK (total > 0),
  -- above this sum the total is typed in
  above_minor INTEGER NOT NULL,
  -- whether rows that need an approval ask for it
  asks INTEGER NOT NULL DEFAULT 1,
  fence INTEGER NOT NULL DEFAULT 0,
  lease_until INTEGER NOT NULL DEFAULT 0,
  at INTEGER NOT NULL,
  work_began_at INTEGER,
  ended_at INTEGER,
  version INTEGER NOT NULL DEFAULT 1
);
CREATE INDEX bulk_job_recent ON bulk_job (staff_id, at, id);
CREATE INDEX bulk_job_work ON bulk_job (lease_until, id) WHERE state IN ('checking', 'running');

CREATE TABLE bulk_row (
  job_id BLOB NOT NULL,
  n INTEGER NOT NULL,
  shop_id INTEGER NOT NULL,
  case_id BLOB NOT NULL,
  order_id BLOB,
  -- the version the rehearsal saw; money holds to it
  seen_version INTEGER NOT NULL DEFAULT 0,
  amount_minor INTEGER NOT NULL DEFAULT 0,
  grp TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL DEFAULT 'new',
  code TEXT NOT NULL DEFAULT '',
  -- why not, in both languages
  why TEXT NOT NULL DEFAULT 'null',
  retry INTEGER NOT NULL DEFAULT 0,
  approval_id BLOB,
  not_before INTEGER NOT NULL DEFAULT 0,
  ended_at INTEGER,
  PRIMARY KEY (job_id, n)
);
CREATE INDEX bulk_row_new ON bulk_row (job_id, n) WHERE state = 'new';
CREATE INDEX bulk_row_ready ON bulk_row (job_id, not_before, n) WHERE state = 'ready';

-- Saved views of the queue: a base view with narrowing filters and an order. Names are kept with personal data masked.
CREATE TABLE saved_view (
  id BLOB PRIMARY KEY,
  staff_id BLOB NOT NULL,
  shared INTEGER NOT NULL DEFAULT 0,
  name TEXT NOT NULL,
  body TEXT NOT NULL,
  at INTEGER NOT NULL,
  version INTEGER NOT NULL DEFAULT 1
);
CREATE INDEX saved_view_own ON saved_view (staff_id, at, id);
CREATE INDEX saved_view_shared ON saved_view (at, id) WHERE shared = 1;
CREATE INDEX cases_by_amount ON cases (shop_id, amount_minor, id) WHERE open = 1;
