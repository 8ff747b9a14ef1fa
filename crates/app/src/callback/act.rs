//! What the platform, or the buyer on it, did without us: a refund of its own, a ruling, an application, a close.
//!
//! Owns the meaning of each event's name. Money that left is booked once, by the platform's number of the refund; what of ours had not
//! left yet is taken back first.

use super::{Event, Taken, order_of};
use crate::case::open::{LineQuantity, NewRequest, OpenCase};
use crate::case::request::ask::{self, ChangeRequest};
use crate::command::{CaseRef, Change};
use crate::effect::end::{Ending, end};
use crate::effect::row::Effect;
use crate::error::{Error, Result};
use crate::ledger::Book;
use crate::safety::{Safety, holds};
use crate::{Context, Desk};
use aftercare_domain::effect::State;
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::time::Micros;
use aftercare_store::{Tx, values};
use serde_json::json;

/// The cause of a refund by which the platform makes up a lower price.
const PRICE_PROTECTION: &str = "price_protection";

impl Desk {
    /// Takes an act in on the open case of its order; where none is open, one is opened for what concerns money or a new wish.
    pub(super) async fn take_act(&self, shop: ShopId, event: Event) -> Result<Taken> {
        let (order_no, external_ref) = (event.order_no.clone(), text(&event, "external_ref"));
        let find = move |tx: &mut Tx<'_>| case_of(tx, shop, &order_no, external_ref.as_deref());
        let (order, mut case) = self.store.read(find).await?;
        if order.is_none() {
            return self.once(None, shop, &event, |_, _| Ok(false)).await;
        }
        let opens = event.refund_id.is_some() || is_application(&event);
        if (case.is_none() || is_application(&event)) && opens && !self.is_known(shop, &event).await? {
            case = Some(self.open_for(shop, &event).await?);
        }
        let at = case.map(|id| CaseRef { shop, id });
        self.once(at, shop, &event, take_in).await
    }

    async fn is_known(&self, shop: ShopId, event: &Event) -> Result<bool> {
        let (id, sql) = (event.event_id.clone(), "SELECT 1 FROM callback WHERE shop_id = $1 AND event_id = $2");
        let found = self.store.read(move |tx| Ok::<_, Error>(tx.query_opt(sql, &values![shop, id.as_str()], |_| Ok(()))?));
        Ok(found.await?.is_some())
    }

    /// Opens (or joins) the case; the event's number is the key, so a repeat gets the same one.
    async fn open_for(&self, shop: ShopId, event: &Event) -> Result<Id> {
        let request = is_application(event).then(|| NewRequest {
            kind: text(event, "kind").unwrap_or_else(|| "refund_only".to_owned()),
            reason: text(event, "reason").unwrap_or_default(),
            amount_minor: event.amount_minor,
            lines: serde_json::from_value::<Vec<LineQuantity>>(event.data["lines"].clone()).unwrap_or_default(),
        });
        let input = OpenCase {
            order_no: Some(event.order_no.clone()),
            channel: "platform".into(),
            text: text(event, "text").unwrap_or_default(),
            request,
            scenario: None,
            external_ref: text(event, "external_ref"),
            severity: None,
            emotion: None,
        };
        let context = Context { key: Some(format!("callback/{}", event.event_id)), ..Context::desk(self.clock.now()) };
        Ok(self.open_case(&context, shop, input).await?.case_id)
    }
}

fn text(event: &Event, name: &str) -> Option<String> {
    event.data[name].as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}

/// The buyer asks for something on the platform.
fn is_application(event: &Event) -> bool {
    matches!(event.event.as_str(), "buyer_applied" | "buyer_apply")
}

/// The order, and its case: the one the platform names, else the newest open one, else the newest of all.
fn case_of(tx: &mut Tx<'_>, shop: ShopId, order_no: &str, external_ref: Option<&str>) -> Result<(Option<Id>, Option<Id>)> {
    let Some(order) = order_of(tx, shop, order_no)? else { return Ok((None, None)) };
    let sql = "SELECT id, open, external_ref FROM cases WHERE shop_id = $1 AND order_id = $2 ORDER BY id DESC LIMIT 50";
    let read = |row: &aftercare_store::Row| Ok((row.get::<Id>(0)?, row.get::<bool>(1)?, row.get::<Option<String>>(2)?));
    let all = tx.query(sql, &values![shop, order], read)?;
    let named = all.iter().find(|(_, _, reference)| external_ref.is_some() && reference.as_deref() == external_ref);
    let open = all.iter().find(|(_, open, _)| *open);
    Ok((Some(order), named.or(open).map(|(id, ..)| *id)))
}

