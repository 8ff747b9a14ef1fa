//! What the holder of a ticket sees: the order's lines and parcels, and each problem's progress. Owns the projection.
//!
//! A list of what may be seen, never of what may not: what is not named here does not leave. Words are masked, waybills too; of the shop
//! there are only texts that were sent to the buyer.

use super::rate::ASKED;
use super::{CHANNEL, Guest};
use crate::case::row::CaseRow;
use crate::command::CaseRef;
use crate::error::{Error, Result};
use crate::offer::Words;
use crate::parcel::row::{ParcelRow, SELECT};
use crate::{policy, shown};
use aftercare_domain::case::{Stage, WaitingOn};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::offer::State as OfferState;
use aftercare_domain::parcel::Direction;
use aftercare_domain::portal::{Standing, next};
use aftercare_domain::time::Micros;
use aftercare_store::vault::{DataKey, Vault};
use aftercare_store::{DbError, Row, Tx, values};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// Cases shown, newest first.
const CASES: i64 = 10;
/// Events looked through on one case.
const EVENTS: i64 = 300;
/// Rows of anything else on one case.
const ROWS: i64 = 60;
/// Kinds of request in which the goods come back.
const RETURNS: [&str; 3] = ["return_refund", "exchange", "repair"];

/// Events a buyer is told of, with the facts that go along.
const TOLD: &[(&str, &[&str])] = &[
    ("case_opened", &[]),
    ("diagnosed", &[]),
    ("offer_sent", &["amount_minor"]),
    ("offer_accepted", &["amount_minor"]),
    ("offer_refused", &[]),
    ("offer_expired", &[]),
    ("request_agreed", &["kind"]),
    ("request_refused", &[]),
    ("return_shipped", &[]),
    ("return_signed", &[]),
    ("inspected", &[]),
    ("goods_sent", &["kind"]),
    ("goods_arrived", &[]),
    ("refund_done", &["amount_minor"]),
    ("payout_done", &["kind", "amount_minor"]),
    ("promise_made", &["team", "due_at", "put_off"]),
    ("promise_kept", &[]),
    ("case_closed", &[]),
    ("case_reopened", &[]),
    ("buyer_rated", &["satisfaction"]),
];

impl Guest {
    /// Everything the page shows.
    pub async fn page(&self) -> Result<Value> {
        let (shop, order, now, vault) = (self.shop, self.order, self.desk.clock.now(), self.desk.vault.clone());
        let (title, tail, expires_at) = (self.title.clone(), tail(&self.order_no), self.expires_at);
        self.desk
            .store
            .read(move |tx| {
                let sql = "SELECT id FROM cases WHERE shop_id = $1 AND order_id IS NOT NULL AND order_id = $2 AND merged_into IS NULL
                    ORDER BY id DESC LIMIT $3";
                let ids = tx.query(sql, &values![shop, order, CASES], |row| row.get::<Id>(0))?;
                let mut cases = Vec::new();
                for id in ids {
                    cases.push(case(tx, &vault, CaseRef { shop, id }, now)?);
                }
                let mut head = head(tx, shop, order)?;
                head["tail"] = tail.as_str().into();
                Ok::<_, Error>(json!({ "shop": { "title": title }, "order": head, "cases": cases, "now": now, "expires_at": expires_at }))
            })
            .await
    }
}

/// The end of an order's number: enough to recognise it by.
fn tail(order_no: &str) -> String {
    let letters: Vec<char> = order_no.chars().collect();
    letters[letters.len().saturating_sub(4)..].iter().collect()
}

/// `SF1234567890` → `SF****7890`.
fn masked_waybill(waybill: &str) -> String {
    if waybill.len() < 8 || !waybill.is_ascii() {
        return tail(waybill);
    }
    format!("{}****{}", &waybill[..2], &waybill[waybill.len() - 4..])
}

