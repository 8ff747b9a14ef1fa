//! Open tasks over all shops a person sees, the one due first on top. Owns this list.

use crate::error::Result;
use crate::promise::by_hand::team;
use crate::worklist::{Reading, Work, WorkPage, WorkQuery};
use crate::{Context, Desk};
use aftercare_domain::id::Id;
use aftercare_domain::people::{Action, policy::Object};
use aftercare_domain::time::Micros;
use aftercare_store::{DbError, Row};
use serde_json::json;

macro_rules! page {
    ($team:literal) => {
        concat!(
            "SELECT id, case_id, team, kind, text_sealed, state, due_at, effect_id, subject_id, at,
             (SELECT display_name FROM staff s WHERE s.id = owner_id) FROM task WHERE shop_id = $1 AND state IN ('open', 'taken')",
            $team,
            " AND (due_at, id) > ($2, $3) ORDER BY due_at, id LIMIT $4"
        )
    };
}

fn read(row: &Row) -> std::result::Result<Work, DbError> {
    let (id, due_at): (Id, Micros) = (row.get(0)?, row.get(6)?);
    let shown = json!({ "id": id, "team": row.get::<String>(2)?, "kind": row.get::<String>(3)?, "state": row.get::<String>(5)?, "due_at": due_at,
        "effect_id": row.get::<Option<Id>>(7)?, "subject_id": row.get::<Option<Id>>(8)?, "at": row.get::<Micros>(9)?,
        "owner": row.get::<Option<String>>(10)? });
    Ok(Work { case: row.get(1)?, place: due_at, id, sealed: vec![("text", "task.text", row.get(4)?)], shown })
}

impl Desk {
    /// One page of the open tasks, of one team or all.
    pub async fn tasks(&self, context: &Context, query: WorkQuery) -> Result<WorkPage> {
        context.actor.may(Action::ReadTasks, &Object::desk("tasks"))?;
        let query = WorkQuery { team: query.team.as_deref().map(team).transpose()?.map(|team| team.as_str().to_owned()), ..query };
        self.work(context, query, Reading { of_all: page!(""), of_team: page!(" AND team = $5"), read }).await
    }
}
