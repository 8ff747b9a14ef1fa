//! Effects (执行记录) in the database: planned inside the change that decided them, carried out by a worker, ended once.
//!
//! Owns the effect rows. What an effect does next is the domain's machine; the call itself is the platform port's.

pub(crate) mod after;
pub mod by_person;
pub(crate) mod end;
pub mod list;
pub(crate) mod row;
pub mod take_back;
mod view;
mod worker;

pub(crate) use view::shown;

use crate::command::Change;
use crate::error::Result;
use crate::ids::new_id;
use crate::policy;
use crate::task::{self, NewTask};
use aftercare_domain::case::Happened;
use aftercare_domain::effect::{Kind, State};
use aftercare_domain::id::Id;
use aftercare_domain::people::Team;
use aftercare_domain::time::{Micros, Span};
use aftercare_store::{DbError, values};
use serde_json::{Value, json};

/// An effect to plan.
#[derive(Clone, Debug)]
pub struct NewEffect {
    /// What is done.
    pub kind: Kind,
    /// Minor units; zero where it costs nothing.
    pub amount_minor: i64,
    /// The payment it goes back to.
    pub payment_no: Option<String>,
    /// The team whose person carries it out; absent: the desk calls the platform.
    pub by_hand: Option<Team>,
    /// The accepted offer it comes from.
    pub offer: Option<Id>,
    /// The remedy it is a leg of.
    pub remedy: Option<Id>,
    /// The approval that allowed it.
    pub approval: Option<Id>,
    /// The request it answers.
    pub request: Option<Id>,
    /// Not started before this one has succeeded; cancelled when that one fails.
    pub after: Option<Id>,
    /// What the call carries beside the amount: ids, codes, numbers; never personal data.
    pub body: Value,
    /// Words for remarks and messages, sealed for `effect.text`.
    pub text_sealed: Option<Vec<u8>>,
    /// The decision's name within the shop: the same decision is one effect, whoever asks how often.
    pub identity: String,
    /// How long it can still be taken back before it leaves.
    pub hold: Span,
}

impl NewEffect {
    /// An effect without money or conditions, called at once.
    pub fn new(kind: Kind, identity: impl Into<String>) -> Self {
        Self {
            kind,
            amount_minor: 0,
            payment_no: None,
            by_hand: None,
            offer: None,
            remedy: None,
            approval: None,
            request: None,
            after: None,
            body: json!({}),
            text_sealed: None,
            identity: identity.into(),
            hold: Span(0),
        }
    }
}

/// What went through on the case `c` of a statement, minor units; absent where nothing has.
pub(crate) const SPENT: &str =
    "(SELECT CAST(SUM(e.amount_minor) AS BIGINT) FROM effect e WHERE e.shop_id = c.shop_id AND e.case_id = c.id AND e.state = 'succeeded')";

const EFFECT: &[&str] = &[
    "shop_id",
    "id",
    "case_id",
    "order_id",
    "remedy_id",
    "offer_id",
    "request_id",
    "approval_id",
    "after_id",
    "kind",
    "manual",
    "team",
    "state",
    "amount_minor",
    "payment_no",
    "identity",
    "body",
    "text_sealed",
    "not_before",
    "next_at",
    "spender_id",
    "spent_day",
    "actor_id",
    "at",
    "stage_before",
];

/// The team that carries this kind out by hand on the platform, where the shop says so (`settings.by_hand.<kind> = "<team>"`).
pub(crate) fn by_hand(change: &mut Change<'_, '_>, kind: Kind) -> Result<Option<Team>> {
    let settings = policy::settings(change.tx, change.case.shop)?;
    Ok(settings["by_hand"][kind.as_str()].as_str().and_then(Team::parse))
}

/// Puts an effect into the queue of the team that carries it out.
pub(crate) fn hand_to(change: &mut Change<'_, '_>, team: Team, effect: Id, words: &str, due_at: Option<Micros>) -> Result<Id> {
    let text_sealed = change.key()?.seal("task.text", words);
    task::open(change, NewTask { team, kind: "effect".into(), text_sealed, due_at, effect: Some(effect), subject: None })
}

/// Plans an effect that moves no money of ours. The same identity again answers the effect that is there.
///
/// # Errors
/// Money is planned by `refund` and `payout` alone, which book it; here it is a fault of the program.
pub fn plan(change: &mut Change<'_, '_>, new: NewEffect) -> Result<Id> {
    if new.kind.spends().is_some() {
        return Err(DbError::Shape(format!("{} is planned where its money is booked", new.kind)).into());
    }
    insert(change, new, None)
}

/// Against whose day an effect's money counts.
#[derive(Clone, Copy, Debug)]
pub struct Spender {
    /// The person.
    pub who: Id,
    /// The shop's day, counted from 1970-01-01.
    pub day: i64,
}

/// Adds the row and its event.
pub(crate) fn insert(change: &mut Change<'_, '_>, new: NewEffect, spender: Option<Spender>) -> Result<Id> {
    change.must_be_open()?;
    let (shop, case, now) = (change.case.shop, change.case.id, change.context.now);
    let sql = "SELECT id FROM effect WHERE shop_id = $1 AND identity = $2";
    if let Some(there) = change.tx.query_opt(sql, &values![shop, &new.identity], |row| row.get::<Id>(0))? {
        return Ok(there);
    }
    let by_hand = new.by_hand.or(new.kind.by_hand_only().then_some(Team::Finance));
    let state = match by_hand {
        Some(_) => State::AwaitingPerson,
        None if new.hold.0 > 0 => State::Held,
        None => State::Queued,
    };
    let (id, not_before) = (new_id(now), now + new.hold);
    change.event(
        "effect_planned",
        json!({ "effect": id, "kind": new.kind, "amount_minor": new.amount_minor, "payment_no": new.payment_no, "state": state,
            "by_hand": by_hand, "not_before": not_before, "request": new.request, "offer": new.offer, "approval": new.approval, "after": new.after }),
    );
    let row = values![
        shop,
        id,
        case,
        change.case.order,
        new.remedy,
        new.offer,
        new.request,
        new.approval,
        new.after,
        new.kind.as_str(),
        by_hand.is_some(),
        by_hand.map_or("", Team::as_str),
        state.as_str(),
        new.amount_minor,
        new.payment_no.unwrap_or_default(),
        new.identity,
        new.body,
        new.text_sealed,
        not_before,
        not_before,
        spender.map(|s| s.who),
        spender.map(|s| s.day),
        change.context.actor.stored_id(),
        now,
        change.case.stage.clone()
    ];
    change.tx.insert("effect", EFFECT, row);
    if new.kind.spends().is_some() {
        if let (State::Held, Some(remedy)) = (state, new.remedy) {
            change.holds(remedy, new.kind, new.amount_minor, not_before);
        }
        change.happened(Happened::WorkStarted)?;
    }
    Ok(id)
}
