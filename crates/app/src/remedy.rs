//! What is done for the buyer (解决方案) as one thing with legs: a refund over two payments is one remedy with two effects.
//!
//! Owns the remedy rows and their end; what each leg does is the effect's business.

use crate::case::request;
use crate::command::Change;
use crate::error::Result;
use crate::ids::new_id;
use crate::ledger::Book;
use aftercare_domain::effect::State;
use aftercare_domain::id::Id;
use aftercare_store::values;
use serde_json::{Value, json};

/// A remedy that is about to be carried out.
#[derive(Clone, Debug)]
pub(crate) struct NewRemedy {
    /// refund, payout …
    pub(crate) kind: &'static str,
    /// coupon, small_payment …; empty where it does not matter.
    pub(crate) means: String,
    pub(crate) request: Option<Id>,
    pub(crate) offer: Option<Id>,
    pub(crate) amount_minor: i64,
    pub(crate) lines: Value,
    /// How it was worked out, with rules and switches.
    pub(crate) legs: Value,
    /// Why, in somebody's words.
    pub(crate) note: String,
}

const REMEDY: &[&str] = &[
    "shop_id",
    "case_id",
    "id",
    "kind",
    "means",
    "state",
    "request_id",
    "offer_id",
    "amount_minor",
    "cost_minor",
    "lines",
    "legs",
    "note_sealed",
    "at",
];

/// Adds the remedy; its effects name it.
pub(crate) fn start(change: &mut Change<'_, '_>, new: NewRemedy) -> Result<Id> {
    let (now, id) = (change.context.now, new_id(change.context.now));
    let (shop, case) = (change.case.shop, change.case.id);
    let note = if new.note.is_empty() { None } else { Some(change.key()?.seal("remedy.note", &new.note)) };
    let row = values![
        shop,
        case,
        id,
        new.kind,
        new.means,
        "executing",
        new.request,
        new.offer,
        new.amount_minor,
        new.amount_minor,
        new.lines,
        new.legs,
        note,
        now
    ];
    change.tx.insert("remedy", REMEDY, row);
    Ok(id)
}

/// The reason where it is a code of small letters; words are kept sealed only.
pub(crate) fn code(reason: &str) -> &str {
    let plain = reason.len() <= 40 && reason.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if plain { reason } else { "" }
}

/// A leg ended: with the last one the remedy is done, failed, or cancelled.
pub(crate) fn leg_ended(change: &mut Change<'_, '_>, id: Id) -> Result<()> {
    let sql = "SELECT state FROM effect WHERE shop_id = $1 AND case_id = $2 AND remedy_id = $3";
    let states = change.tx.query(sql, &values![change.case.shop, change.case.id, id], |row| row.get::<String>(0))?;
    let states: Vec<State> = states.iter().filter_map(|state| State::parse(state)).collect();
    if !states.iter().all(|state| state.ended()) {
        return Ok(());
    }
    let state = if states.contains(&State::Rejected) {
        "failed"
    } else if states.contains(&State::Succeeded) {
        "done"
    } else {
        "cancelled"
    };
    let sql = "UPDATE remedy SET state = $4, ended_at = $5 WHERE shop_id = $1 AND case_id = $2 AND id = $3 RETURNING request_id";
    let params = values![change.case.shop, change.case.id, id, state, change.context.now];
    let request = change.tx.query_opt(sql, &params, |row| row.get::<Option<Id>>(0))?.flatten();
    change.event("remedy_ended", json!({ "remedy": id, "state": state }));
    match request {
        Some(request) if state == "done" => answer(change, request),
        _ => Ok(()),
    }
}

/// A request is answered when all it holds has been refunded or replaced and nothing is awaited any more.
fn answer(change: &mut Change<'_, '_>, request: Id) -> Result<()> {
    let book = Book::of(change)?;
    let mut holds = book.account.holds.iter().filter(|hold| hold.holder == request);
    if holds.all(|hold| hold.awaited == 0 && hold.held == hold.refunded + hold.replaced) {
        request::end(change, request, "done")?;
    }
    Ok(())
}