fn head(tx: &mut Tx<'_>, shop: ShopId, order: Id) -> Result<Value> {
    let sql = "SELECT currency, paid_at, shipped_at, signed_at FROM orders WHERE shop_id = $1 AND id = $2";
    let read = |row: &Row| {
        let (paid, shipped, signed) = (row.get::<Option<Micros>>(1)?, row.get::<Option<Micros>>(2)?, row.get::<Option<Micros>>(3)?);
        Ok(json!({ "currency": row.get::<String>(0)?, "paid_at": paid, "shipped_at": shipped, "signed_at": signed }))
    };
    let mut head = tx.query_opt(sql, &values![shop, order], read)?.unwrap_or_else(|| json!({}));
    let sql = "SELECT line_no, title, spec, quantity FROM order_line WHERE shop_id = $1 AND order_id = $2 ORDER BY line_no LIMIT 500";
    let read = |row: &Row| {
        let (title, spec) = (row.get::<String>(1)?, row.get::<String>(2)?);
        Ok(json!({ "line_no": row.get::<i64>(0)?, "title": title, "spec": spec, "quantity": row.get::<i64>(3)? }))
    };
    head["lines"] = tx.query(sql, &values![shop, order], read)?.into();
    let sql = format!("{SELECT} WHERE shop_id = $1 AND order_id = $2 ORDER BY id LIMIT $3");
    let parcels = tx.query(&sql, &values![shop, order, ROWS], ParcelRow::read)?;
    head["parcels"] = parcels.iter().filter(|parcel| parcel.direction == Direction::Out).map(parcel_shown).collect();
    Ok(head)
}

fn parcel_shown(parcel: &ParcelRow) -> Value {
    json!({ "carrier": parcel.carrier, "waybill": masked_waybill(&parcel.waybill), "state": parcel.state.map(|state| state.as_str()),
        "shipped_at": parcel.shipped_at, "signed_at": parcel.signed_at })
}

fn case(tx: &mut Tx<'_>, vault: &Vault, at: CaseRef, now: Micros) -> Result<Value> {
    let row = CaseRow::load(tx, at.shop, at.id)?;
    let wrapped = "SELECT wrapped FROM data_key WHERE shop_id = $1 AND id = $2";
    let wrapped = tx.query_opt(wrapped, &values![at.shop, row.key], |row| row.get::<Vec<u8>>(0))?.ok_or(DbError::Sealed)?;
    let key = vault.unwrap_data_key(&wrapped)?;
    let parcels = parcels(tx, at)?;
    let requests = requests(tx, at)?;
    let agreed = requests.iter().find(|it| it.state == "agreed" && it.live && RETURNS.contains(&it.kind.as_str()));
    let back = parcels.iter().any(|parcel| parcel.direction == Direction::In);
    let offers = offers(tx, at, &key)?;
    let to_send_back = agreed.is_some() && !back;
    let standing = Standing {
        stage: Stage::parse(&row.stage).ok_or_else(|| DbError::Shape(format!("unknown stage {}", row.stage)))?,
        waiting_on: WaitingOn::parse(&row.waiting_on).unwrap_or(WaitingOn::Agent),
        offer_until: offers.iter().filter(|offer| offer.state == OfferState::Sent).filter_map(|offer| offer.until).max(),
        to_send_back,
        promised: promised(tx, at)?,
        expected: expected(tx, at)?,
        first_answer: first_answer(tx, at)?,
    };
    let return_to = agreed.filter(|_| to_send_back).map(|request| return_to(tx, at.shop, &key, request)).transpose()?.flatten();
    let live: Vec<Value> = requests.iter().map(|it| json!({ "kind": it.kind, "reason": it.reason, "lines": it.lines })).collect();
    let of_offers: BTreeSet<Id> = offers.iter().map(|offer| offer.id).collect();
    Ok(json!({
        "id": row.id, "no": row.case_no, "title": row.title, "open": row.open, "stage": row.stage, "opened_at": row.opened_at, "closed_at": row.closed_at,
        "next": next(&standing, now), "requests": live, "photos": photos(tx, at)?, "return_to": return_to,
        "offers": offers.into_iter().map(|offer| offer.shown).collect::<Vec<_>>(), "messages": messages(tx, at, &key, &of_offers)?,
        "steps": steps(tx, at)?, "parcels": parcels.iter().filter(|parcel| parcel.direction == Direction::Out).map(parcel_shown).collect::<Vec<_>>(),
        "satisfaction": row.satisfaction, "may_rate": !row.open || row.marks.get(ASKED).is_some(),
    }))
}

