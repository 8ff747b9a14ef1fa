//! What the shop told a buyer it will do (承诺). One file per command; making, keeping and loading inside a change are here.
//!
//! Owns the promise rows, their deadline and their ladder of escalation. A promise that binds keeps its case from closing.

pub mod by_hand;
pub(crate) mod ladder;
pub mod list;
pub mod renegotiate;

use crate::case::standing::work_ended;
use crate::case::{deadline, notice};
use crate::command::Change;
use crate::error::{Result, not_found};
use crate::ids::new_id;
use crate::{task, timer};
use aftercare_domain::case::Happened;
use aftercare_domain::id::Id;
use aftercare_domain::people::Team;
use aftercare_domain::promise::{Promise, State};
use aftercare_domain::time::Micros;
use aftercare_store::{DbError, Row, values};
use serde_json::json;

/// A promise to make.
#[derive(Clone, Debug)]
pub struct NewPromise {
    /// The team that has to keep it.
    pub team: Team,
    /// The person, where one is named.
    pub owner: Option<Id>,
    /// When it has to be kept; a promise without an end is refused.
    pub due_at: Option<Micros>,
    /// The words, sealed for `promise.text`.
    pub text_sealed: Vec<u8>,
    /// Minor units, where money was promised.
    pub amount_minor: Option<i64>,
    /// The effect whose success keeps it.
    pub effect: Option<Id>,
    /// The accepted offer it comes from.
    pub offer: Option<Id>,
}

const PROMISE: &[&str] = &[
    "shop_id",
    "id",
    "case_id",
    "team",
    "owner_id",
    "text_sealed",
    "amount_minor",
    "state",
    "due_at",
    "put_off",
    "effect_id",
    "offer_id",
    "at",
    "actor_id",
];

/// Makes a promise: its row, its deadline and the timers of its escalation.
pub fn make(change: &mut Change<'_, '_>, new: NewPromise) -> Result<Id> {
    change.must_be_open()?;
    let id = new_id(change.context.now);
    let promise = Promise::make(id, new.team, new.owner, change.context.now, new.due_at)?;
    change.happened(Happened::WorkStarted)?;
    insert(change, &promise, new)?;
    Ok(id)
}

/// The effect succeeded: what was promised with it is kept, and the buyer can be told.
pub fn keep_of_effect(change: &mut Change<'_, '_>, effect: Id) -> Result<()> {
    let sql = "SELECT id FROM promise WHERE shop_id = $1 AND effect_id = $2 AND ended_at IS NULL";
    let ids = change.tx.query(sql, &values![change.case.shop, effect], |row| row.get::<Id>(0))?;
    ids.into_iter().try_for_each(|id| keep(change, id, None))
}

/// The payment keeps what was promised in words: the promise stands once, with its own words and end, and is joined to the effect.
pub(crate) fn join(change: &mut Change<'_, '_>, id: Id, effect: Id, paid_minor: i64) -> Result<()> {
    let words = load(change, id)?;
    words.promise.joins(words.amount_minor, words.effect.is_some(), paid_minor)?;
    let sql = "UPDATE promise SET effect_id = $4, amount_minor = $5 WHERE shop_id = $1 AND case_id = $2 AND id = $3";
    change.tx.execute(sql, &values![change.case.shop, change.case.id, id, effect, paid_minor])?;
    change.event("promise_joined", json!({ "promise": id, "effect": effect, "amount_minor": paid_minor }));
    change.happened(Happened::WorkStarted)
}

/// The effect came to nothing: what was promised with it still binds, and another payment or a person may keep it.
pub(crate) fn release_of_effect(change: &mut Change<'_, '_>, effect: Id) -> Result<()> {
    let sql = "UPDATE promise SET effect_id = NULL WHERE shop_id = $1 AND effect_id = $2 AND ended_at IS NULL";
    change.tx.execute(sql, &values![change.case.shop, effect])?;
    Ok(())
}

/// A promise row as its commands need it.
pub(crate) struct Kept {
    pub(crate) promise: Promise,
    pub(crate) text_sealed: Vec<u8>,
    pub(crate) amount_minor: Option<i64>,
    pub(crate) effect: Option<Id>,
    pub(crate) offer: Option<Id>,
}

