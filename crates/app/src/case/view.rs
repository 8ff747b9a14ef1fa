//! Everything the case page shows, in one answer. Owns the projection; opens sealed text for those who may read the case.

use crate::case::row::CaseRow;
use crate::command::CaseRef;
use crate::error::{Error, Result, not_found};
use crate::playbook::Book;
use crate::playbook::advice::{Reader, advice};
use crate::{Context, Desk, approval, buyer, effect, exchange, order, parcel, returns, shown};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::people::{Action, policy::Object};
use aftercare_domain::refusal::Code;
use aftercare_domain::time::Micros;
use aftercare_store::vault::DataKey;
use aftercare_store::{DbError, Row, Tx, values};
use serde_json::{Value, json};

/// Entries of the time line in one answer; older ones are asked for by page.
const TIMELINE_LIMIT: i64 = 500;

impl Desk {
    /// The shop of a case, for addresses that carry the id alone; only among the shops the actor sees.
    pub async fn find_case(&self, context: &Context, id: Id) -> Result<CaseRef> {
        let shops: Vec<ShopId> = context.actor.who.shops.iter().copied().collect();
        let found = self.store.read(move |tx| {
            for shop in &shops {
                if tx.query_opt("SELECT 1 FROM cases WHERE shop_id = $1 AND id = $2", &values![*shop, id], |_| Ok(()))?.is_some() {
                    return Ok::<_, Error>(Some(*shop));
                }
            }
            Ok(None)
        });
        found.await?.map(|shop| CaseRef { shop, id }).ok_or_else(|| not_found("case"))
    }

    /// The data key of a case, to seal with.
    ///
    /// # Errors
    /// `not_found`; `buyer_erased` when it was destroyed: nothing more is written about this person.
    pub async fn case_key(&self, at: CaseRef) -> Result<DataKey> {
        let sql = "SELECT k.wrapped FROM cases c LEFT JOIN data_key k ON k.shop_id = c.shop_id AND k.id = c.key_id WHERE c.shop_id = $1 AND c.id = $2";
        let read = |row: &Row| row.get::<Option<Vec<u8>>>(0);
        let found = self.store.read(move |tx| Ok::<_, Error>(tx.query_opt(sql, &values![at.shop, at.id], read)?)).await?;
        let wrapped = found.ok_or_else(|| not_found("case"))?.ok_or(Code::BuyerErased)?;
        Ok(self.vault.unwrap_data_key(&wrapped)?)
    }

    /// The case page. What an erased buyer said stands there as erased.
    pub async fn case_view(&self, context: &Context, at: CaseRef) -> Result<Value> {
        context.actor.may(Action::ReadCase, &Object::shop("case", at.shop))?;
        let key = match self.case_key(at).await {
            Err(Error::Refused(refusal)) if refusal.code == Code::BuyerErased => self.vault.new_data_key().0,
            key => key?,
        };
        let (now, tools, costs) = (context.now, self.tools(), context.actor.who.sees_costs());
        let reader = Reader { id: context.actor.id(), role: context.actor.who.role, agent_no: context.actor.agent_no.clone() };
        self.store
            .read(move |tx| {
                let (case, mut page) = view(tx, at, &key, now)?;
                if let Some(order) = case.order {
                    page["remarks"] = order::view::remarks(tx, &tools.vault, at.shop, order)?;
                }
                if let Some(book) = tools.playbooks.pinned(tx, &case.scenario, case.playbook_version)? {
                    page["advice"] = advice(tx, &case, &book, &key, &reader, now)?;
                    named_clocks(&mut page["deadlines"], &book);
                    if !costs {
                        without_costs(&mut page["advice"]);
                    }
                }
                Ok(page)
            })
            .await
    }
}

/// What remedies cost the shop, taken out wherever it stands: some roles of the shop's own do not see it.
fn without_costs(value: &mut Value) {
    match value {
        Value::Object(all) => {
            all.remove("cost_minor");
            all.values_mut().for_each(without_costs);
        }
        Value::Array(all) => all.iter_mut().for_each(without_costs),
        _ => {}
    }
}

