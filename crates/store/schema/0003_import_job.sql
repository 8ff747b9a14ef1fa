-- Imports by hand: the file, the dry run, the run, and what it made, so that it can be taken back.
-- The file's bytes and its name are sealed under a key of the job's own, which goes with them.
CREATE TABLE import_job (
  shop_id INTEGER NOT NULL,
  id BLOB NOT NULL,
  state TEXT NOT NULL,
  wrapped BLOB,
  name_sealed BLOB,
  size INTEGER NOT NULL CHECK (size > 0),
  arrived INTEGER NOT NULL DEFAULT 0 CHECK (arrived >= 0 AND arrived <= size),
  parts INTEGER NOT NULL DEFAULT 0,
  mapping TEXT NOT NULL DEFAULT 'null',
  -- of the work under way: invoices done, invoices in all
  done INTEGER NOT NULL DEFAULT 0,
  total INTEGER NOT NULL DEFAULT 0,
  report TEXT NOT NULL DEFAULT '{}',
  problem TEXT NOT NULL DEFAULT '',
  fence INTEGER NOT NULL DEFAULT 0,
  lease_until INTEGER NOT NULL DEFAULT 0,
  actor_id BLOB,
  at INTEGER NOT NULL,
  work_began_at INTEGER,
  ended_at INTEGER,
  version INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (shop_id, id)
);
CREATE INDEX import_job_recent ON import_job (shop_id, at, id);
CREATE INDEX import_job_work ON import_job (lease_until, id) WHERE state IN ('checking', 'running', 'undoing');
CREATE INDEX import_job_old ON import_job (at, id) WHERE wrapped IS NOT NULL;

-- kind: 'file', or 'errors' for the list of rows left out
CREATE TABLE import_part (
  shop_id INTEGER NOT NULL,
  job_id BLOB NOT NULL,
  kind TEXT NOT NULL,
  n INTEGER NOT NULL,
  bytes_sealed BLOB NOT NULL,
  PRIMARY KEY (shop_id, job_id, kind, n)
);

-- the orders it made, by their place in the file
CREATE TABLE import_made (
  shop_id INTEGER NOT NULL,
  job_id BLOB NOT NULL,
  n INTEGER NOT NULL,
  order_id BLOB NOT NULL,
  PRIMARY KEY (shop_id, job_id, n)
);
