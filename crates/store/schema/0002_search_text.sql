-- The tokens of each text that was put into the search index, in one value (8 bytes each, in the order of their hashes), so that a
-- case's tokens can be found and taken out without an index over every one of them.
CREATE TABLE search_text (
  seq SERIAL8,
  shop_id INTEGER NOT NULL,
  case_id BLOB NOT NULL,
  tokens BLOB NOT NULL
);
CREATE INDEX search_text_of_case ON search_text (shop_id, case_id);
--sqlite: INSERT INTO search_text (shop_id, case_id, tokens) SELECT shop_id, case_id, unhex(printf('%016X', token)) FROM search_token;
--postgres: INSERT INTO search_text (shop_id, case_id, tokens) SELECT shop_id, case_id, int8send(token) FROM search_token;
DROP INDEX search_token_of_case;