fn view(tx: &mut Tx<'_>, at: CaseRef, key: &DataKey, now: Micros) -> Result<(CaseRow, Value)> {
    let case = CaseRow::load(tx, at.shop, at.id)?;
    let order = case.order.map(|order| order_part(tx, at.shop, order)).transpose()?;
    let buyer = case.buyer.map(|buyer| buyer::view::masked(tx, at.shop, buyer)).transpose()?;
    let page = json!({
        "case": case_part(&case),
        "order": order,
        "buyer": buyer,
        "requests": requests(tx, at)?,
        "timeline": timeline(tx, at, key)?,
        "deadlines": deadlines(tx, at, now)?,
        "promises": promises(tx, at, key)?,
        "tasks": tasks(tx, at, key)?,
        "approvals": approval::shown(tx, at, key)?,
        "effects": effect::shown(tx, at, key)?,
        "sent_offers": crate::offer::shown(tx, at, key)?,
        "evidence": evidence(tx, at, key)?,
        "parcels": parcel::view::of_case(tx, at.shop, at.id, case.order)?,
        "reservations": exchange::view::of_case(tx, at.shop, at.id)?,
        "inspections": returns::view::of_case(tx, key, at.shop, at.id)?,
        "links": crate::case::link::shown(tx, at)?,
        "carrier_claims": crate::carrier_claim::of_case(tx, at)?,
        "watchers": crate::case::watcher::shown(tx, at)?,
        "later": crate::case::later::shown(tx, at, key)?,
        "advice": Value::Null,
        "side_threads": crate::side_thread::of_case(tx, at, key)?,
        "custom": crate::custom_field::of_case(tx, at, key)?,
    });
    Ok((case, page))
}

fn case_part(case: &CaseRow) -> Value {
    json!({
        "id": case.id, "shop_id": case.shop, "case_no": case.case_no, "order_no": case.order_no, "buyer_masked": case.buyer_masked,
        "scenario": case.scenario, "playbook": { "scenario": case.scenario, "version": case.playbook_version }, "title": case.title, "stage": case.stage,
        "waiting_on": case.waiting_on, "open": case.open, "owner_id": case.owner, "channel": case.channel, "complaint_class": case.complaint_class,
        "severity": case.severity, "emotion": case.emotion, "amount_minor": case.amount_minor, "currency": case.currency,
        "next_deadline": case.next_deadline.map(|id| json!({ "id": id, "at": case.next_deadline_at, "at_zero": case.next_at_zero, "clock": case.next_clock, "state": case.next_state })),
        "unknown_money": case.unknown_money, "open_promises": case.open_promises, "marks": case.marks, "cause": case.cause, "party": case.party,
        "result": case.result, "confirmation": case.confirmation, "satisfaction": case.satisfaction, "opened_at": case.opened_at, "closed_at": case.closed_at,
        "updated_at": case.updated_at, "last_contact_at": case.last_contact_at, "last_contact_from": case.last_contact_from, "version": case.version,
    })
}

/// The order's head and lines, with what can still come back and be refunded.
pub(crate) fn order_part(tx: &mut Tx<'_>, shop: ShopId, order: Id) -> Result<Value> {
    let sql = "SELECT order_no, state, currency, goods_minor, discount_minor, freight_minor, paid_minor, paid_at, shipped_at, signed_at, completed_at, bulky, flag,
        refunded_minor, in_flight_minor, freight_refunded_minor, external_minor, payout_minor, payout_in_flight_minor FROM orders WHERE shop_id = $1 AND id = $2";
    let read = |row: &Row| {
        let (paid, refunded, in_flight): (i64, i64, i64) = (row.get(6)?, row.get(13)?, row.get(14)?);
        Ok(json!({
            "order_no": row.get::<String>(0)?, "state": row.get::<String>(1)?, "currency": row.get::<String>(2)?, "goods_minor": row.get::<i64>(3)?,
            "discount_minor": row.get::<i64>(4)?, "freight_minor": row.get::<i64>(5)?, "paid_minor": paid, "paid_at": row.get::<Option<Micros>>(7)?,
            "shipped_at": row.get::<Option<Micros>>(8)?, "signed_at": row.get::<Option<Micros>>(9)?, "completed_at": row.get::<Option<Micros>>(10)?,
            "bulky": row.get::<bool>(11)?, "flag": row.get::<i64>(12)?, "refunded_minor": refunded, "in_flight_minor": in_flight,
            "freight_refunded_minor": row.get::<i64>(15)?, "external_minor": row.get::<i64>(16)?, "payout_minor": row.get::<i64>(17)?,
            "payout_in_flight_minor": row.get::<i64>(18)?, "refundable_minor": paid - refunded - in_flight,
        }))
    };
    let mut head = tx.query_opt(sql, &values![shop, order], read)?.ok_or_else(|| not_found("order"))?;
    let lines = "SELECT line_no, sku, title, spec, category, quantity, list_minor, discount_minor, paid_minor, shipped, requested, received, made_good, refunded_units,
        refunded_minor, in_flight_minor FROM order_line WHERE shop_id = $1 AND order_id = $2 ORDER BY line_no";
    let read = |row: &Row| {
        let (paid, refunded, in_flight): (i64, i64, i64) = (row.get(8)?, row.get(14)?, row.get(15)?);
        let (shipped, requested, received): (i64, i64, i64) = (row.get(9)?, row.get(10)?, row.get(11)?);
        Ok(json!({
            "line_no": row.get::<i64>(0)?, "sku": row.get::<String>(1)?, "title": row.get::<String>(2)?, "spec": row.get::<String>(3)?, "category": row.get::<String>(4)?,
            "quantity": row.get::<i64>(5)?, "list_minor": row.get::<i64>(6)?, "discount_minor": row.get::<i64>(7)?, "paid_minor": paid, "shipped": shipped,
            "requested": requested, "received": received, "made_good": row.get::<i64>(12)?, "refunded_units": row.get::<i64>(13)?, "refunded_minor": refunded,
            "in_flight_minor": in_flight, "returnable": (shipped - requested - received).max(0), "refundable_minor": paid - refunded - in_flight,
        }))
    };
    head["lines"] = tx.query(lines, &values![shop, order], read)?.into();
    Ok(head)
}