fn take_in(change: &mut Change<'_, '_>, event: &Event) -> Result<bool> {
    let at = event.at.unwrap_or(change.context.now);
    change.event(
        "platform_acted",
        json!({ "act": event.event, "amount_minor": event.amount_minor, "platform_ref": event.refund_id, "event": event.event_id }),
    );
    if let (Some(refund_id), Some(amount)) = (event.refund_id.as_deref(), event.amount_minor) {
        if holds(Safety::RefundNumberOnce) && known_refund(change, refund_id)? {
            return Ok(false);
        }
        take_back_unsent(change)?;
        let cause = cause(event);
        book(change, amount, event.payment_no.as_deref(), Some(refund_id), &cause)?;
        refunded(change, amount, &cause, at);
        change.mark("platform_ended");
    }
    match event.event.as_str() {
        "ruling" => {
            let ruling = text(event, "ruling").unwrap_or_else(|| if event.refund_id.is_some() { "buyer" } else { "none" }.to_owned());
            change.set_fact("platform.ruling", ruling);
            change.set_fact("platform.ruled_at", json!(at));
            if let Some(open) = event.data["appeal_open"].as_bool() {
                change.set_fact("platform.appeal_open", open);
            }
            change.unmark("platform_decides");
            // the platform's last word on the dispute, on which the case may close
            change.mark("platform_ended");
        }
        "intervened" | "platform_intervened" => {
            change.set_fact("platform.intervened", true);
            change.set_fact("platform.intervened_at", json!(at));
            change.mark("platform_decides");
        }
        "buyer_modified" => asks_otherwise(change, event)?,
        "buyer_withdrew" => {
            if let Some(id) = asked(change)? {
                ask::withdrawn(change, id)?;
            }
        }
        "closed" | "succeeded" => {
            change.unmark("platform_decides");
            change.mark("platform_ended");
        }
        _ => {}
    }
    if let Some(due_at) = text(event, "due_at") {
        change.set_fact("platform.due_known", true);
        change.set_fact("platform.due_at", due_at);
    }
    Ok(true)
}

/// The request that the buyer's acts on the platform are about: the newest that may still change; none of an archived case.
fn asked(change: &mut Change<'_, '_>) -> Result<Option<Id>> {
    if !change.case.open {
        return Ok(None);
    }
    let sql = "SELECT id FROM request WHERE shop_id = $1 AND case_id = $2 AND state IN ('open', 'modified', 'agreed', 'refused')
        ORDER BY id DESC LIMIT 1";
    Ok(change.tx.query_opt(sql, &values![change.case.shop, change.case.id], |row| row.get::<Id>(0))?)
}

/// The buyer changed amount or kind of the request.
fn asks_otherwise(change: &mut Change<'_, '_>, event: &Event) -> Result<()> {
    let Some(id) = asked(change)? else { return Ok(()) };
    let input = ChangeRequest { kind: text(event, "kind"), amount_minor: event.amount_minor, lines: None };
    ask::changed(change, id, &input)?;
    Ok(())
}

/// What playbooks ask about a refund of the platform; its price protection leaves the goods and everything else as they were.
fn refunded(change: &mut Change<'_, '_>, amount: i64, cause: &str, at: Micros) {
    let before = |change: &Change<'_, '_>, fact: &str| change.case.facts[fact].as_i64().unwrap_or(0);
    if cause == PRICE_PROTECTION {
        let paid = before(change, "price.platform_amount") + amount;
        change.set_fact("price.platform_paid", true);
        change.set_fact("price.platform_amount", paid);
        return;
    }
    let sum = before(change, "platform.refunded_amount") + amount;
    change.set_fact("platform.refunded", true);
    change.set_fact("platform.refunded_amount", sum);
    change.set_fact("platform.refund_cause", cause);
    change.set_fact("platform.refunded_at", json!(at));
}

/// Why the platform refunded, by the catalogue's names.
fn cause(event: &Event) -> String {
    let usual = match event.event.as_str() {
        "ruling" => "ruling",
        "advance" => "advance",
        "instant_refund" => "instant",
        _ => "timeout",
    };
    text(event, "cause").unwrap_or_else(|| usual.to_owned())
}

fn known_refund(change: &mut Change<'_, '_>, refund_id: &str) -> Result<bool> {
    let sql = "SELECT 1 FROM platform_refund WHERE shop_id = $1 AND platform_refund_id = $2";
    Ok(change.tx.query_opt(sql, &values![change.case.shop, refund_id], |_| Ok(()))?.is_some())
}

/// Refunds of ours on this case that have not left are off: the platform was first.
fn take_back_unsent(change: &mut Change<'_, '_>) -> Result<()> {
    for effect in Effect::unsent_refunds(change)? {
        end(change, &effect, State::Cancelled, Ending { by: "platform_first", ..Ending::default() })?;
    }
    Ok(())
}

/// Books money that left without us on the case's order, once per number.
pub(super) fn book(
    change: &mut Change<'_, '_>,
    amount_minor: i64,
    payment_no: Option<&str>,
    refund_id: Option<&str>,
    cause: &str,
) -> Result<()> {
    let Some(order) = change.case.order else { return Ok(()) };
    if let Some(number) = refund_id.filter(|_| holds(Safety::RefundNumberOnce)) {
        let sql =
            "INSERT INTO platform_refund (shop_id, platform_refund_id, order_id, amount_minor, booked_at) VALUES ($1, $2, $3, $4, $5)";
        change.tx.execute(sql, &values![change.case.shop, number, order, amount_minor, change.context.now])?;
    }
    let mut book = Book::of(change)?;
    let sql = "SELECT id FROM request WHERE shop_id = $1 AND case_id = $2 ORDER BY id DESC LIMIT 50";
    let holders = change.tx.query(sql, &values![change.case.shop, change.case.id], |row| row.get::<Id>(0))?;
    let share = book.account.platform_refund(amount_minor, payment_no, &holders);
    book.post(share.entries, &json!({ "cause": cause, "platform_ref": refund_id }))?;
    change.save_book(book)?;
    change.event(
        "platform_refunded",
        json!({ "amount_minor": amount_minor, "outside_minor": share.outside_minor, "platform_ref": refund_id, "cause": cause }),
    );
    if share.outside_minor > 0 {
        change.mark("money_mismatch");
    }
    change.material();
    Ok(())
}
