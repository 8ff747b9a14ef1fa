//! What an accepted offer does, act by act. Owns the order and who does what the desk cannot do by itself.

use super::Stored;
use crate::case::open::{LineQuantity, NewRequest, add_request};
use crate::case::request::{self, agree};
use crate::command::Change;
use crate::error::Result;
use crate::exchange;
use crate::ledger::units;
use crate::payout::{self, NewPayout};
use crate::promise::{self, NewPromise};
use crate::refund::{self, NewRefund};
use crate::task::{self, NewTask};
use aftercare_domain::case::Happened;
use aftercare_domain::effect::Kind;
use aftercare_domain::id::Id;
use aftercare_domain::people::Team;
use aftercare_domain::playbook::table::{Act, Remedy};
use aftercare_domain::time::Span;
use aftercare_store::{DbError, Row, values};
use serde_json::{Value, json};

/// What a free offer of this remedy does when it is accepted.
pub(super) fn of_remedy(remedy: Remedy) -> Vec<Act> {
    match remedy {
        Remedy::Refund => vec![Act::Refund],
        Remedy::ReturnRefund => vec![Act::AgreeReturn, Act::Refund],
        Remedy::Exchange => vec![Act::AgreeReturn, Act::Ship],
        Remedy::Reship => vec![Act::Ship],
        Remedy::Compensation | Remedy::FreightReimbursement => vec![Act::Payout],
        Remedy::Repair => vec![Act::Repair],
        Remedy::OnsiteVisit => vec![Act::Visit],
        Remedy::Intercept => vec![Act::Intercept],
        Remedy::OrderChange => vec![Act::ChangeOrder],
        Remedy::Explanation => Vec::new(),
    }
}

/// Who does an act that needs a person, within hours when the offer names no time.
pub(crate) fn by_whom(act: Act) -> (Team, i64) {
    match act {
        Act::Payout | Act::Invoice => (Team::Finance, 24),
        Act::Ship | Act::Reserve | Act::Release | Act::FreezeShipment => (Team::Warehouse, 24),
        Act::Visit | Act::Repair => (Team::Technician, 48),
        Act::Intercept | Act::ClaimCarrier => (Team::ParcelDesk, 4),
        Act::ChangeOrder => (Team::Reviewer, 4),
        Act::Escalate => (Team::Supervisor, 4),
        _ => (Team::Agent, 24),
    }
}

/// Carries out an accepted offer and makes its promise; answers what came of each act.
pub(super) fn carry_out(change: &mut Change<'_, '_>, offer: &Stored) -> Result<Value> {
    let mut done = Vec::new();
    let goods_first = offer.acts.contains(&Act::AgreeReturn);
    // What a person pays is promised together with the effect that keeps it.
    let pays_itself = offer.acts.contains(&Act::Payout)
        && offer.amount_minor > 0
        && Kind::of_means(&offer.means).is_some()
        && change.case.order.is_some();
    for act in &offer.acts {
        let what = match act {
            Act::AgreeReturn => agree_return(change, offer)?,
            // the money follows when the goods are back and looked at
            Act::Refund if goods_first => json!({ "follows": "inspection" }),
            Act::Refund => refund(change, offer)?,
            Act::Payout if pays_itself => payout(change, offer)?,
            _ => match exchange::act::by_desk(change, *act, &offer.lines)? {
                Some(done) => done,
                None => by_person(change, offer, *act)?,
            },
        };
        done.push(json!({ "act": act, "result": what }));
    }
    if let Some((team, within)) = offer.promise.filter(|_| !pays_itself) {
        done.push(json!({ "act": "promise", "result": { "promise_id": promise(change, offer, team, within)? } }));
    }
    if !done.is_empty() {
        change.happened(Happened::WorkStarted)?;
    }
    Ok(Value::from(done))
}

/// Refunds what was offered: an amount without units is a part of the price back, and the buyer keeps everything.
fn refund(change: &mut Change<'_, '_>, offer: &Stored) -> Result<Value> {
    let wishes = refund::offered(change, &offer.lines, offer.amount_minor, offer.remedy == "return_refund")?;
    let new = NewRefund {
        wishes,
        freight_minor: (offer.amount_minor > 0).then_some(0),
        reason: "offer".into(),
        request: None,
        offer: Some(offer.id),
        approval: None,
        // Whoever drafted the offer saw the case with what was paid out before.
        payouts_seen: true,
        before_return: false,
        after: None,
    };
    Ok(refund::answer(&refund::execute(change, new)?))
}

