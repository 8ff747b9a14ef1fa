//! Durable timers: what has to happen at a known instant, whatever node is up then. Each fires once and never early.
//!
//! Owns the rows and who is told; what happens is decided by the owner named in [`dispatch`]. A timer fires inside a change of its
//! case: the row goes in the same transaction as what it did, so a second node or a crash cannot fire it again.

mod worker;

use crate::command::Change;
use crate::error::Result;
use crate::ids::new_id;
use crate::{Desk, approval, case, handover, offer, parcel, playbook, promise, returns};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::time::Micros;
use aftercare_store::{DbError, Tx, values};
use serde_json::Value;

/// One timer as claimed.
#[derive(Clone, Debug, PartialEq)]
pub struct Timer {
    /// Its shop.
    pub shop: ShopId,
    /// Its id.
    pub id: Id,
    /// The case it belongs to.
    pub case: Id,
    /// Who is told, see [`dispatch`].
    pub kind: String,
    /// What it is about: a deadline, a promise, an offer …
    pub subject: Id,
    /// Not before then.
    pub due_at: Micros,
    /// Raised with every claim; an older claim can no longer fire.
    pub fence: i64,
    /// What the owner wrote down for itself.
    pub body: Value,
}

const TIMER: &[&str] = &["shop_id", "id", "case_id", "kind", "subject_id", "due_at", "body"];

/// Sets a timer on the case.
pub fn set(change: &mut Change<'_, '_>, kind: &str, subject: Id, due_at: Micros, body: Value) {
    let row = values![change.case.shop, new_id(change.context.now), change.case.id, kind, subject, due_at, body];
    change.tx.insert("timer", TIMER, row);
}

/// Takes back the timers of this kind about `subject`.
pub fn cancel(change: &mut Change<'_, '_>, kind: &str, subject: Id) -> Result<()> {
    cancel_loose(change.tx, change.case.shop, kind, subject)
}

/// The place of the case in timers that belong to none; they fire outside of a change, see [`loose`].
const NO_CASE: Id = Id::nil();

/// Sets a timer that belongs to no case.
pub(crate) fn set_loose(tx: &mut Tx<'_>, shop: ShopId, kind: &str, subject: Id, due_at: Micros, now: Micros) {
    tx.insert("timer", TIMER, values![shop, new_id(now), NO_CASE, kind, subject, due_at, Value::Object(Default::default())]);
}

/// Takes back the timers of this kind about `subject`, whatever they belong to.
pub(crate) fn cancel_loose(tx: &mut Tx<'_>, shop: ShopId, kind: &str, subject: Id) -> Result<()> {
    tx.execute("DELETE FROM timer WHERE shop_id = $1 AND subject_id = $2 AND kind = $3", &values![shop, subject, kind])?;
    Ok(())
}

/// Takes the row away for good; false when another claim was later or its owner took it back.
pub(crate) fn take(tx: &mut Tx<'_>, timer: &Timer) -> Result<bool> {
    let sql = "DELETE FROM timer WHERE shop_id = $1 AND id = $2 AND fence = $3";
    Ok(tx.execute(sql, &values![timer.shop, timer.id, timer.fence])? == 1)
}

/// Tells the owner of a timer that belongs to no case; the owner takes the row away together with what it does.
async fn loose(desk: &Desk, timer: Timer, now: Micros) -> Result<bool> {
    match timer.kind.as_str() {
        parcel::watch::KIND => desk.watch_parcel(timer, now).await,
        other => Err(DbError::Shape(format!("nobody owns loose timers of kind {other}")).into()),
    }
}

/// Tells the owner. The row is gone already; whatever the owner does is committed with that, or not at all.
fn dispatch(change: &mut Change<'_, '_>, timer: &Timer) -> Result<()> {
    match timer.kind.as_str() {
        "deadline" => case::deadline::on_timer(change, timer),
        "approval" => approval::on_timer(change, timer),
        "handover" => handover::on_timer(change, timer),
        "wait_reminder" => case::wait::on_reminder(change, timer),
        "offer" => offer::on_timer(change, timer),
        case::later::KIND => case::later::on_timer(change, timer),
        "danger" => case::danger::tell(change),
        "rule" => playbook::rules::on_timer(change, timer),
        // what follows from every change is what it is for
        "playbook" => Ok(()),
        "promise_step" => promise::ladder::on_timer(change, timer),
        returns::unscanned::KIND => returns::unscanned::on_timer(change, timer),
        other => Err(DbError::Shape(format!("nobody owns timers of kind {other}")).into()),
    }
}
