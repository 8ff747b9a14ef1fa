//! The rows around a case that its facts are read from, in a handful of statements. Owns reading; what they mean stands beside.

use crate::case::row::CaseRow;
use crate::error::Result;
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::time::Micros;
use aftercare_store::{DbError, Row, Tx, values};
use serde_json::Value;

/// Everything read about one case.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    pub head: Head,
    pub lines: Vec<Line>,
    pub requests: Vec<Request>,
    pub parcels: Vec<Parcel>,
    pub evidence: Vec<(String, i64)>,
    pub talk: Talk,
    pub work: Work,
    pub inspection: Option<Inspection>,
    /// Paid on the order so far to make up a difference in price.
    pub price_paid: i64,
}

/// Shop, order and buyer.
#[derive(Clone, Debug, Default)]
pub(crate) struct Head {
    pub platform: String,
    pub shop_title: String,
    pub settings: Value,
    pub order: Option<Order>,
    pub level: Option<String>,
    pub no_contact: bool,
    pub orders_count: i64,
    pub cases_count: i64,
}

/// The order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Order {
    pub no: String,
    pub state: String,
    pub paid: i64,
    pub freight: i64,
    pub discount: i64,
    pub refunded: i64,
    pub in_flight: i64,
    pub payouts: i64,
    pub bulky: bool,
    pub facts: Value,
    pub paid_at: Option<Micros>,
    pub shipped_at: Option<Micros>,
    pub signed_at: Option<Micros>,
    pub completed_at: Option<Micros>,
}

/// One order line with its product card and stock.
#[derive(Clone, Debug, Default)]
pub(crate) struct Line {
    pub no: i64,
    pub sku: String,
    pub title: String,
    pub spec: String,
    pub category: String,
    pub quantity: i64,
    pub paid: i64,
    pub refunded: i64,
    pub in_flight: i64,
    pub refunded_units: i64,
    pub shipped: i64,
    pub requested: i64,
    pub received: i64,
    pub made_good: i64,
    pub bulky: bool,
    pub card: Option<Value>,
    pub available: Option<i64>,
    pub elsewhere: Option<i64>,
}

/// What the buyer asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Request {
    pub kind: String,
    pub state: String,
    pub reason: String,
    pub amount: Option<i64>,
    pub lines: Value,
    pub applied_at: Micros,
    pub open: bool,
}

/// One parcel of the order or the case.
#[derive(Clone, Debug, Default)]
pub(crate) struct Parcel {
    pub inbound: bool,
    pub of_case: bool,
    pub carrier: String,
    pub tail: String,
    pub state: String,
    pub shipped_at: Option<Micros>,
    pub last_event_at: Option<Micros>,
    pub signed_at: Option<Micros>,
    pub signed_by: String,
    pub scanned_at: Option<Micros>,
    pub inspected_at: Option<Micros>,
    pub purpose: String,
    pub refused: bool,
    pub returned_at: Option<Micros>,
}

/// Contacts, counted.
#[derive(Clone, Debug, Default)]
pub(crate) struct Talk {
    pub calls: i64,
    pub calls_today: i64,
    pub messages_in: i64,
    pub evidence_requests: i64,
    pub shop_wrote_at: Option<Micros>,
    pub buyer_wrote_at: Option<Micros>,
}

/// What else hangs on the case, counted.
#[derive(Clone, Debug, Default)]
pub(crate) struct Work {
    pub offers_refused: i64,
    pub accepted_at: Option<Micros>,
    pub promises: i64,
    pub tasks: i64,
    pub other_cases: i64,
    pub reserved_at: Option<Micros>,
    pub claim: Option<String>,
}

/// The last inspection.
#[derive(Clone, Debug, Default)]
pub(crate) struct Inspection {
    pub units: Value,
    pub photos: i64,
    pub video: bool,
    pub verdict: String,
    pub at: Micros,
    pub deduction: Option<i64>,
}