struct Asked {
    kind: String,
    state: String,
    reason: String,
    lines: Value,
    live: bool,
    note: Option<Vec<u8>>,
}

fn requests(tx: &mut Tx<'_>, at: CaseRef) -> Result<Vec<Asked>> {
    let sql =
        "SELECT kind, state, reason, lines, ended_at, note_sealed FROM request WHERE shop_id = $1 AND case_id = $2 ORDER BY id LIMIT $3";
    let read = |row: &Row| {
        let live = row.get::<Option<Micros>>(4)?.is_none();
        Ok(Asked { kind: row.get(0)?, state: row.get(1)?, reason: row.get(2)?, lines: row.get(3)?, live, note: row.get(5)? })
    };
    Ok(tx.query(sql, &values![at.shop, at.id, ROWS], read)?)
}

/// The shop's own address for the goods: as agreed on this request, else the shop's usual one. It is the shop's, so it is not masked.
fn return_to(tx: &mut Tx<'_>, shop: ShopId, key: &DataKey, request: &Asked) -> Result<Option<String>> {
    let note = request.note.as_ref().and_then(|sealed| key.open("request.note", sealed).ok());
    let agreed =
        note.and_then(|note| serde_json::from_str::<Value>(&note).ok()).and_then(|note| Some(note["address"].as_str()?.to_owned()));
    Ok(agreed.or(policy::settings(tx, shop)?["return_address"].as_str().map(str::to_owned)))
}

struct Offered {
    id: Id,
    state: OfferState,
    until: Option<Micros>,
    shown: Value,
}

/// What was offered to the buyer, oldest first; drafts and what waits for an approval were not.
fn offers(tx: &mut Tx<'_>, at: CaseRef, key: &DataKey) -> Result<Vec<Offered>> {
    let sql = "SELECT id, state, remedy, amount_minor, text_sealed, valid_until, sent_at FROM offer
        WHERE shop_id = $1 AND case_id = $2 AND sent_at IS NOT NULL ORDER BY id LIMIT $3";
    let read = |row: &Row| {
        let words = row.get::<Option<Vec<u8>>>(4)?.map(|sealed| shown::json(key, "offer.text", &sealed));
        let words = words.and_then(|words| serde_json::from_value::<Words>(words).ok()).unwrap_or_default();
        let (id, state, until) = (row.get::<Id>(0)?, row.get::<String>(1)?, row.get::<Option<Micros>>(5)?);
        let state = OfferState::parse(&state).ok_or_else(|| DbError::Shape(format!("offer in state {state}")))?;
        let shown = json!({
            "id": id, "state": state, "remedy": row.get::<String>(2)?, "amount_minor": row.get::<i64>(3)?, "valid_until": until,
            "sent_at": row.get::<Option<Micros>>(6)?, "what": words.what, "why": words.why, "by_when": words.by_when, "buyer_must": words.buyer_must,
            "follows": words.follows,
        });
        Ok(Offered { id, state, until, shown })
    };
    Ok(tx.query(sql, &values![at.shop, at.id, ROWS], read)?)
}

/// What was said on this page and sent to it; offers are shown as such.
fn messages(tx: &mut Tx<'_>, at: CaseRef, key: &DataKey, offers: &BTreeSet<Id>) -> Result<Value> {
    let sql = "SELECT at, direction, body_sealed, subject_id, sent_at FROM contact
        WHERE shop_id = $1 AND case_id = $2 AND channel = $3 AND direction IN ('in', 'out') ORDER BY id DESC LIMIT $4";
    let read = |row: &Row| {
        let (out, sent) = (row.get::<String>(1)? == "out", row.get::<Option<Micros>>(4)?);
        let of_offer = row.get::<Option<Id>>(3)?.is_some_and(|subject| offers.contains(&subject));
        let text = row.get::<Option<Vec<u8>>>(2)?.and_then(|sealed| shown::text(key, "contact.body", &sealed));
        let message = json!({ "at": sent.unwrap_or(row.get(0)?), "from": if out { "shop" } else { "buyer" }, "text": text });
        Ok((!of_offer && (!out || sent.is_some())).then_some(message))
    };
    let newest = tx.query(sql, &values![at.shop, at.id, CHANNEL, ROWS], read)?;
    Ok(newest.into_iter().rev().flatten().collect())
}

