//! The register one shift gives to the next (交接班): what is open, what was promised, taken over by name. One file per command.
//!
//! Owns the register's rows. What nobody takes over goes to a supervisor.

pub mod give;
pub mod list;
pub mod take;

use crate::command::Change;
use crate::error::Result;
use crate::task;
use crate::timer::Timer;
use aftercare_domain::id::Id;
use aftercare_domain::people::Team;
use aftercare_domain::refusal::Refusal;
use aftercare_domain::time::{Micros, Span};
use aftercare_store::{Row, values};
use serde_json::{Value, json};

/// How long an entry may lie before a supervisor hears of it.
pub(crate) const CONFIRM_WITHIN: Span = Span::minutes(30);

/// Why one of several was refused, for people.
fn why(refusal: &Refusal) -> Value {
    json!({ "zh": refusal.message(true), "en": refusal.message(false) })
}

/// Nobody took it over in time.
pub(crate) fn on_timer(change: &mut Change<'_, '_>, timer: &Timer) -> Result<()> {
    let sql = "SELECT 1 FROM handover WHERE shop_id = $1 AND id = $2 AND taken_at IS NULL";
    if change.tx.query_opt(sql, &values![change.case.shop, timer.subject], |_| Ok(()))?.is_none() {
        return Ok(());
    }
    change.event("handover_unconfirmed", json!({ "handover": timer.subject }));
    task::tell(change, Team::Supervisor, "handover_unconfirmed", timer.subject, "交接的工单没有人确认接手，请指定负责人")
}

/// Where the case stands, in codes and times only: what the next shift has to know.
pub(crate) fn summary(change: &mut Change<'_, '_>) -> Result<Value> {
    let params = values![change.case.shop, change.case.id];
    let promises = "SELECT id, team, due_at, state, amount_minor FROM promise WHERE shop_id = $1 AND case_id = $2 AND ended_at IS NULL ORDER BY id LIMIT 20";
    let read = |row: &Row| {
        Ok(json!({ "id": row.get::<Id>(0)?, "team": row.get::<String>(1)?, "due_at": row.get::<Micros>(2)?, "state": row.get::<String>(3)?,
            "amount_minor": row.get::<Option<i64>>(4)? }))
    };
    let promises = change.tx.query(promises, &params, read)?;
    let tasks =
        "SELECT id, team, kind, due_at, state FROM task WHERE shop_id = $1 AND case_id = $2 AND ended_at IS NULL ORDER BY id LIMIT 20";
    let read = |row: &Row| {
        Ok(json!({ "id": row.get::<Id>(0)?, "team": row.get::<String>(1)?, "kind": row.get::<String>(2)?, "due_at": row.get::<Micros>(3)?,
            "state": row.get::<String>(4)? }))
    };
    let tasks = change.tx.query(tasks, &params, read)?;
    let case = &change.case;
    Ok(json!({
        "stage": case.stage, "waiting_on": case.waiting_on, "severity": case.severity, "emotion": case.emotion, "amount_minor": case.amount_minor,
        "last_contact_at": case.last_contact_at, "last_contact_from": case.last_contact_from, "unknown_money": case.unknown_money,
        "next_deadline": case.next_deadline.map(|_| json!({ "at": case.next_deadline_at, "clock": case.next_clock, "at_zero": case.next_at_zero })),
        "promises": promises, "tasks": tasks,
    }))
}
