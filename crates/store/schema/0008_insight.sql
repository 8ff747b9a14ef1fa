-- Exports: who asked for what, and the file for as long as it is kept. What was asked and the bytes are sealed under a key of the job's
-- own, which goes with them. They belong to a person, not to a shop.
CREATE TABLE export_job (
  staff_id BLOB NOT NULL,
  id BLOB NOT NULL,
  kind TEXT NOT NULL,
  format TEXT NOT NULL,
  state TEXT NOT NULL,
  wrapped BLOB,
  asked_sealed BLOB,
  -- rows written, rows expected (0: not known before), bytes of the file
  done INTEGER NOT NULL DEFAULT 0,
  total INTEGER NOT NULL DEFAULT 0,
  size INTEGER NOT NULL DEFAULT 0,
  -- more rows were there than one file takes
  cut INTEGER NOT NULL DEFAULT 0,
  problem TEXT NOT NULL DEFAULT '',
  fence INTEGER NOT NULL DEFAULT 0,
  lease_until INTEGER NOT NULL DEFAULT 0,
  at INTEGER NOT NULL,
  began_at INTEGER,
  ended_at INTEGER,
  fetched INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (staff_id, id)
);
CREATE INDEX export_job_work ON export_job (lease_until, id) WHERE state IN ('waiting', 'running');
CREATE INDEX export_job_old ON export_job (at, id) WHERE wrapped IS NOT NULL;
CREATE TABLE export_part (
  job_id BLOB NOT NULL,
  n INTEGER NOT NULL,
  bytes_sealed BLOB NOT NULL,
  PRIMARY KEY (job_id, n)
);

-- Which articles a case is about, how many units its requests hold, and how many of them the figures count, on which day.
CREATE TABLE case_article (
  shop_id INTEGER NOT NULL,
  sku TEXT NOT NULL,
  case_id BLOB NOT NULL,
  day TEXT NOT NULL,
  held INTEGER NOT NULL CHECK (held >= 0),
  counted INTEGER NOT NULL CHECK (counted >= 0),
  PRIMARY KEY (shop_id, sku, case_id)
);
CREATE INDEX case_article_of_case ON case_article (shop_id, case_id, sku);

-- What somebody said to a signal of an article, newest by its number; the words are sealed.
CREATE TABLE quality_word (
  shop_id INTEGER NOT NULL,
  sku TEXT NOT NULL,
  n INTEGER NOT NULL,
  kind TEXT NOT NULL,
  sold INTEGER NOT NULL,
  asked_back INTEGER NOT NULL,
  note_sealed BLOB NOT NULL,
  case_id BLOB,
  actor_id BLOB,
  at INTEGER NOT NULL,
  PRIMARY KEY (shop_id, sku, n)
);

-- The cases behind a figure, cases like this one, cases to try a playbook on.
CREATE INDEX cases_of_scenario ON cases (shop_id, scenario, id);
CREATE INDEX cases_of_result ON cases (shop_id, result, closed_at, id) WHERE open = 0;
CREATE INDEX cases_of_cause ON cases (shop_id, cause, closed_at, id) WHERE open = 0;
