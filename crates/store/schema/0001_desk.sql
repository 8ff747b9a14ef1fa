-- The desk's tables, one text for both engines (INTEGER is 64 bits, BLOB is bytes; the dialect module maps the names).
-- Times are epoch microseconds, money is minor units, ids are 16 bytes, flags are 0 or 1, JSON is text.
-- Every business table starts with shop_id; it references no shop row, whose lock every writer of the shop would share. `sealed` columns hold personal data or free text, encrypted under a data key.

-- ── global ──
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);

CREATE TABLE shop (
  id INTEGER PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  title TEXT NOT NULL,
  platform TEXT NOT NULL,
  currency TEXT NOT NULL DEFAULT 'CNY',
  settings TEXT NOT NULL DEFAULT '{}',
  callback_secret_sealed BLOB,
  created_at INTEGER NOT NULL
);

CREATE TABLE staff (
  id BLOB PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  display_name TEXT NOT NULL,
  agent_no TEXT NOT NULL,
  role TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  disabled INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  version INTEGER NOT NULL DEFAULT 1
);
CREATE TABLE staff_shop (
  staff_id BLOB NOT NULL REFERENCES staff (id),
  shop_id INTEGER NOT NULL REFERENCES shop (id),
  PRIMARY KEY (staff_id, shop_id)
);
CREATE TABLE session (
  token_hash BLOB PRIMARY KEY,
  staff_id BLOB NOT NULL REFERENCES staff (id),
  created_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
);
CREATE INDEX session_of_staff ON session (staff_id);
CREATE TABLE api_token (
  token_hash BLOB PRIMARY KEY,
  staff_id BLOB NOT NULL REFERENCES staff (id),
  label TEXT NOT NULL,
  scopes TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  revoked_at INTEGER
);
CREATE TABLE login_try (
  subject BLOB PRIMARY KEY,
  failures INTEGER NOT NULL,
  blocked_until INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
);
CREATE TABLE node (
  id BLOB PRIMARY KEY,
  started_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL
);
CREATE TABLE idempotency (
  actor_id BLOB NOT NULL,
  route TEXT NOT NULL,
  idem_key TEXT NOT NULL,
  body_hash BLOB NOT NULL,
  answer TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (actor_id, route, idem_key)
);
CREATE INDEX idempotency_by_age ON idempotency (created_at);
CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL, version INTEGER NOT NULL DEFAULT 1);

-- ── keys of personal data: destroying the row erases what it sealed ──
CREATE TABLE data_key (
  shop_id INTEGER NOT NULL,
  id BLOB NOT NULL,
  wrapped BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (shop_id, id)
);

-- ── what was bought ──
CREATE TABLE buyer (
  shop_id INTEGER NOT NULL,
  id BLOB NOT NULL,
  key_id BLOB NOT NULL,
  external_hash BLOB,
  name_masked TEXT NOT NULL DEFAULT '',
  phone_masked TEXT NOT NULL DEFAULT '',
  address_masked TEXT NOT NULL DEFAULT '',
  sealed BLOB NOT NULL,
  phone_hash BLOB,
  phone_tail_hash BLOB,
  level TEXT NOT NULL DEFAULT '',
  no_contact INTEGER NOT NULL DEFAULT 0,
  orders_count INTEGER NOT NULL DEFAULT 0,
  erased_at INTEGER,
  created_at INTEGER NOT NULL,
  version INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (shop_id, id)
);
CREATE UNIQUE INDEX buyer_external ON buyer (shop_id, external_hash) WHERE external_hash IS NOT NULL;
CREATE INDEX buyer_phone ON buyer (shop_id, phone_hash) WHERE phone_hash IS NOT NULL;
CREATE INDEX buyer_phone_tail ON buyer (shop_id, phone_tail_hash) WHERE phone_tail_hash IS NOT NULL;

CREATE TABLE product (
  shop_id INTEGER NOT NULL,
  sku TEXT NOT NULL,
  title TEXT NOT NULL,
  category TEXT NOT NULL DEFAULT '',
  bulky INTEGER NOT NULL DEFAULT 0,
  card TEXT NOT NULL DEFAULT '{}',
  PRIMARY KEY (shop_id, sku)
);
CREATE TABLE stock (
  shop_id INTEGER NOT NULL,
  sku TEXT NOT NULL,
  warehouse TEXT NOT NULL DEFAULT 'main',
  on_hand INTEGER NOT NULL CHECK (on_hand >= 0),
  reserved INTEGER NOT NULL DEFAULT 0 CHECK (reserved >= 0),
  version INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (shop_id, sku, warehouse),
  CHECK (reserved <= on_hand)
);