/// Rows of one table of the case as JSON.
fn rows(tx: &mut Tx<'_>, at: CaseRef, sql: &str, read: impl Fn(&Row) -> std::result::Result<Value, DbError>) -> Result<Value> {
    Ok(Value::from(tx.query(sql, &values![at.shop, at.id], read)?))
}

fn requests(tx: &mut Tx<'_>, at: CaseRef) -> Result<Value> {
    let sql = "SELECT id, kind, state, reason, amount_minor, lines, applied_at, ended_at FROM request WHERE shop_id = $1 AND case_id = $2 ORDER BY id";
    rows(tx, at, sql, |row| {
        Ok(json!({
            "id": row.get::<Id>(0)?, "kind": row.get::<String>(1)?, "state": row.get::<String>(2)?, "reason": row.get::<String>(3)?,
            "amount_minor": row.get::<Option<i64>>(4)?, "lines": row.get::<Value>(5)?, "applied_at": row.get::<Micros>(6)?,
            "ended_at": row.get::<Option<Micros>>(7)?,
        }))
    })
}

/// Contacts and events in one order of time.
fn timeline(tx: &mut Tx<'_>, at: CaseRef, key: &DataKey) -> Result<Value> {
    let contacts = "SELECT c.id, c.at, c.direction, c.channel, c.body_sealed, c.marks, s.display_name, s.role, s.agent_no, c.sent_at, c.gate FROM contact c LEFT JOIN staff s ON s.id = c.actor_id
        WHERE c.shop_id = $1 AND c.case_id = $2 ORDER BY c.id DESC LIMIT $3";
    let read = |row: &Row| {
        let text = row.get::<Option<Vec<u8>>>(4)?.and_then(|sealed| shown::text(key, "contact.body", &sealed));
        let at: Micros = row.get(1)?;
        Ok((
            at,
            json!({
                "at": at, "kind": "contact", "id": row.get::<Id>(0)?, "direction": row.get::<String>(2)?, "channel": row.get::<String>(3)?, "text": text,
                "marks": row.get::<Value>(5)?, "actor": row.get::<Option<String>>(6)?, "actor_role": row.get::<Option<String>>(7)?, "agent_no": row.get::<Option<String>>(8)?,
                "sent_at": row.get::<Option<Micros>>(9)?, "gate": row.get::<Value>(10)?,
            }),
        ))
    };
    let mut all = tx.query(contacts, &values![at.shop, at.id, TIMELINE_LIMIT], read)?;
    let events =
        "SELECT e.at, e.kind, e.actor_role, e.payload, s.display_name, e.case_version FROM event e LEFT JOIN staff s ON s.id = e.actor_id
        WHERE e.shop_id = $1 AND e.case_id = $2 ORDER BY e.case_version DESC, e.n DESC LIMIT $3";
    let read = |row: &Row| {
        let at: Micros = row.get(0)?;
        Ok((
            at,
            json!({
                "at": at, "kind": row.get::<String>(1)?, "actor_role": row.get::<String>(2)?, "data": row.get::<Value>(3)?, "actor": row.get::<Option<String>>(4)?,
                "version": row.get::<i64>(5)?,
            }),
        ))
    };
    let history = tx.query(events, &values![at.shop, at.id, TIMELINE_LIMIT], read)?;
    // Both came newest first, so that the limit keeps the newest; a stable sort keeps their order within one moment.
    all.reverse();
    all.extend(
        history
            .into_iter()
            .rev()
            .filter(|(_, event)| !["contact_in", "contact_out", "note_added"].contains(&event["kind"].as_str().unwrap_or(""))),
    );
    all.sort_by_key(|(at, _)| *at);
    Ok(Value::from(all.into_iter().map(|(_, entry)| entry).collect::<Vec<_>>()))
}