/// What has happened, oldest first.
fn steps(tx: &mut Tx<'_>, at: CaseRef) -> Result<Value> {
    let sql = "SELECT at, kind, payload FROM event WHERE shop_id = $1 AND case_id = $2 ORDER BY case_version DESC, n DESC LIMIT $3";
    let read = |row: &Row| {
        let (when, kind, payload) = (row.get::<Micros>(0)?, row.get::<String>(1)?, row.get::<Value>(2)?);
        let told = TOLD.iter().find(|(known, _)| *known == kind);
        Ok(told.map(|(kind, facts)| {
            let mut step: Map<String, Value> = facts.iter().map(|fact| ((*fact).to_owned(), payload[*fact].clone())).collect();
            step.insert("at".into(), json!(when));
            step.insert("what".into(), json!(kind));
            Value::Object(step)
        }))
    };
    let newest = tx.query(sql, &values![at.shop, at.id, EVENTS], read)?;
    Ok(newest.into_iter().rev().flatten().collect())
}

fn parcels(tx: &mut Tx<'_>, at: CaseRef) -> Result<Vec<ParcelRow>> {
    let sql = format!("{SELECT} WHERE shop_id = $1 AND case_id = $2 ORDER BY id LIMIT $3");
    Ok(tx.query(&sql, &values![at.shop, at.id, ROWS], ParcelRow::read)?)
}

fn photos(tx: &mut Tx<'_>, at: CaseRef) -> Result<i64> {
    let sql = "SELECT COUNT(*) FROM evidence WHERE shop_id = $1 AND case_id = $2 AND giver = 'buyer'";
    Ok(tx.query_opt(sql, &values![at.shop, at.id], |row| row.get(0))?.unwrap_or(0))
}

/// The nearest time that was promised to the buyer and still binds.
fn promised(tx: &mut Tx<'_>, at: CaseRef) -> Result<Option<Micros>> {
    let sql = "SELECT due_at, ended_at FROM promise WHERE shop_id = $1 AND case_id = $2 ORDER BY id LIMIT $3";
    let read = |row: &Row| Ok((row.get::<Micros>(0)?, row.get::<Option<Micros>>(1)?));
    let all = tx.query(sql, &values![at.shop, at.id, ROWS], read)?;
    Ok(all.into_iter().filter(|(_, ended)| ended.is_none()).map(|(due, _)| due).min())
}

/// The nearest time by which another team wants to be done.
fn expected(tx: &mut Tx<'_>, at: CaseRef) -> Result<Option<Micros>> {
    let sql = "SELECT team, state, due_at FROM task WHERE shop_id = $1 AND case_id = $2 ORDER BY id LIMIT $3";
    let read = |row: &Row| Ok((row.get::<String>(0)?, row.get::<String>(1)?, row.get::<Micros>(2)?));
    let all = tx.query(sql, &values![at.shop, at.id, ROWS], read)?;
    let theirs = |team: &str| ["warehouse", "finance", "technician", "parcel_desk"].contains(&team);
    let open = all.into_iter().filter(|(team, state, _)| theirs(team) && ["open", "taken"].contains(&state.as_str()));
    Ok(open.map(|(.., due)| due).min())
}

fn first_answer(tx: &mut Tx<'_>, at: CaseRef) -> Result<Option<Micros>> {
    let sql = "SELECT due_at FROM deadline WHERE shop_id = $1 AND case_id = $2 AND clock = 'sla.first_answer' AND ended_at IS NULL ORDER BY id LIMIT 1";
    Ok(tx.query_opt(sql, &values![at.shop, at.id], |row| row.get::<Option<Micros>>(0))?.flatten())
}

#[cfg(test)]
mod tests {
    use super::{masked_waybill, tail};

    #[test]
    fn numbers_are_told_by_their_ends() {
        assert_eq!(tail("M20261365"), "1365");
        assert_eq!(tail("12"), "12");
        assert_eq!(masked_waybill("DPK364855527"), "DP****5527");
        assert_eq!(masked_waybill("ZT1234"), "1234");
    }
}