CREATE TABLE orders (
  shop_id INTEGER NOT NULL,
  id BLOB NOT NULL,
  order_no TEXT NOT NULL,
  buyer_id BLOB,
  state TEXT NOT NULL,
  currency TEXT NOT NULL,
  goods_minor INTEGER NOT NULL,
  discount_minor INTEGER NOT NULL DEFAULT 0,
  freight_minor INTEGER NOT NULL DEFAULT 0,
  paid_minor INTEGER NOT NULL CHECK (paid_minor >= 0),
  ordered_at INTEGER,
  paid_at INTEGER,
  shipped_at INTEGER,
  signed_at INTEGER,
  completed_at INTEGER,
  bulky INTEGER NOT NULL DEFAULT 0,
  facts TEXT NOT NULL DEFAULT '{}',
  flag INTEGER NOT NULL DEFAULT 0,
  refunded_minor INTEGER NOT NULL DEFAULT 0 CHECK (refunded_minor >= 0),
  in_flight_minor INTEGER NOT NULL DEFAULT 0 CHECK (in_flight_minor >= 0),
  freight_refunded_minor INTEGER NOT NULL DEFAULT 0 CHECK (freight_refunded_minor >= 0),
  freight_in_flight_minor INTEGER NOT NULL DEFAULT 0 CHECK (freight_in_flight_minor >= 0),
  external_minor INTEGER NOT NULL DEFAULT 0,
  payout_minor INTEGER NOT NULL DEFAULT 0 CHECK (payout_minor >= 0),
  payout_in_flight_minor INTEGER NOT NULL DEFAULT 0 CHECK (payout_in_flight_minor >= 0),
  ledger_count INTEGER NOT NULL DEFAULT 0,
  source TEXT NOT NULL DEFAULT '',
  version INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (shop_id, id),
  CHECK (refunded_minor + in_flight_minor <= paid_minor),
  CHECK (freight_refunded_minor + freight_in_flight_minor <= freight_minor)
);
CREATE UNIQUE INDEX orders_by_no ON orders (shop_id, order_no);
CREATE INDEX orders_of_buyer ON orders (shop_id, buyer_id, id) WHERE buyer_id IS NOT NULL;

CREATE TABLE order_line (
  shop_id INTEGER NOT NULL,
  order_id BLOB NOT NULL,
  line_no INTEGER NOT NULL,
  sku TEXT NOT NULL,
  title TEXT NOT NULL,
  spec TEXT NOT NULL DEFAULT '',
  category TEXT NOT NULL DEFAULT '',
  quantity INTEGER NOT NULL CHECK (quantity > 0),
  list_minor INTEGER NOT NULL,
  discount_minor INTEGER NOT NULL DEFAULT 0,
  paid_minor INTEGER NOT NULL CHECK (paid_minor >= 0),
  shipped INTEGER NOT NULL DEFAULT 0 CHECK (shipped >= 0),
  requested INTEGER NOT NULL DEFAULT 0 CHECK (requested >= 0),
  received INTEGER NOT NULL DEFAULT 0 CHECK (received >= 0),
  made_good INTEGER NOT NULL DEFAULT 0 CHECK (made_good >= 0),
  replaced INTEGER NOT NULL DEFAULT 0 CHECK (replaced >= 0),
  refunded_units INTEGER NOT NULL DEFAULT 0 CHECK (refunded_units >= 0),
  in_flight_units INTEGER NOT NULL DEFAULT 0 CHECK (in_flight_units >= 0),
  refunded_minor INTEGER NOT NULL DEFAULT 0 CHECK (refunded_minor >= 0),
  in_flight_minor INTEGER NOT NULL DEFAULT 0 CHECK (in_flight_minor >= 0),
  external_units INTEGER NOT NULL DEFAULT 0,
  external_minor INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (shop_id, order_id, line_no),
  CHECK (refunded_minor + in_flight_minor <= paid_minor),
  CHECK (made_good <= quantity),
  CHECK (refunded_units + in_flight_units <= made_good),
  CHECK (requested + received <= shipped + replaced)
);
CREATE INDEX order_line_by_sku ON order_line (shop_id, sku);

CREATE TABLE payment (
  shop_id INTEGER NOT NULL,
  order_id BLOB NOT NULL,
  payment_no TEXT NOT NULL,
  method TEXT NOT NULL DEFAULT '',
  captured_minor INTEGER NOT NULL CHECK (captured_minor >= 0),
  refunded_minor INTEGER NOT NULL DEFAULT 0 CHECK (refunded_minor >= 0),
  in_flight_minor INTEGER NOT NULL DEFAULT 0 CHECK (in_flight_minor >= 0),
  PRIMARY KEY (shop_id, order_id, payment_no),
  CHECK (refunded_minor + in_flight_minor <= captured_minor)
);

