//! The deadlines of a case and their timers. Owns the invariant: a running deadline with a due time ⇔ its timer row exists.

use crate::command::Change;
use crate::error::Result;
use crate::ids::new_id;
use aftercare_domain::id::Id;
use aftercare_domain::time::Micros;
use aftercare_store::values;
use serde_json::json;

/// A deadline to open.
#[derive(Clone, Debug)]
pub struct NewDeadline {
    /// What runs, e.g. `platform.agree`, `promise`, `sla.first_response`.
    pub clock: String,
    /// Shown beside the countdown.
    pub label: String,
    /// platform, regulation, sla, promise, follow_up.
    pub source: String,
    /// The rule it comes from, with its date.
    pub rule: String,
    /// When it began.
    pub started_at: Micros,
    /// When it is due; `None`: the length is unknown and nothing is invented.
    pub due_at: Option<Micros>,
    /// What happens at zero.
    pub at_zero: String,
    /// What it belongs to (promise, effect, parcel …).
    pub subject: Option<Id>,
}

const DEADLINE: &[&str] =
    &["shop_id", "id", "case_id", "clock", "label", "source", "rule", "state", "due_at", "at_zero", "segments", "subject_id", "started_at"];
const TIMER: &[&str] = &["shop_id", "id", "case_id", "kind", "subject_id", "due_at"];

/// Opens a deadline and, when it is due at a known time, its timer.
pub fn open(change: &mut Change<'_, '_>, new: NewDeadline) -> Id {
    let id = new_id(change.context.now);
    let state = if new.due_at.is_some() { "running" } else { "unknown" };
    let segments = json!([{ "from": new.started_at, "to": null, "state": state }]);
    let (shop, case) = (change.case.shop, change.case.id);
    change.event(
        "deadline_opened",
        json!({ "deadline": id, "clock": new.clock, "due_at": new.due_at, "at_zero": new.at_zero, "rule": new.rule }),
    );
    let row = values![
        shop,
        id,
        case,
        new.clock,
        new.label,
        new.source,
        new.rule,
        state,
        new.due_at,
        new.at_zero,
        segments,
        new.subject,
        new.started_at
    ];
    change.tx.insert("deadline", DEADLINE, row);
    if let Some(due) = new.due_at {
        set_timer(change, "deadline", id, due);
    }
    change.deadlines_moved();
    id
}

/// Adds a durable timer: fires once, not early, on any node.
pub fn set_timer(change: &mut Change<'_, '_>, kind: &str, subject: Id, due: Micros) {
    let (shop, case, id) = (change.case.shop, change.case.id, new_id(change.context.now));
    change.tx.insert("timer", TIMER, values![shop, id, case, kind, subject, due]);
}

/// Ends every running deadline of the case with this clock (and subject, when given) as `met`, `missed` or `void`.
pub fn end(change: &mut Change<'_, '_>, clock: &str, subject: Option<Id>, how: &str) -> Result<()> {
    let sql =
        "SELECT id FROM deadline WHERE shop_id = $1 AND case_id = $2 AND clock = $3 AND ended_at IS NULL AND (subject_id = $4 OR $5 = 1)";
    let params = values![change.case.shop, change.case.id, clock, subject, subject.is_none()];
    let ids = change.tx.query(sql, &params, |row| row.get::<Id>(0))?;
    ids.into_iter().try_for_each(|id| end_one(change, id, how))
}

/// Ends one deadline and removes its timer.
pub fn end_one(change: &mut Change<'_, '_>, id: Id, how: &str) -> Result<()> {
    let (shop, now) = (change.case.shop, change.context.now);
    change.tx.execute("UPDATE deadline SET state = $3, ended_at = $4 WHERE shop_id = $1 AND id = $2", &values![shop, id, how, now])?;
    change.tx.execute("DELETE FROM timer WHERE shop_id = $1 AND subject_id = $2 AND kind = 'deadline'", &values![shop, id])?;
    change.event("deadline_ended", json!({ "deadline": id, "how": how }));
    change.deadlines_moved();
    Ok(())
}

/// Writes the nearest running deadline and the queue position onto the case.
pub(crate) fn refresh(change: &mut Change<'_, '_>) -> Result<()> {
    let sql = "SELECT id, due_at, at_zero, clock, state FROM deadline WHERE shop_id = $1 AND case_id = $2 AND ended_at IS NULL AND state IN ('running', 'paused', 'unknown')
        ORDER BY CASE WHEN due_at IS NULL OR state <> 'running' THEN 1 ELSE 0 END, due_at, id LIMIT 1";
    let read = |row: &aftercare_store::Row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?));
    let next: Option<(Id, Option<Micros>, String, String, String)> =
        change.tx.query_opt(sql, &values![change.case.shop, change.case.id], read)?;
    let case = &mut change.case;
    (case.next_deadline, case.next_deadline_at, case.next_at_zero, case.next_clock, case.next_state) = match next {
        Some((id, due, at_zero, clock, state)) => (Some(id), due, at_zero, clock, state),
        None => (None, None, String::new(), String::new(), String::new()),
    };
    case.queue_key = crate::queue::key(case);
    Ok(())
}