/// Pays what was offered: cash and gifts by the team that promises them, anything else by the platform at once.
fn payout(change: &mut Change<'_, '_>, offer: &Stored) -> Result<Value> {
    let kind = Kind::of_means(&offer.means).ok_or_else(|| DbError::Shape(format!("an offer paid by {}", offer.means)))?;
    let now = change.context.now;
    let promised = offer.promise.map_or(Span::hours(24), |(_, within)| within);
    let words = if offer.words.promise.is_empty() { &offer.words.what } else { &offer.words.promise };
    let new = NewPayout {
        kind,
        means: offer.means.clone(),
        amount_minor: offer.amount_minor,
        reason: String::new(),
        by_hand: offer.promise.filter(|_| matches!(kind, Kind::SmallPayment | Kind::Gift)).map(|(team, _)| team),
        promised: offer.promise.map(|(team, _)| team),
        approval: None,
        offer: Some(offer.id),
        keeps: None,
        bearer: String::new(),
        due_in: offer.words.by_when.filter(|at| *at > now).map_or(promised, |at| at - now),
        promise: Some(words.clone()),
    };
    let done = payout::execute(change, new)?;
    Ok(json!({ "effect_id": done.effect, "promise_id": done.promise, "task_id": done.task, "remedy_id": done.remedy }))
}

/// What was said to the buyer binds; a time that has passed meanwhile is counted from the acceptance.
fn promise(change: &mut Change<'_, '_>, offer: &Stored, team: Team, within: Span) -> Result<Id> {
    let now = change.context.now;
    let due_at = offer.words.by_when.filter(|at| *at > now).unwrap_or(now + within);
    let words = if offer.words.promise.is_empty() { &offer.words.what } else { &offer.words.promise };
    let text_sealed = change.key()?.seal("promise.text", words);
    let amount_minor = (offer.amount_minor > 0).then_some(offer.amount_minor);
    promise::make(
        change,
        NewPromise { team, owner: None, due_at: Some(due_at), text_sealed, amount_minor, effect: None, offer: Some(offer.id) },
    )
}

/// A task in the queue of whoever does it.
fn by_person(change: &mut Change<'_, '_>, offer: &Stored, act: Act) -> Result<Value> {
    let (team, hours) = by_whom(act);
    let now = change.context.now;
    let due_at = offer.words.by_when.filter(|at| *at > now).unwrap_or(now + Span::hours(hours));
    let text = format!("买家已接受方案，请{}：{}", act.zh(), offer.words.what);
    let text_sealed = change.key()?.seal("task.text", &text);
    let new = NewTask { team, kind: act.as_str().to_owned(), text_sealed, due_at: Some(due_at), effect: None, subject: Some(offer.id) };
    Ok(json!({ "task_id": task::open(change, new)?, "team": team }))
}

/// Agrees to the buyer's live return, which becomes what the offer says; opens one where the buyer had not asked for any.
fn agree_return(change: &mut Change<'_, '_>, offer: &Stored) -> Result<Value> {
    let kind = match offer.remedy.as_str() {
        "exchange" | "repair" => offer.remedy.as_str(),
        _ => "return_refund",
    };
    let sql =
        "SELECT id, kind, lines, state FROM request WHERE shop_id = $1 AND case_id = $2 AND ended_at IS NULL ORDER BY id DESC LIMIT 20";
    let read = |row: &Row| {
        let lines: Vec<LineQuantity> = serde_json::from_value(row.get::<Value>(2)?).map_err(|e| DbError::Shape(e.to_string()))?;
        Ok((row.get::<Id>(0)?, row.get::<String>(1)?, lines, row.get::<String>(3)?))
    };
    let live = change.tx.query(sql, &values![change.case.shop, change.case.id], read)?;
    if let Some((id, ..)) = live.iter().find(|(_, live_kind, _, state)| live_kind == kind && state == "agreed") {
        return Ok(json!({ "request_id": id, "state": "agreed" }));
    }
    let fitting = live.iter().find(|(_, live_kind, ..)| live_kind == kind).map(|(id, ..)| *id);
    let id = match fitting {
        Some(id) => id,
        None => {
            let lines = if offer.lines.is_empty() {
                live.first().map(|(_, _, lines, _)| lines.clone()).unwrap_or_default()
            } else {
                offer.lines.clone()
            };
            if let Some((older, ..)) = live.first() {
                request::end(change, *older, "superseded")?;
            }
            let new = NewRequest { kind: kind.to_owned(), reason: String::new(), amount_minor: None, lines };
            let id = add_request(change.tx, &change.case, change.context.now, &new);
            change.event("request_opened", json!({ "request": id, "kind": kind, "lines": new.lines, "offer": offer.id }));
            units::take(change, id, &new.lines)?;
            id
        }
    };
    agree::agreed(change, id, "self_sent", None)
}