-- append-only; totals above are folds over it
CREATE TABLE ledger_entry (
  shop_id INTEGER NOT NULL,
  order_id BLOB NOT NULL,
  n INTEGER NOT NULL,
  kind TEXT NOT NULL,
  case_id BLOB,
  effect_id BLOB,
  holder_id BLOB,
  line_no INTEGER,
  quantity INTEGER NOT NULL DEFAULT 0,
  amount_minor INTEGER NOT NULL DEFAULT 0,
  payment_no TEXT,
  back INTEGER NOT NULL DEFAULT 0,
  at INTEGER NOT NULL,
  -- why: the decision's reason, means, rule; codes only
  about TEXT NOT NULL DEFAULT '{}',
  PRIMARY KEY (shop_id, order_id, n)
);
-- who makes which units good; a fold over the entries too
CREATE TABLE unit_hold (
  shop_id INTEGER NOT NULL,
  order_id BLOB NOT NULL,
  holder_id BLOB NOT NULL,
  line_no INTEGER NOT NULL,
  case_id BLOB NOT NULL,
  held INTEGER NOT NULL CHECK (held >= 0),
  awaited INTEGER NOT NULL CHECK (awaited >= 0),
  received INTEGER NOT NULL CHECK (received >= 0),
  refunded INTEGER NOT NULL CHECK (refunded >= 0),
  replaced INTEGER NOT NULL CHECK (replaced >= 0),
  PRIMARY KEY (shop_id, order_id, holder_id, line_no)
);
-- what one person has spent alone on one day of the shop
CREATE TABLE spent_day (
  shop_id INTEGER NOT NULL,
  staff_id BLOB NOT NULL,
  day INTEGER NOT NULL,
  kind TEXT NOT NULL,
  amount_minor INTEGER NOT NULL CHECK (amount_minor >= 0),
  PRIMARY KEY (shop_id, staff_id, day, kind)
);
-- callbacks taken in: each event once
CREATE TABLE callback (
  shop_id INTEGER NOT NULL,
  event_id TEXT NOT NULL,
  event TEXT NOT NULL,
  outcome TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (shop_id, event_id)
);
CREATE INDEX callback_by_age ON callback (at);
CREATE TABLE platform_refund (
  shop_id INTEGER NOT NULL,
  platform_refund_id TEXT NOT NULL,
  order_id BLOB NOT NULL,
  effect_id BLOB,
  amount_minor INTEGER NOT NULL,
  booked_at INTEGER NOT NULL,
  PRIMARY KEY (shop_id, platform_refund_id)
);

CREATE TABLE parcel (
  shop_id INTEGER NOT NULL,
  id BLOB NOT NULL,
  direction TEXT NOT NULL,
  purpose TEXT NOT NULL DEFAULT 'order',
  order_id BLOB,
  case_id BLOB,
  request_id BLOB,
  -- seals what the carrier wrote: the buyer's key, the case's, or one of its own
  key_id BLOB,
  carrier TEXT NOT NULL DEFAULT '',
  -- letters and digits only, in capitals; the tail is its last four
  waybill TEXT NOT NULL DEFAULT '',
  waybill_tail TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL,
  verdict TEXT NOT NULL DEFAULT '',
  refused INTEGER NOT NULL DEFAULT 0,
  lines TEXT NOT NULL DEFAULT '[]',
  shipped_at INTEGER,
  last_event_at INTEGER,
  signed_at INTEGER,
  signed_by TEXT NOT NULL DEFAULT '',
  returned_at INTEGER,
  scanned_at INTEGER,
  inspected_at INTEGER,
  created_at INTEGER NOT NULL,
  version INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (shop_id, id)
);
CREATE INDEX parcel_by_waybill ON parcel (shop_id, waybill);
CREATE INDEX parcel_of_order ON parcel (shop_id, order_id, id) WHERE order_id IS NOT NULL;
CREATE INDEX parcel_of_case ON parcel (shop_id, case_id, id) WHERE case_id IS NOT NULL;
CREATE INDEX parcel_by_tail ON parcel (shop_id, waybill_tail, id) WHERE waybill_tail <> '';
CREATE INDEX parcel_unclaimed ON parcel (shop_id, created_at, id) WHERE case_id IS NULL AND direction = 'in';
CREATE INDEX parcel_unscanned ON parcel (shop_id, signed_at, id) WHERE direction = 'in' AND signed_at IS NOT NULL AND scanned_at IS NULL;
CREATE TABLE parcel_event (
  shop_id INTEGER NOT NULL,
  parcel_id BLOB NOT NULL,
  n INTEGER NOT NULL,
  -- absent when the carrier's date was missing or broken; place is then its neighbour's time
  at INTEGER,
  place INTEGER NOT NULL,
  state TEXT NOT NULL,
  signer TEXT NOT NULL DEFAULT '',
  code TEXT NOT NULL DEFAULT '',
  -- keyed hash of what was reported: the same report again is recognised by it
  seen INTEGER NOT NULL,
  text_sealed BLOB,
  PRIMARY KEY (shop_id, parcel_id, n)
);

