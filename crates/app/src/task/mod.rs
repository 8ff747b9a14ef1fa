//! Work for another team on a case (协作任务). One file per command; the calls other commands make inside their change are here.
//!
//! Owns the task rows. Every task has a time at which an answer is expected, so that the buyer can be told one.

pub mod by_hand;
pub mod done;
pub mod list;

use crate::case::facts;
use crate::command::Change;
use crate::error::Result;
use crate::ids::new_id;
use aftercare_domain::id::Id;
use aftercare_domain::people::Team;
use aftercare_domain::playbook::table::Act;
use aftercare_domain::time::{Micros, Span};
use aftercare_store::{Value, values};
use serde_json::json;

/// A task to open.
#[derive(Clone, Debug)]
pub struct NewTask {
    /// Whose queue.
    pub team: Team,
    /// What kind of work, as a code; empty where none fits.
    pub kind: String,
    /// The words, sealed for `task.text`.
    pub text_sealed: Vec<u8>,
    /// When an answer is expected; a day from now where nobody said.
    pub due_at: Option<Micros>,
    /// The effect a person of the team has to carry out.
    pub effect: Option<Id>,
    /// What else it is about: a promise, a deadline, a parcel.
    pub subject: Option<Id>,
}

const TASK: &[&str] =
    &["shop_id", "id", "case_id", "team", "kind", "text_sealed", "state", "due_at", "effect_id", "subject_id", "at", "actor_id"];

/// The time for an answer where nobody named one.
const USUAL: Span = Span::hours(24);

/// Opens a task in the team's queue.
pub fn open(change: &mut Change<'_, '_>, new: NewTask) -> Result<Id> {
    change.must_be_open()?;
    let id = new_id(change.context.now);
    let (team, kind) = (new.team.as_str(), new.kind);
    let due_at = new.due_at.unwrap_or(change.context.now + USUAL);
    change.event("task_opened", json!({ "task": id, "team": team, "kind": kind, "due_at": due_at, "effect": new.effect }));
    let (shop, case, now, actor) = (change.case.shop, change.case.id, change.context.now, change.context.actor.stored_id());
    let row = values![shop, id, case, team, kind, new.text_sealed, "open", due_at, new.effect, new.subject, now, actor];
    change.tx.insert("task", TASK, row);
    Ok(id)
}

/// Opens a task with words of the desk's own about `subject`, unless one of the team is open about it already.
pub(crate) fn tell(change: &mut Change<'_, '_>, team: Team, kind: &str, subject: Id, text: &str) -> Result<()> {
    let sql = "SELECT 1 FROM task WHERE shop_id = $1 AND case_id = $2 AND subject_id = $3 AND team = $4 AND ended_at IS NULL LIMIT 1";
    let params = values![change.case.shop, change.case.id, subject, team.as_str()];
    if change.tx.query_opt(sql, &params, |_| Ok(()))?.is_some() {
        return Ok(());
    }
    let text_sealed = change.key()?.seal("task.text", text);
    open(change, NewTask { team, kind: kind.to_owned(), text_sealed, due_at: None, effect: None, subject: Some(subject) })?;
    Ok(())
}

/// Cancels what is still open about `subject`: its reason is gone.
pub fn cancel_of_subject(change: &mut Change<'_, '_>, subject: Id) -> Result<()> {
    end(change, "cancelled", "subject_id = $5", values![subject])
}

/// Cancels what deadlines of the case asked of people: the case is closed, nothing runs any more.
pub fn cancel_of_deadlines(change: &mut Change<'_, '_>) -> Result<()> {
    end(change, "cancelled", "subject_id IN (SELECT d.id FROM deadline d WHERE d.shop_id = $1 AND d.case_id = $2)", values![])
}

/// Ends the open tasks of an effect that ended: `done` or `cancelled`.
pub fn end_of_effect(change: &mut Change<'_, '_>, effect: Id, done: bool) -> Result<()> {
    end(change, if done { "done" } else { "cancelled" }, "effect_id = $5", values![effect])
}

/// Ends as done what was asked of people and has now been done another way: the open tasks of this kind on the case.
pub fn done_of_kind(change: &mut Change<'_, '_>, kind: &str) -> Result<()> {
    end(change, "done", "kind = $5", values![kind])
}

/// Ends as done what a team was asked for an accepted offer, once it kept what the offer promised.
pub fn done_of_promise(change: &mut Change<'_, '_>, offer: Id, team: Team) -> Result<()> {
    end(change, "done", "subject_id = $5 AND team = $6", values![offer, team.as_str()])
}

/// Records the fact that finished work of this kind leaves behind, unless `found` says how it is; else its step would be due again.
pub(super) fn record(change: &mut Change<'_, '_>, kind: &str, found: &[(String, serde_json::Value)]) {
    let Some(fact) = Act::parse(kind).and_then(Act::leaves) else { return };
    let said = found.iter().any(|(name, _)| name == fact);
    if !said && change.case.facts[fact] != json!(true) {
        facts::keep(change, &[(fact.to_owned(), json!(true))]);
    }
}

/// Ends the open tasks of the case that fit `which`; its values are `$5` and on.
fn end<const N: usize>(change: &mut Change<'_, '_>, state: &str, which: &str, of: [Value; N]) -> Result<()> {
    let sql = format!(
        "UPDATE task SET state = $3, ended_at = $4 WHERE shop_id = $1 AND case_id = $2 AND {which} AND ended_at IS NULL RETURNING id, kind"
    );
    let all: Vec<Value> = values![change.case.shop, change.case.id, state, change.context.now].into_iter().chain(of).collect();
    for (task, kind) in change.tx.query(&sql, &all, |row| Ok((row.get::<Id>(0)?, row.get::<String>(1)?)))? {
        change.event("task_ended", json!({ "task": task, "state": state }));
        if state == "done" {
            record(change, &kind, &[]);
        }
    }
    Ok(())
}