const HEAD: &str = "SELECT s.platform, s.title, s.settings, b.level, COALESCE(b.no_contact, 0), COALESCE(b.orders_count, 0), (SELECT COUNT(*) FROM (SELECT 1 FROM cases c WHERE c.shop_id = s.id AND c.buyer_id IS NOT NULL AND c.buyer_id = $3 LIMIT 100) AS theirs),
    o.order_no, o.state, o.paid_minor, o.freight_minor, o.discount_minor, o.refunded_minor, o.in_flight_minor, o.payout_minor, o.payout_in_flight_minor,
    o.bulky, o.facts, o.paid_at, o.shipped_at, o.signed_at, o.completed_at
  FROM shop s LEFT JOIN orders o ON o.shop_id = s.id AND o.id = $2 LEFT JOIN buyer b ON b.shop_id = s.id AND b.id = $3 WHERE s.id = $1";

const LINES: &str = "SELECT l.line_no, l.sku, l.title, l.spec, l.category, l.quantity, l.paid_minor, l.refunded_minor, l.in_flight_minor, l.refunded_units,
    l.shipped, l.requested, l.received, l.made_good, COALESCE(p.bulky, 0), p.card, k.on_hand - k.reserved,
    (SELECT CAST(SUM(e.on_hand - e.reserved) AS BIGINT) FROM stock e WHERE e.shop_id = l.shop_id AND e.sku = l.sku AND e.warehouse <> 'main')
  FROM order_line l LEFT JOIN product p ON p.shop_id = l.shop_id AND p.sku = l.sku LEFT JOIN stock k ON k.shop_id = l.shop_id AND k.sku = l.sku AND k.warehouse = 'main'
  WHERE l.shop_id = $1 AND l.order_id = $2 ORDER BY l.line_no LIMIT 500";

const REQUESTS: &str = "SELECT kind, state, reason, amount_minor, lines, applied_at, ended_at FROM request
  WHERE shop_id = $1 AND case_id = $2 ORDER BY id LIMIT 100";

const PARCELS: &str = "SELECT direction, case_id, carrier, waybill, state, shipped_at, last_event_at, signed_at, signed_by, scanned_at, inspected_at,
  purpose, refused, returned_at FROM parcel
  WHERE shop_id = $1 AND id IN (SELECT id FROM parcel WHERE shop_id = $1 AND case_id = $2 UNION SELECT id FROM parcel WHERE shop_id = $1 AND order_id = $3)
  ORDER BY created_at, id";

const EVIDENCE: &str = "SELECT kind, COUNT(*) FROM evidence WHERE shop_id = $1 AND case_id = $2 GROUP BY kind ORDER BY kind";

const TALK: &str = "SELECT COALESCE(SUM(CASE WHEN direction = 'out' AND channel = 'phone' AND sent_at IS NOT NULL THEN 1 ELSE 0 END), 0),
    COALESCE(SUM(CASE WHEN direction = 'out' AND channel = 'phone' AND sent_at >= $3 THEN 1 ELSE 0 END), 0),
    COALESCE(SUM(CASE WHEN direction = 'in' THEN 1 ELSE 0 END), 0),
    COALESCE(SUM(CASE WHEN direction = 'out' AND sent_at IS NOT NULL AND marks LIKE '%evidence_asked%' THEN 1 ELSE 0 END), 0),
    MAX(CASE WHEN direction = 'out' THEN sent_at END), MAX(CASE WHEN direction = 'in' THEN at END)
  FROM contact WHERE shop_id = $1 AND case_id = $2";