-- ── the case ──
CREATE TABLE cases (
  shop_id INTEGER NOT NULL,
  id BLOB NOT NULL,
  case_no TEXT NOT NULL,
  key_id BLOB NOT NULL,
  order_id BLOB,
  order_no TEXT NOT NULL DEFAULT '',
  buyer_id BLOB,
  buyer_masked TEXT NOT NULL DEFAULT '',
  scenario TEXT NOT NULL,
  playbook_version INTEGER NOT NULL,
  title TEXT NOT NULL,
  stage TEXT NOT NULL,
  waiting_on TEXT NOT NULL,
  open INTEGER NOT NULL DEFAULT 1,
  owner_id BLOB,
  channel TEXT NOT NULL DEFAULT '',
  external_ref TEXT,
  complaint_class TEXT NOT NULL DEFAULT '',
  severity INTEGER NOT NULL DEFAULT 3,
  emotion TEXT NOT NULL DEFAULT '',
  amount_minor INTEGER NOT NULL DEFAULT 0,
  currency TEXT NOT NULL DEFAULT 'CNY',
  queue_key INTEGER NOT NULL,
  next_deadline_at INTEGER,
  next_deadline_id BLOB,
  next_at_zero TEXT NOT NULL DEFAULT '',
  next_clock TEXT NOT NULL DEFAULT '',
  next_state TEXT NOT NULL DEFAULT '',
  unknown_money INTEGER NOT NULL DEFAULT 0,
  open_promises INTEGER NOT NULL DEFAULT 0 CHECK (open_promises >= 0),
  verdict TEXT NOT NULL DEFAULT '',
  marks TEXT NOT NULL DEFAULT '{}',
  facts TEXT NOT NULL DEFAULT '{}',
  rules TEXT NOT NULL DEFAULT '{}',
  cause TEXT NOT NULL DEFAULT '',
  party TEXT NOT NULL DEFAULT '',
  result TEXT NOT NULL DEFAULT '',
  confirmation TEXT NOT NULL DEFAULT '',
  satisfaction INTEGER,
  merged_into BLOB,
  opened_at INTEGER NOT NULL,
  last_contact_at INTEGER,
  last_contact_from TEXT NOT NULL DEFAULT '',
  closed_at INTEGER,
  updated_at INTEGER NOT NULL,
  -- the last version that changed its money, goods or remedy; approvals are bound to it
  material_version INTEGER NOT NULL DEFAULT 0,
  version INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (shop_id, id)
);
CREATE UNIQUE INDEX cases_by_no ON cases (shop_id, case_no);
CREATE INDEX cases_open ON cases (shop_id, queue_key, id) WHERE open = 1;
CREATE INDEX cases_waiting ON cases (shop_id, waiting_on, queue_key, id) WHERE open = 1;
CREATE INDEX cases_owned ON cases (shop_id, owner_id, queue_key, id) WHERE open = 1 AND owner_id IS NOT NULL;
CREATE INDEX cases_unknown ON cases (shop_id, queue_key, id) WHERE open = 1 AND unknown_money = 1;
CREATE INDEX cases_closed ON cases (shop_id, closed_at, id) WHERE open = 0;
CREATE INDEX cases_of_order ON cases (shop_id, order_id, id) WHERE order_id IS NOT NULL;
CREATE INDEX cases_of_buyer ON cases (shop_id, buyer_id, id) WHERE buyer_id IS NOT NULL;
CREATE UNIQUE INDEX cases_external ON cases (shop_id, external_ref) WHERE external_ref IS NOT NULL;

