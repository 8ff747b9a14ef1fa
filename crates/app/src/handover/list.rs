//! The register over all shops a person sees, oldest entry first. Owns this list.

use crate::error::Result;
use crate::worklist::{Reading, Work, WorkPage, WorkQuery};
use crate::{Context, Desk};
use aftercare_domain::id::Id;
use aftercare_domain::people::{Action, policy::Object};
use aftercare_domain::time::Micros;
use aftercare_store::{DbError, Row};
use serde_json::{Value, json};

const PAGE: &str = "SELECT id, case_id, at, summary, note_sealed, (SELECT name FROM staff f WHERE f.id = from_staff), (SELECT display_name FROM staff f WHERE f.id = from_staff),
    (SELECT name FROM staff t WHERE t.id = to_staff), (SELECT display_name FROM staff t WHERE t.id = to_staff)
    FROM handover WHERE shop_id = $1 AND taken_at IS NULL AND (at, id) > ($2, $3) ORDER BY at, id LIMIT $4";

fn read(row: &Row) -> std::result::Result<Work, DbError> {
    let (id, at): (Id, Micros) = (row.get(0)?, row.get(2)?);
    let person = |name: Option<String>, shown: Option<String>| name.map(|name| json!({ "name": name, "display_name": shown }));
    let shown = json!({ "id": id, "at": at, "summary": row.get::<Value>(3)?, "from": person(row.get(5)?, row.get(6)?), "to": person(row.get(7)?, row.get(8)?) });
    Ok(Work { case: row.get(1)?, place: at, id, sealed: vec![("note", "handover.note", row.get(4)?)], shown })
}

impl Desk {
    /// One page of what is handed over and not yet taken.
    pub async fn handovers(&self, context: &Context, query: WorkQuery) -> Result<WorkPage> {
        context.actor.may(Action::ReadHandover, &Object::desk("handover"))?;
        self.work(context, WorkQuery { team: None, ..query }, Reading { of_all: PAGE, of_team: PAGE, read }).await
    }
}