const WORK: &str = "SELECT
  (SELECT COUNT(*) FROM offer WHERE shop_id = $1 AND case_id = $2 AND state = 'refused'),
  (SELECT MAX(answered_at) FROM offer WHERE shop_id = $1 AND case_id = $2 AND state = 'accepted'),
  (SELECT COUNT(*) FROM promise WHERE shop_id = $1 AND case_id = $2 AND ended_at IS NULL),
  (SELECT COUNT(*) FROM task WHERE shop_id = $1 AND case_id = $2 AND state IN ('open', 'taken')),
  (SELECT COUNT(*) FROM cases WHERE shop_id = $1 AND order_id = $3 AND id <> $2),
  (SELECT MIN(at) FROM reservation WHERE shop_id = $1 AND case_id = $2 AND state = 'held'),
  (SELECT state FROM carrier_claim WHERE shop_id = $1 AND case_id = $2 ORDER BY id DESC LIMIT 1)";

const INSPECTION: &str =
    "SELECT units, photos, video, verdict, at, outcome FROM inspection WHERE shop_id = $1 AND case_id = $2 ORDER BY id DESC LIMIT 1";

/// What every case of the order that asked for a difference has paid, coupons and gifts counted.
const PRICE_PAID: &str = "SELECT e.amount_minor FROM cases c JOIN effect e ON e.shop_id = c.shop_id AND e.case_id = c.id
  WHERE c.shop_id = $1 AND c.order_id = $2 AND e.amount_minor > 0 AND e.state NOT IN ('rejected', 'cancelled')
    AND EXISTS (SELECT 1 FROM request r WHERE r.shop_id = c.shop_id AND r.case_id = c.id AND r.kind = 'price_difference'
      AND (e.request_id IS NULL OR e.request_id = r.id)) LIMIT 200";

impl Known {
    /// Reads everything about the case. `midnight` is the start of the shop's present day.
    pub(crate) fn load(tx: &mut Tx<'_>, case: &CaseRow, midnight: Micros) -> Result<Self> {
        let (shop, id) = (case.shop, case.id);
        let mut known = Self::of_order(tx, shop, case.order, case.buyer)?;
        known.requests = tx.query(REQUESTS, &values![shop, id], read_request)?;
        known.parcels = tx.query(PARCELS, &values![shop, id, case.order], read_parcel)?;
        known.evidence = tx.query(EVIDENCE, &values![shop, id], |row| Ok((row.get(0)?, row.get(1)?)))?;
        known.talk = tx.query_opt(TALK, &values![shop, id, midnight], read_talk)?.unwrap_or_default();
        known.work = tx.query_opt(WORK, &values![shop, id, case.order], read_work)?.unwrap_or_default();
        if known.parcels.iter().any(|parcel| parcel.inspected_at.is_some()) {
            known.inspection = tx.query_opt(INSPECTION, &values![shop, id], read_inspection)?;
        }
        if case.order.is_some() && known.requests.iter().any(|request| request.kind == "price_difference") {
            known.price_paid = tx.query(PRICE_PAID, &values![shop, case.order], |row| row.get::<i64>(0))?.into_iter().sum();
        }
        Ok(known)
    }

    /// What is known before a case is opened: shop, order, goods, buyer, parcels.
    pub(crate) fn before(tx: &mut Tx<'_>, shop: ShopId, order: Option<Id>, buyer: Option<Id>) -> Result<Self> {
        let mut known = Self::of_order(tx, shop, order, buyer)?;
        if order.is_some() {
            known.parcels = tx.query(PARCELS, &values![shop, None::<Id>, order], read_parcel)?;
        }
        Ok(known)
    }

    fn of_order(tx: &mut Tx<'_>, shop: ShopId, order: Option<Id>, buyer: Option<Id>) -> Result<Self> {
        let head = tx.query_opt(HEAD, &values![shop, order, buyer], read_head)?.unwrap_or_default();
        let lines = match order {
            Some(order) => tx.query(LINES, &values![shop, order], read_line)?,
            None => Vec::new(),
        };
        Ok(Self { head, lines, ..Self::default() })
    }
}

type Read<T> = std::result::Result<T, DbError>;

