//! A person opens a task for another team, takes one, or takes one back. Owns these three commands.

use super::{NewTask, open};
use crate::case::notice;
use crate::command::{Ask, CaseRef, Change, Changed, Repeat};
use crate::error::{Result, bad_input, not_found};
use crate::promise::by_hand::{team, words};
use crate::promise::ladder::local;
use crate::{Context, Desk};
use aftercare_domain::case::Happened;
use aftercare_domain::id::Id;
use aftercare_domain::people::Action;
use aftercare_domain::task::{State, Task};
use aftercare_domain::time::Span;
use aftercare_store::{DbError, Row, values};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// What another team is asked to do.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenTask {
    /// Whose queue.
    pub team: String,
    /// What kind of work, as a code.
    #[serde(default)]
    pub kind: String,
    /// The words; sealed.
    pub text: String,
    /// Hours in which an answer is expected; 24 when absent.
    #[serde(default)]
    pub due_in_h: Option<i64>,
    /// Also prepares words that tell the buyer the expected time.
    #[serde(default)]
    pub tell_buyer: bool,
}

/// The task as its machine needs it, locked with its case.
pub(super) fn load(change: &mut Change<'_, '_>, id: Id) -> Result<Task> {
    let sql = "SELECT state, owner_id FROM task WHERE shop_id = $1 AND case_id = $2 AND id = $3";
    let read = |row: &Row| {
        let state: String = row.get(0)?;
        Ok(Task { state: State::parse(&state).ok_or_else(|| DbError::Shape(format!("task in state {state}")))?, owner: row.get(1)? })
    };
    change.tx.query_opt(sql, &values![change.case.shop, change.case.id, id], read)?.ok_or_else(|| not_found("task"))
}

impl Desk {
    /// Opens a task in another team's queue.
    pub async fn open_task(&self, context: &Context, at: CaseRef, input: OpenTask) -> Result<Changed> {
        words("text", &input.text)?;
        let team = team(&input.team)?;
        if input.kind.len() > 40 || !input.kind.bytes().all(|b| b.is_ascii_lowercase() || b == b'_') {
            return Err(bad_input("kind", "up to 40 lower-case letters and _"));
        }
        let hours = input.due_in_h.unwrap_or(24);
        if !(1..=24 * 90).contains(&hours) {
            return Err(bad_input("due_in_h", "1 to 2160"));
        }
        let repeat = Repeat::of(context, format!("task/{}", at.id), &input);
        let text_sealed = self.case_key(at).await?.seal("task.text", &input.text);
        self.change(context, at, Action::OpenTask, false, repeat, move |change| {
            let due_at = change.context.now + Span::hours(hours);
            let text_sealed = text_sealed.clone();
            let id =
                open(change, NewTask { team, kind: input.kind.clone(), text_sealed, due_at: Some(due_at), effect: None, subject: None })?;
            change.happened(Happened::Checking)?;
            if input.tell_buyer {
                let text = format!("您的问题我们正在请{}核实，预计{}前有答复，有结果马上告诉您。", team.zh(), local(due_at));
                notice::prepare(change, id, "expected_time", &text)?;
            }
            Ok(json!({ "task_id": id, "due_at": due_at }))
        })
        .await
    }

    /// Takes a task of one's team.
    pub async fn take_task(&self, context: &Context, at: CaseRef, id: Id) -> Result<Changed> {
        let repeat = Repeat::of(context, format!("task/{id}/take"), &());
        self.change(context, at, Ask::task(Action::TakeTask, id), false, repeat, move |change| {
            let taken = load(change, id)?.take(change.context.actor.id())?;
            let sql = "UPDATE task SET state = $4, owner_id = $5 WHERE shop_id = $1 AND case_id = $2 AND id = $3";
            change.tx.execute(sql, &values![change.case.shop, change.case.id, id, taken.state.as_str(), taken.owner])?;
            change.event("task_taken", json!({ "task": id }));
            Ok(json!({ "task_id": id, "state": taken.state }))
        })
        .await
    }

    /// Takes back a task that is no longer needed. One that carries out an effect goes with its effect only.
    pub async fn cancel_task(&self, context: &Context, at: CaseRef, id: Id) -> Result<Changed> {
        let repeat = Repeat::of(context, format!("task/{id}/cancel"), &());
        self.change(context, at, Ask::task(Action::CancelTask, id), false, repeat, move |change| {
            let cancelled = load(change, id)?.cancel()?;
            super::done::must_be_free(change, id)?;
            let sql = "UPDATE task SET state = $4, ended_at = $5 WHERE shop_id = $1 AND case_id = $2 AND id = $3";
            change.tx.execute(sql, &values![change.case.shop, change.case.id, id, cancelled.state.as_str(), change.context.now])?;
            notice::drop_unsent(change, id)?;
            change.event("task_ended", json!({ "task": id, "state": cancelled.state }));
            Ok(json!({ "task_id": id, "state": cancelled.state }))
        })
        .await
    }
}