CREATE TABLE request (
  shop_id INTEGER NOT NULL,
  case_id BLOB NOT NULL,
  id BLOB NOT NULL,
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT NOT NULL DEFAULT '',
  amount_minor INTEGER,
  lines TEXT NOT NULL DEFAULT '[]',
  holds_units INTEGER NOT NULL DEFAULT 0,
  -- why it was refused, or the address to send to
  note_sealed BLOB,
  applied_at INTEGER NOT NULL,
  ended_at INTEGER,
  PRIMARY KEY (shop_id, case_id, id)
);
CREATE TABLE contact (
  shop_id INTEGER NOT NULL,
  case_id BLOB NOT NULL,
  id BLOB NOT NULL,
  at INTEGER NOT NULL,
  direction TEXT NOT NULL,
  channel TEXT NOT NULL,
  actor_id BLOB,
  body_sealed BLOB,
  marks TEXT NOT NULL DEFAULT '[]',
  gate TEXT NOT NULL DEFAULT '{}',
  -- why somebody sent it although the gate had refused
  override_sealed BLOB,
  -- what a prepared text is about; it is dropped unsent when that changes
  subject_id BLOB,
  -- absent on an outgoing contact: prepared, to be pasted into the platform's chat and marked sent
  sent_at INTEGER,
  PRIMARY KEY (shop_id, case_id, id)
);
CREATE INDEX contact_prepared ON contact (shop_id, case_id) WHERE direction = 'out' AND sent_at IS NULL;
CREATE TABLE evidence (
  shop_id INTEGER NOT NULL,
  case_id BLOB NOT NULL,
  id BLOB NOT NULL,
  kind TEXT NOT NULL,
  giver TEXT NOT NULL,
  sha256 BLOB,
  name_sealed BLOB,
  blob_id BLOB,
  at INTEGER NOT NULL,
  actor_id BLOB,
  PRIMARY KEY (shop_id, case_id, id)
);
CREATE TABLE blob (
  shop_id INTEGER NOT NULL,
  id BLOB NOT NULL,
  key_id BLOB NOT NULL,
  bytes_sealed BLOB,
  media_type TEXT NOT NULL,
  size INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (shop_id, id)
);
-- what was proposed and what a person made of it: the material the proposals are measured on
CREATE TABLE classification (
  shop_id INTEGER NOT NULL,
  case_id BLOB NOT NULL,
  id BLOB NOT NULL,
  field TEXT NOT NULL,
  proposed TEXT NOT NULL,
  decided TEXT NOT NULL,
  actor_id BLOB,
  at INTEGER NOT NULL,
  PRIMARY KEY (shop_id, case_id, id)
);
CREATE TABLE diagnosis (
  shop_id INTEGER NOT NULL,
  case_id BLOB NOT NULL,
  id BLOB NOT NULL,
  cause TEXT NOT NULL,
  party TEXT NOT NULL,
  note_sealed BLOB,
  at INTEGER NOT NULL,
  actor_id BLOB,
  PRIMARY KEY (shop_id, case_id, id)
);
CREATE TABLE remedy (
  shop_id INTEGER NOT NULL,
  case_id BLOB NOT NULL,
  id BLOB NOT NULL,
  kind TEXT NOT NULL,
  means TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL,
  request_id BLOB,
  offer_id BLOB,
  amount_minor INTEGER NOT NULL DEFAULT 0,
  cost_minor INTEGER NOT NULL DEFAULT 0,
  lines TEXT NOT NULL DEFAULT '[]',
  legs TEXT NOT NULL DEFAULT '{}',
  note_sealed BLOB,
  at INTEGER NOT NULL,
  ended_at INTEGER,
  PRIMARY KEY (shop_id, case_id, id)
);
CREATE TABLE offer (
  shop_id INTEGER NOT NULL,
  case_id BLOB NOT NULL,
  id BLOB NOT NULL,
  rung TEXT NOT NULL DEFAULT '',
  remedy TEXT NOT NULL,
  means TEXT NOT NULL DEFAULT '',
  amount_minor INTEGER NOT NULL DEFAULT 0,
  cap_minor INTEGER,
  lines TEXT NOT NULL DEFAULT '[]',
  state TEXT NOT NULL,
  -- what, why, by_when, buyer_must, follows and the words of the promise, as one sealed JSON
  text_sealed BLOB,
  promise_team TEXT NOT NULL DEFAULT '',
  promise_within_us INTEGER,
  -- what is done when the buyer accepts, as JSON: the rung's words in order
  acts TEXT NOT NULL DEFAULT '[]',
  approval_id BLOB,
  valid_until INTEGER,
  sent_at INTEGER,
  answered_at INTEGER,
  at INTEGER NOT NULL,
  actor_id BLOB,
  PRIMARY KEY (shop_id, case_id, id)
);
CREATE TABLE approval (
  shop_id INTEGER NOT NULL,
  id BLOB NOT NULL,
  case_id BLOB NOT NULL,
  subject TEXT NOT NULL,
  subject_id BLOB,
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  -- what it would spend: refund, payout, virtual, goods
  spending TEXT NOT NULL,
  cap_minor INTEGER,
  case_version INTEGER NOT NULL,
  state TEXT NOT NULL,
  -- why one is needed, codes
  why TEXT NOT NULL DEFAULT '[]',
  asked_by BLOB NOT NULL,
  asked_at INTEGER NOT NULL,
  ask_sealed BLOB,
  decided_by BLOB,
  decided_at INTEGER,
  note_sealed BLOB,
  used_at INTEGER,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (shop_id, id)
);
CREATE INDEX approval_pending ON approval (shop_id, asked_at, id) WHERE state = 'pending';
CREATE INDEX approval_of_case ON approval (shop_id, case_id, id);
CREATE TABLE effect (
  shop_id INTEGER NOT NULL,
  id BLOB NOT NULL,
  case_id BLOB NOT NULL,
  order_id BLOB,
  remedy_id BLOB,
  offer_id BLOB,
  request_id BLOB,
  approval_id BLOB,
  -- started only after this one has succeeded
  after_id BLOB,
  kind TEXT NOT NULL,
  -- carried out by a person of the team
  manual INTEGER NOT NULL DEFAULT 0,
  team TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL,
  amount_minor INTEGER NOT NULL DEFAULT 0 CHECK (amount_minor >= 0),
  payment_no TEXT NOT NULL DEFAULT '',
  identity TEXT NOT NULL,
  body TEXT NOT NULL DEFAULT '{}',
  text_sealed BLOB,
  -- how its call can be told apart from a repetition; fixed by the first call
  class TEXT NOT NULL DEFAULT '',
  not_before INTEGER NOT NULL,
  next_at INTEGER NOT NULL,
  attempt INTEGER NOT NULL DEFAULT 0,
  asks INTEGER NOT NULL DEFAULT 0,
  fence INTEGER NOT NULL DEFAULT 0,
  lease_until INTEGER NOT NULL DEFAULT 0,
  platform_ref TEXT,
  code TEXT NOT NULL DEFAULT '',
  serial_sealed BLOB,
  serial_hash BLOB,
  note_sealed BLOB,
  -- against whose day it counts
  spender_id BLOB,
  spent_day INTEGER,
  actor_id BLOB,
  at INTEGER NOT NULL,
  ended_at INTEGER,
  version INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (shop_id, id)
);
CREATE UNIQUE INDEX effect_identity ON effect (shop_id, identity);
CREATE UNIQUE INDEX effect_serial ON effect (shop_id, serial_hash) WHERE serial_hash IS NOT NULL;
CREATE INDEX effect_of_case ON effect (shop_id, case_id, id);
CREATE INDEX effect_after ON effect (shop_id, after_id) WHERE after_id IS NOT NULL;
CREATE INDEX effect_due ON effect (next_at, id) WHERE state IN ('held', 'queued', 'in_flight', 'unknown') AND manual = 0;
CREATE INDEX effect_person ON effect (shop_id, at, id) WHERE state IN ('awaiting_person', 'needs_person', 'unknown');
CREATE TABLE effect_attempt (
  shop_id INTEGER NOT NULL,
  effect_id BLOB NOT NULL,
  n INTEGER NOT NULL,
  fence INTEGER NOT NULL,
  call TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  outcome TEXT NOT NULL DEFAULT '',
  code TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (shop_id, effect_id, n)
);
CREATE TABLE promise (
  shop_id INTEGER NOT NULL,
  id BLOB NOT NULL,
  case_id BLOB NOT NULL,
  team TEXT NOT NULL,
  owner_id BLOB,
  text_sealed BLOB NOT NULL,
  amount_minor INTEGER,
  state TEXT NOT NULL,
  due_at INTEGER NOT NULL,
  done INTEGER NOT NULL DEFAULT 0,
  put_off INTEGER NOT NULL DEFAULT 0,
  effect_id BLOB,
  offer_id BLOB,
  successor_id BLOB,
  reason_sealed BLOB,
  escalation INTEGER NOT NULL DEFAULT 0,
  buyer_told_at INTEGER,
  at INTEGER NOT NULL,
  actor_id BLOB,
  -- since when it binds nobody any more; a broken promise that was neither made good nor replaced still binds
  ended_at INTEGER,
  proof_sealed BLOB,
  PRIMARY KEY (shop_id, id)
);
CREATE INDEX promise_binding ON promise (shop_id, team, due_at, id) WHERE ended_at IS NULL;
CREATE INDEX promise_due ON promise (shop_id, due_at, id) WHERE ended_at IS NULL;
CREATE INDEX promise_of_case ON promise (shop_id, case_id, id);
CREATE INDEX promise_of_effect ON promise (shop_id, effect_id) WHERE effect_id IS NOT NULL;
CREATE TABLE task (
  shop_id INTEGER NOT NULL,
  id BLOB NOT NULL,
  case_id BLOB NOT NULL,
  team TEXT NOT NULL,
  kind TEXT NOT NULL DEFAULT '',
  text_sealed BLOB NOT NULL,
  state TEXT NOT NULL,
  owner_id BLOB,
  due_at INTEGER NOT NULL,
  effect_id BLOB,
  -- what it is about besides an effect: a promise, a deadline, a parcel
  subject_id BLOB,
  at INTEGER NOT NULL,
  actor_id BLOB,
  ended_at INTEGER,
  note_sealed BLOB,
  PRIMARY KEY (shop_id, id)
);
CREATE INDEX task_open ON task (shop_id, team, due_at, id) WHERE state IN ('open', 'taken');
CREATE INDEX task_due ON task (shop_id, due_at, id) WHERE state IN ('open', 'taken');
CREATE INDEX task_of_case ON task (shop_id, case_id, id);
CREATE TABLE deadline (
  shop_id INTEGER NOT NULL,
  id BLOB NOT NULL,
  case_id BLOB NOT NULL,
  clock TEXT NOT NULL,
  label TEXT NOT NULL DEFAULT '',
  source TEXT NOT NULL,
  rule TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL,
  due_at INTEGER,
  at_zero TEXT NOT NULL,
  segments TEXT NOT NULL,
  subject_id BLOB,
  policy_id TEXT NOT NULL DEFAULT '',
  anchor_at INTEGER,
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  PRIMARY KEY (shop_id, id)
);
CREATE INDEX deadline_of_case ON deadline (shop_id, case_id, id);
CREATE TABLE timer (
  shop_id INTEGER NOT NULL,
  id BLOB NOT NULL,
  case_id BLOB NOT NULL,
  kind TEXT NOT NULL,
  subject_id BLOB NOT NULL,
  due_at INTEGER NOT NULL,
  fence INTEGER NOT NULL DEFAULT 0,
  lease_until INTEGER NOT NULL DEFAULT 0,
  body TEXT NOT NULL DEFAULT '{}',
  PRIMARY KEY (shop_id, id)
);
CREATE INDEX timer_due ON timer (due_at, id);
CREATE INDEX timer_of_subject ON timer (shop_id, subject_id);
CREATE INDEX timer_of_case ON timer (shop_id, case_id, id);
CREATE TABLE reservation (
  shop_id INTEGER NOT NULL,
  id BLOB NOT NULL,
  case_id BLOB NOT NULL,
  sku TEXT NOT NULL,
  warehouse TEXT NOT NULL DEFAULT 'main',
  quantity INTEGER NOT NULL CHECK (quantity > 0),
  state TEXT NOT NULL,
  until INTEGER NOT NULL,
  at INTEGER NOT NULL,
  ended_at INTEGER,
  PRIMARY KEY (shop_id, id)
);
CREATE INDEX reservation_of_case ON reservation (shop_id, case_id, id);
CREATE TABLE inspection (
  shop_id INTEGER NOT NULL,
  id BLOB NOT NULL,
  parcel_id BLOB NOT NULL,
  case_id BLOB,
  units TEXT NOT NULL,
  photos INTEGER NOT NULL DEFAULT 0,
  video INTEGER NOT NULL DEFAULT 0,
  verdict TEXT NOT NULL,
  outcome TEXT NOT NULL DEFAULT '{}',
  note_sealed BLOB,
  at INTEGER NOT NULL,
  actor_id BLOB,
  PRIMARY KEY (shop_id, id)
);
CREATE INDEX inspection_of_case ON inspection (shop_id, case_id, id) WHERE case_id IS NOT NULL;
CREATE TABLE remark (
  shop_id INTEGER NOT NULL,
  order_id BLOB NOT NULL,
  n INTEGER NOT NULL,
  case_id BLOB,
  flag INTEGER,
  text_sealed BLOB,
  agent_no TEXT NOT NULL DEFAULT '',
  actor_id BLOB,
  at INTEGER NOT NULL,
  PRIMARY KEY (shop_id, order_id, n)
);
CREATE TABLE case_link (
  shop_id INTEGER NOT NULL,
  case_id BLOB NOT NULL,
  other_id BLOB NOT NULL,
  kind TEXT NOT NULL,
  at INTEGER NOT NULL,
  undone_at INTEGER,
  PRIMARY KEY (shop_id, case_id, other_id, kind)
);
CREATE INDEX case_link_of_other ON case_link (shop_id, other_id);
CREATE TABLE side_thread (
  shop_id INTEGER NOT NULL,
  id BLOB NOT NULL,
  case_id BLOB NOT NULL,
  party TEXT NOT NULL,
  subject_sealed BLOB,
  state TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (shop_id, id)
);
CREATE INDEX side_thread_of_case ON side_thread (shop_id, case_id, id);
CREATE TABLE side_message (
  shop_id INTEGER NOT NULL,
  thread_id BLOB NOT NULL,
  id BLOB NOT NULL,
  direction TEXT NOT NULL,
  body_sealed BLOB NOT NULL,
  actor_id BLOB,
  at INTEGER NOT NULL,
  PRIMARY KEY (shop_id, thread_id, id)
);
CREATE TABLE custom_field (
  shop_id INTEGER NOT NULL,
  code TEXT NOT NULL,
  scenario TEXT NOT NULL DEFAULT '',
  kind TEXT NOT NULL,
  label_zh TEXT NOT NULL,
  label_en TEXT NOT NULL,
  choices TEXT NOT NULL DEFAULT '[]',
  PRIMARY KEY (shop_id, code)
);
CREATE TABLE custom_value (
  shop_id INTEGER NOT NULL,
  case_id BLOB NOT NULL,
  code TEXT NOT NULL,
  value_sealed BLOB NOT NULL,
  PRIMARY KEY (shop_id, case_id, code)
);
CREATE TABLE handover (
  shop_id INTEGER NOT NULL,
  id BLOB NOT NULL,
  case_id BLOB NOT NULL,
  from_staff BLOB,
  to_staff BLOB,
  summary TEXT NOT NULL DEFAULT '{}',
  note_sealed BLOB,
  at INTEGER NOT NULL,
  taken_at INTEGER,
  PRIMARY KEY (shop_id, id)
);
CREATE INDEX handover_of_case ON handover (shop_id, case_id, id);
CREATE INDEX handover_open ON handover (shop_id, at, id) WHERE taken_at IS NULL;
CREATE TABLE carrier_claim (
  shop_id INTEGER NOT NULL,
  id BLOB NOT NULL,
  case_id BLOB NOT NULL,
  parcel_id BLOB,
  state TEXT NOT NULL,
  amount_minor INTEGER NOT NULL DEFAULT 0,
  paid_minor INTEGER NOT NULL DEFAULT 0,
  at INTEGER NOT NULL,
  ended_at INTEGER,
  PRIMARY KEY (shop_id, id)
);
CREATE INDEX carrier_claim_of_case ON carrier_claim (shop_id, case_id, id);