fn read_head(row: &Row) -> Read<Head> {
    let order = match row.get::<Option<String>>(7)? {
        None => None,
        Some(no) => Some(Order {
            no,
            state: row.get(8)?,
            paid: row.get(9)?,
            freight: row.get(10)?,
            discount: row.get(11)?,
            refunded: row.get(12)?,
            in_flight: row.get(13)?,
            payouts: row.get::<i64>(14)? + row.get::<i64>(15)?,
            bulky: row.get(16)?,
            facts: row.get(17)?,
            paid_at: row.get(18)?,
            shipped_at: row.get(19)?,
            signed_at: row.get(20)?,
            completed_at: row.get(21)?,
        }),
    };
    Ok(Head {
        platform: row.get(0)?,
        shop_title: row.get(1)?,
        settings: row.get(2)?,
        level: row.get(3)?,
        no_contact: row.get(4)?,
        orders_count: row.get(5)?,
        cases_count: row.get(6)?,
        order,
    })
}

fn read_line(row: &Row) -> Read<Line> {
    Ok(Line {
        no: row.get(0)?,
        sku: row.get(1)?,
        title: row.get(2)?,
        spec: row.get(3)?,
        category: row.get(4)?,
        quantity: row.get(5)?,
        paid: row.get(6)?,
        refunded: row.get(7)?,
        in_flight: row.get(8)?,
        refunded_units: row.get(9)?,
        shipped: row.get(10)?,
        requested: row.get(11)?,
        received: row.get(12)?,
        made_good: row.get(13)?,
        bulky: row.get(14)?,
        card: row.get(15)?,
        available: row.get(16)?,
        elsewhere: row.get(17)?,
    })
}

fn read_request(row: &Row) -> Read<Request> {
    Ok(Request {
        kind: row.get(0)?,
        state: row.get(1)?,
        reason: row.get(2)?,
        amount: row.get(3)?,
        lines: row.get(4)?,
        applied_at: row.get(5)?,
        open: row.get::<Option<Micros>>(6)?.is_none(),
    })
}

fn read_parcel(row: &Row) -> Read<Parcel> {
    let waybill: String = row.get(3)?;
    let tail: Vec<char> = waybill.chars().rev().take(4).collect();
    Ok(Parcel {
        inbound: row.get::<String>(0)? == "in",
        of_case: row.get::<Option<Id>>(1)?.is_some(),
        carrier: row.get(2)?,
        tail: tail.into_iter().rev().collect(),
        state: row.get(4)?,
        shipped_at: row.get(5)?,
        last_event_at: row.get(6)?,
        signed_at: row.get(7)?,
        signed_by: row.get(8)?,
        scanned_at: row.get(9)?,
        inspected_at: row.get(10)?,
        purpose: row.get(11)?,
        refused: row.get(12)?,
        returned_at: row.get(13)?,
    })
}

fn read_talk(row: &Row) -> Read<Talk> {
    Ok(Talk {
        calls: row.get(0)?,
        calls_today: row.get(1)?,
        messages_in: row.get(2)?,
        evidence_requests: row.get(3)?,
        shop_wrote_at: row.get(4)?,
        buyer_wrote_at: row.get(5)?,
    })
}

fn read_work(row: &Row) -> Read<Work> {
    Ok(Work {
        offers_refused: row.get(0)?,
        accepted_at: row.get(1)?,
        promises: row.get(2)?,
        tasks: row.get(3)?,
        other_cases: row.get(4)?,
        reserved_at: row.get(5)?,
        claim: row.get(6)?,
    })
}

fn read_inspection(row: &Row) -> Read<Inspection> {
    let outcome: Value = row.get(5)?;
    let deduction = outcome["deduction_minor"].as_i64();
    Ok(Inspection { units: row.get(0)?, photos: row.get(1)?, video: row.get(2)?, verdict: row.get(3)?, at: row.get(4)?, deduction })
}
