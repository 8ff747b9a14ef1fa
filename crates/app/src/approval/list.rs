//! Approvals that wait for an answer, over all shops a person sees, the oldest first. Owns this list.

use crate::error::Result;
use crate::worklist::{Reading, Work, WorkPage, WorkQuery};
use crate::{Context, Desk};
use aftercare_domain::id::Id;
use aftercare_domain::people::{Action, policy::Object};
use aftercare_domain::time::Micros;
use aftercare_store::{DbError, Row};
use serde_json::{Value, json};

const PAGE: &str = "SELECT a.id, a.case_id, a.subject, a.subject_id, a.amount_minor, a.spending, a.cap_minor, a.case_version, a.state, a.why, a.asked_at, a.ask_sealed,
    a.expires_at, (SELECT display_name FROM staff s WHERE s.id = a.asked_by), a.asked_by FROM approval a WHERE a.shop_id = $1 AND a.state = 'pending'
    AND (a.asked_at, a.id) > ($2, $3) ORDER BY a.asked_at, a.id LIMIT $4";

fn read(row: &Row) -> std::result::Result<Work, DbError> {
    let (id, asked_at): (Id, Micros) = (row.get(0)?, row.get(10)?);
    let shown = json!({ "id": id, "subject": row.get::<String>(2)?, "subject_id": row.get::<Option<Id>>(3)?, "amount_minor": row.get::<i64>(4)?,
        "spending": row.get::<String>(5)?, "cap_minor": row.get::<Option<i64>>(6)?, "asked_on_version": row.get::<i64>(7)?, "state": row.get::<String>(8)?,
        "why": row.get::<Value>(9)?, "asked_at": asked_at, "expires_at": row.get::<Micros>(12)?, "asked_by": row.get::<Option<String>>(13)?,
        "asked_by_id": row.get::<Id>(14)? });
    Ok(Work { case: row.get(1)?, place: asked_at, id, sealed: vec![("note", "approval.ask", row.get(11)?)], shown })
}

impl Desk {
    /// One page of pending approvals.
    pub async fn approvals(&self, context: &Context, query: WorkQuery) -> Result<WorkPage> {
        context.actor.may(Action::ReadApprovals, &Object::desk("approvals"))?;
        let query = WorkQuery { team: None, ..query };
        self.work(context, query, Reading { of_all: PAGE, of_team: PAGE, read }).await
    }
}