-- ── history, feed, counters, search ──
CREATE TABLE event (
  shop_id INTEGER NOT NULL,
  case_id BLOB NOT NULL,
  case_version INTEGER NOT NULL,
  n INTEGER NOT NULL,
  kind TEXT NOT NULL,
  schema INTEGER NOT NULL,
  actor_id BLOB,
  actor_role TEXT NOT NULL,
  at INTEGER NOT NULL,
  playbook_version INTEGER NOT NULL,
  payload TEXT NOT NULL,
  PRIMARY KEY (shop_id, case_id, case_version, n)
);
CREATE TABLE feed (
  seq SERIAL8,
  tx TXID,
  shop_id INTEGER NOT NULL,
  case_id BLOB NOT NULL,
  case_version INTEGER NOT NULL,
  at INTEGER NOT NULL
);
CREATE TABLE audit (
  seq SERIAL8,
  tx TXID,
  shop_id INTEGER NOT NULL,
  actor_id BLOB,
  actor_role TEXT NOT NULL,
  action TEXT NOT NULL,
  object TEXT NOT NULL,
  payload TEXT NOT NULL,
  at INTEGER NOT NULL
);
CREATE INDEX audit_of_actor ON audit (actor_id, action, at);
--postgres: CREATE INDEX feed_by_tx ON feed (tx);
--postgres: CREATE INDEX audit_by_tx ON audit (tx);
-- hashes over feed and audit up to a place, chained
CREATE TABLE seal (
  n INTEGER PRIMARY KEY,
  feed_place INTEGER NOT NULL,
  audit_place INTEGER NOT NULL,
  hash BLOB NOT NULL,
  at INTEGER NOT NULL
);
CREATE TABLE counter_delta (
  seq SERIAL8,
  shop_id INTEGER NOT NULL,
  name TEXT NOT NULL,
  bucket TEXT NOT NULL,
  count INTEGER NOT NULL,
  amount_minor INTEGER NOT NULL
);
CREATE TABLE counter (
  shop_id INTEGER NOT NULL,
  name TEXT NOT NULL,
  bucket TEXT NOT NULL,
  count INTEGER NOT NULL,
  amount_minor INTEGER NOT NULL,
  PRIMARY KEY (shop_id, name, bucket)
);
CREATE TABLE search_token (
  shop_id INTEGER NOT NULL,
  token INTEGER NOT NULL,
  case_id BLOB NOT NULL,
  PRIMARY KEY (shop_id, token, case_id)
) CLUSTERED;
CREATE INDEX search_token_of_case ON search_token (shop_id, case_id);
-- A playbook's text, pinned together with the shared files it was published with.
CREATE TABLE playbook (
  scenario TEXT NOT NULL,
  version INTEGER NOT NULL,
  source TEXT NOT NULL,
  shared_hash BLOB NOT NULL,
  state TEXT NOT NULL,
  origin TEXT NOT NULL,
  valid_from INTEGER NOT NULL,
  author_id BLOB,
  created_at INTEGER NOT NULL,
  published_by BLOB,
  published_at INTEGER,
  PRIMARY KEY (scenario, version)
);
CREATE TABLE playbook_shared (hash BLOB PRIMARY KEY, files TEXT NOT NULL);
CREATE TABLE import_run (
  shop_id INTEGER NOT NULL,
  id BLOB NOT NULL,
  kind TEXT NOT NULL,
  file_hash BLOB NOT NULL,
  rows_done INTEGER NOT NULL DEFAULT 0,
  summary TEXT NOT NULL DEFAULT '{}',
  at INTEGER NOT NULL,
  ended_at INTEGER,
  PRIMARY KEY (shop_id, id)
);