fn deadlines(tx: &mut Tx<'_>, at: CaseRef, now: Micros) -> Result<Value> {
    let sql = "SELECT id, clock, label, source, rule, state, due_at, at_zero, started_at, ended_at, policy_id FROM deadline
        WHERE shop_id = $1 AND case_id = $2 ORDER BY id";
    rows(tx, at, sql, |row| {
        let due: Option<Micros> = row.get(6)?;
        Ok(json!({
            "id": row.get::<Id>(0)?, "clock": row.get::<String>(1)?, "label": row.get::<String>(2)?, "source": row.get::<String>(3)?, "rule": row.get::<String>(4)?,
            "state": row.get::<String>(5)?, "due_at": due, "remaining_ms": due.map(|due| (due - now).as_millis()), "at_zero": row.get::<String>(7)?,
            "started_at": row.get::<Micros>(8)?, "ended_at": row.get::<Option<Micros>>(9)?,
            "policy": row.get::<String>(10)?,
        }))
    })
}

/// What the playbook says of its clocks: the name in both languages, whose move it is, the internal target.
fn named_clocks(deadlines: &mut Value, book: &Book) {
    for row in deadlines.as_array_mut().into_iter().flatten() {
        let Some(rule) = book.playbook.deadlines.iter().find(|rule| row["policy"] == rule.id.as_str()) else { continue };
        row["title"] = json!(rule.label);
        row["waits_on"] = json!(rule.waits_on);
        row["team"] = json!(rule.team);
        let due = row["due_at"].as_str().and_then(Micros::parse);
        row["target_at"] = json!(due.zip(rule.buffer).map(|(due, buffer)| due - buffer.span()));
    }
}

fn promises(tx: &mut Tx<'_>, at: CaseRef, key: &DataKey) -> Result<Value> {
    let sql = "SELECT id, team, text_sealed, amount_minor, state, due_at, effect_id, successor_id, at, ended_at FROM promise WHERE shop_id = $1 AND case_id = $2 ORDER BY id";
    rows(tx, at, sql, |row| {
        Ok(json!({
            "id": row.get::<Id>(0)?, "team": row.get::<String>(1)?, "text": shown::text(key, "promise.text", &row.get::<Vec<u8>>(2)?), "amount_minor": row.get::<Option<i64>>(3)?,
            "state": row.get::<String>(4)?, "due_at": row.get::<Micros>(5)?, "effect_id": row.get::<Option<Id>>(6)?, "successor_id": row.get::<Option<Id>>(7)?,
            "at": row.get::<Micros>(8)?, "ended_at": row.get::<Option<Micros>>(9)?,
        }))
    })
}

fn tasks(tx: &mut Tx<'_>, at: CaseRef, key: &DataKey) -> Result<Value> {
    let sql = "SELECT id, team, kind, text_sealed, state, due_at, at, ended_at, note_sealed FROM task WHERE shop_id = $1 AND case_id = $2 ORDER BY id";
    rows(tx, at, sql, |row| {
        Ok(json!({
            "id": row.get::<Id>(0)?, "team": row.get::<String>(1)?, "kind": row.get::<String>(2)?, "text": shown::text(key, "task.text", &row.get::<Vec<u8>>(3)?),
            "state": row.get::<String>(4)?, "due_at": row.get::<Option<Micros>>(5)?, "at": row.get::<Micros>(6)?, "ended_at": row.get::<Option<Micros>>(7)?,
            "note": row.get::<Option<Vec<u8>>>(8)?.and_then(|sealed| shown::text(key, "task.note", &sealed)),
        }))
    })
}

fn evidence(tx: &mut Tx<'_>, at: CaseRef, key: &DataKey) -> Result<Value> {
    let sql = "SELECT id, kind, giver, sha256, name_sealed, at, blob_id FROM evidence WHERE shop_id = $1 AND case_id = $2 ORDER BY id";
    rows(tx, at, sql, |row| {
        Ok(json!({
            "id": row.get::<Id>(0)?, "kind": row.get::<String>(1)?, "giver": row.get::<String>(2)?,
            "sha256": row.get::<Option<Vec<u8>>>(3)?.map(|hash| aftercare_store::vault::hex(&hash)),
            "name": row.get::<Option<Vec<u8>>>(4)?.and_then(|sealed| shown::text(key, "evidence.name", &sealed)), "at": row.get::<Micros>(5)?,
            "blob_id": row.get::<Option<Id>>(6)?,
        }))
    })
}
