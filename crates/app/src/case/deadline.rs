//! The deadlines of a case and their timers. Owns the invariant: a running deadline with a due time ⇔ its timer row exists.
//!
//! At zero a deadline is overdue, not gone: it keeps its place at the head of the queue until what it asked for is done.

use crate::case::wait;
use crate::command::Change;
use crate::error::Result;
use crate::ids::new_id;
use crate::timer::{self, Timer};
use crate::{exchange, promise, task};
use aftercare_domain::deadline::AtZero;
use aftercare_domain::id::Id;
use aftercare_domain::people::Team;
use aftercare_domain::time::Micros;
use aftercare_store::{Row, values};
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
        timer::set(change, "deadline", id, due, json!({}));
    }
    change.deadlines_moved();
    id
}

/// Ends every running deadline of the case with this clock (and subject, when given) as `met`, `missed` or `void`.
pub fn end(change: &mut Change<'_, '_>, clock: &str, subject: Option<Id>, how: &str) -> Result<()> {
    let sql =
        "SELECT id FROM deadline WHERE shop_id = $1 AND case_id = $2 AND clock = $3 AND ended_at IS NULL AND (subject_id = $4 OR $5 = 1)";
    let params = values![change.case.shop, change.case.id, clock, subject, subject.is_none()];
    let ids = change.tx.query(sql, &params, |row| row.get::<Id>(0))?;
    ids.into_iter().try_for_each(|id| end_one(change, id, how))
}

/// Ends one deadline and removes its timer. What is met after zero was missed.
pub fn end_one(change: &mut Change<'_, '_>, id: Id, how: &str) -> Result<()> {
    let (shop, now) = (change.case.shop, change.context.now);
    let sql = "UPDATE deadline SET state = CASE WHEN state = 'overdue' AND $3 = 'met' THEN 'missed' ELSE $3 END, ended_at = $4
        WHERE shop_id = $1 AND id = $2 AND ended_at IS NULL";
    if change.tx.execute(sql, &values![shop, id, how, now])? == 0 {
        return Ok(());
    }
    timer::cancel(change, "deadline", id)?;
    task::cancel_of_subject(change, id)?;
    change.event("deadline_ended", json!({ "deadline": id, "how": how }));
    change.deadlines_moved();
    Ok(())
}

/// Zero: the deadline is overdue, and whoever it belongs to does what was announced.
pub(crate) fn on_timer(change: &mut Change<'_, '_>, timer: &Timer) -> Result<()> {
    let shop = change.case.shop;
    let sql = "UPDATE deadline SET state = 'overdue' WHERE shop_id = $1 AND id = $2 AND state = 'running' AND ended_at IS NULL
        RETURNING clock, label, at_zero, subject_id, policy_id";
    let read = |row: &Row| {
        let names = (row.get::<String>(0)?, row.get::<String>(1)?, row.get::<String>(2)?);
        Ok((names, row.get::<Option<Id>>(3)?, row.get::<String>(4)?))
    };
    let Some(((clock, label, at_zero), subject, policy)) = change.tx.query_opt(sql, &values![shop, timer.subject], read)? else {
        return Ok(());
    };
    change.deadlines_moved();
    change.event("deadline_reached", json!({ "deadline": timer.subject, "clock": clock, "at_zero": at_zero, "subject": subject }));
    match (clock.as_str(), subject) {
        ("promise", Some(promise)) => promise::ladder::broke(change, promise),
        ("wait", _) => wait::ran_out(change, timer.subject),
        (exchange::CLOCK, Some(reservation)) => exchange::ran_out(change, reservation),
        _ => {
            let name = if label.is_empty() { called(&clock) } else { &label };
            told_at_zero(change, timer.subject, name, &at_zero, &policy)
        }
    }
}

/// What people call a clock that no playbook has named: the one every case is given when it comes in.
fn called(clock: &str) -> &str {
    if clock == "sla.first_answer" { "首次答复" } else { clock }
}

/// Whoever the playbook names is told: an escalation goes up, a reminder to the team whose move it was.
fn told_at_zero(change: &mut Change<'_, '_>, deadline: Id, name: &str, at_zero: &str, policy: &str) -> Result<()> {
    let book = if policy.is_empty() { None } else { change.book()? };
    let team = book.and_then(|book| book.playbook.deadlines.iter().find(|rule| rule.id == policy).and_then(|rule| rule.team));
    match (AtZero::parse(at_zero), team) {
        (Some(AtZero::Escalate), team) => {
            let team = team.unwrap_or(Team::Supervisor);
            if team == Team::Supervisor {
                change.mark("supervisor_told");
            }
            task::tell(change, team, "escalation", deadline, &format!("超时未处理：{name}"))
        }
        // the agents see it at the head of their queue
        (Some(AtZero::Notify), Some(team)) if team != Team::Agent => {
            task::tell(change, team, "reminder", deadline, &format!("时间已到：{name}"))
        }
        _ => Ok(()),
    }
}

/// Writes the nearest running deadline and the queue position onto the case.
pub(crate) fn refresh(change: &mut Change<'_, '_>) -> Result<()> {
    let sql = "SELECT id, due_at, at_zero, clock, state FROM deadline WHERE shop_id = $1 AND case_id = $2 AND ended_at IS NULL AND state IN ('running', 'overdue', 'paused', 'unknown')
        ORDER BY CASE WHEN due_at IS NULL OR state NOT IN ('running', 'overdue') THEN 1 ELSE 0 END, due_at, id LIMIT 1";
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
