//! A team has done its task and says what it found. Owns the command; facts it reports are typed by the catalogue.

use super::by_hand::load;
use crate::case::standing::work_ended;
use crate::case::{facts, notice};
use crate::command::{Ask, CaseRef, Change, Changed, Repeat};
use crate::error::{Result, bad_input};
use crate::promise::by_hand::words;
use crate::{Context, Desk};
use aftercare_domain::id::Id;
use aftercare_domain::people::Action;
use aftercare_store::values;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// What was done.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TaskDone {
    /// The answer in words; sealed.
    pub note: String,
    /// What was found out, by the names of the fact catalogue.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub facts: Map<String, Value>,
}

/// Refuses what only an effect's own end may end: a person settles the effect, and its task goes with it.
pub(super) fn must_be_free(change: &mut Change<'_, '_>, id: Id) -> Result<()> {
    let sql = "SELECT effect_id FROM task WHERE shop_id = $1 AND case_id = $2 AND id = $3";
    let effect = change.tx.query_opt(sql, &values![change.case.shop, change.case.id, id], |row| row.get::<Option<Id>>(0))?.flatten();
    match effect {
        Some(effect) => Err(bad_input("task", format!("it ends with effect {effect}: settle that one"))),
        None => Ok(()),
    }
}

impl Desk {
    /// Ends a task with its answer; what was found out becomes known to the case at once.
    pub async fn task_done(&self, context: &Context, at: CaseRef, id: Id, input: TaskDone) -> Result<Changed> {
        words("note", &input.note)?;
        let found = facts::checked(&input.facts)?;
        let repeat = Repeat::of(context, format!("task/{id}/done"), &input);
        let note = self.case_key(at).await?.seal("task.note", &input.note);
        self.change(context, at, Ask::task(Action::DoneTask, id), false, repeat, move |change| {
            let done = load(change, id)?.done(change.context.actor.id())?;
            must_be_free(change, id)?;
            let sql =
                "UPDATE task SET state = $4, owner_id = $5, ended_at = $6, note_sealed = $7 WHERE shop_id = $1 AND case_id = $2 AND id = $3
                RETURNING kind";
            let (now, state) = (change.context.now, done.state.as_str());
            let params = values![change.case.shop, change.case.id, id, state, done.owner, now, note.clone()];
            let kind = change.tx.query_opt(sql, &params, |row| row.get::<String>(0))?.unwrap_or_default();
            notice::drop_unsent(change, id)?;
            change.event("task_ended", json!({ "task": id, "state": done.state }));
            facts::keep(change, &found);
            super::record(change, &kind, &found);
            work_ended(change)?;
            Ok(json!({ "task_id": id, "state": done.state }))
        })
        .await
    }
}
