//! Promises that bind, over all shops a person sees, the one due first on top. Owns this list.

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
            "SELECT id, case_id, team, text_sealed, amount_minor, state, due_at, put_off, effect_id, escalation, buyer_told_at, at,
             (SELECT display_name FROM staff s WHERE s.id = owner_id) FROM promise WHERE shop_id = $1 AND ended_at IS NULL",
            $team,
            " AND (due_at, id) > ($2, $3) ORDER BY due_at, id LIMIT $4"
        )
    };
}

fn read(row: &Row) -> std::result::Result<Work, DbError> {
    let (id, due_at): (Id, Micros) = (row.get(0)?, row.get(6)?);
    let shown = json!({ "id": id, "team": row.get::<String>(2)?, "amount_minor": row.get::<Option<i64>>(4)?, "state": row.get::<String>(5)?,
        "due_at": due_at, "put_off": row.get::<i64>(7)?, "effect_id": row.get::<Option<Id>>(8)?, "escalation": row.get::<i64>(9)?,
        "buyer_told_at": row.get::<Option<Micros>>(10)?, "at": row.get::<Micros>(11)?, "owner": row.get::<Option<String>>(12)? });
    Ok(Work { case: row.get(1)?, place: due_at, id, sealed: vec![("text", "promise.text", row.get(3)?)], shown })
}

impl Desk {
    /// One page of the promises that bind: open ones, and broken ones that nobody made good.
    pub async fn promises(&self, context: &Context, query: WorkQuery) -> Result<WorkPage> {
        context.actor.may(Action::ReadPromises, &Object::desk("promises"))?;
        let query = WorkQuery { team: query.team.as_deref().map(team).transpose()?.map(|team| team.as_str().to_owned()), ..query };
        self.work(context, query, Reading { of_all: page!(""), of_team: page!(" AND team = $5"), read }).await
    }
}