/// The promise, locked with its case.
pub(crate) fn load(change: &mut Change<'_, '_>, id: Id) -> Result<Kept> {
    let sql = "SELECT team, owner_id, at, due_at, state, done, successor_id, put_off, text_sealed, amount_minor, effect_id, offer_id
        FROM promise WHERE shop_id = $1 AND case_id = $2 AND id = $3";
    let read = |row: &Row| {
        let (team, state): (String, String) = (row.get(0)?, row.get(4)?);
        let shape = || DbError::Shape(format!("promise of {team}, {state}"));
        let promise = Promise {
            id,
            team: Team::parse(&team).ok_or_else(shape)?,
            owner: row.get(1)?,
            made_at: row.get(2)?,
            due_at: row.get(3)?,
            state: State::parse(&state).ok_or_else(shape)?,
            done: row.get(5)?,
            successor: row.get(6)?,
            put_off: u32::try_from(row.get::<i64>(7)?).unwrap_or(u32::MAX),
        };
        Ok(Kept { promise, text_sealed: row.get(8)?, amount_minor: row.get(9)?, effect: row.get(10)?, offer: row.get(11)? })
    };
    change.tx.query_opt(sql, &values![change.case.shop, change.case.id, id], read)?.ok_or_else(|| not_found("promise"))
}

/// Adds the row with its deadline and ladder.
pub(crate) fn insert(change: &mut Change<'_, '_>, promise: &Promise, new: NewPromise) -> Result<()> {
    let (shop, case, now, actor) = (change.case.shop, change.case.id, change.context.now, change.context.actor.stored_id());
    let put_off = i64::from(promise.put_off);
    let row = values![
        shop,
        promise.id,
        case,
        promise.team.as_str(),
        promise.owner,
        new.text_sealed,
        new.amount_minor,
        promise.state.as_str(),
        promise.due_at,
        put_off,
        new.effect,
        new.offer,
        now,
        actor
    ];
    change.tx.insert("promise", PROMISE, row);
    change.event(
        "promise_made",
        json!({ "promise": promise.id, "team": promise.team, "due_at": promise.due_at, "amount_minor": new.amount_minor, "put_off": put_off }),
    );
    deadline::open(
        change,
        deadline::NewDeadline {
            clock: "promise".into(),
            label: "承诺".into(),
            source: "promise".into(),
            rule: String::new(),
            started_at: now,
            due_at: Some(promise.due_at),
            at_zero: "promise_breaks".into(),
            subject: Some(promise.id),
        },
    );
    ladder::lay(change, promise)
}

/// It was done: in time or late, the buyer no longer waits for it.
pub(crate) fn keep(change: &mut Change<'_, '_>, id: Id, proof_sealed: Option<Vec<u8>>) -> Result<()> {
    let before = load(change, id)?;
    let kept = before.promise.keep(change.context.now)?;
    settle(change, &kept, proof_sealed, None)?;
    change.event("promise_kept", json!({ "promise": id, "late": kept.state == State::Broken }));
    if let Some(offer) = before.offer {
        task::done_of_promise(change, offer, kept.team)?;
    }
    let text = change.key()?.open("promise.text", &before.text_sealed)?;
    notice::prepare(change, id, "told_result", &format!("您好，之前答应您的「{text}」已经办好了，麻烦您看一下。"))?;
    work_ended(change)
}

/// Writes what became of a promise and ends what hung on it.
pub(crate) fn settle(change: &mut Change<'_, '_>, promise: &Promise, proof: Option<Vec<u8>>, reason: Option<Vec<u8>>) -> Result<()> {
    let ended = (!promise.binds()).then_some(change.context.now);
    let sql = "UPDATE promise SET state = $4, done = $5, successor_id = $6, ended_at = $7, proof_sealed = COALESCE($8, proof_sealed),
        reason_sealed = COALESCE($9, reason_sealed) WHERE shop_id = $1 AND case_id = $2 AND id = $3";
    let (shop, case) = (change.case.shop, change.case.id);
    let (state, done) = (promise.state.as_str(), promise.done);
    change.tx.execute(sql, &values![shop, case, promise.id, state, done, promise.successor, ended, proof, reason])?;
    timer::cancel(change, "promise_step", promise.id)?;
    if ended.is_some() {
        let how = match promise.state {
            State::Renegotiated => "void",
            State::Broken => "missed",
            State::Open | State::Kept => "met",
        };
        deadline::end(change, "promise", Some(promise.id), how)?;
        task::cancel_of_subject(change, promise.id)?;
    }
    Ok(())
}
