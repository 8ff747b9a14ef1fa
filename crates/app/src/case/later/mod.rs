//! Words that leave at a later time (定时发送): written now, judged by the gate now and once more when they leave.
//!
//! Owns their rows and timers. What cannot leave when its time has come stays here with the reason, and a person decides.

mod cancel;
mod change;
mod leave;
mod schedule;
mod view;

pub use change::ChangeLater;
pub use schedule::SendLater;

pub(crate) use leave::{hold_all, on_timer};
pub(crate) use view::shown;

use crate::case::contact::Author;
use crate::command::Change;
use crate::error::{Result, not_found};
use crate::timer;
use aftercare_domain::contact::Later;
use aftercare_domain::id::Id;
use aftercare_domain::people::Role;
use aftercare_domain::time::Micros;
use aftercare_store::{DbError, Row, values};
use serde_json::{Value, json};

/// The timer's name.
pub(crate) const KIND: &str = "later_send";
/// Words that wait on one case.
const MOST: i64 = 20;
const FIELD: &str = "later.body";

/// Words as stored.
struct Stored {
    id: Id,
    channel: String,
    body: Vec<u8>,
    marks: Vec<String>,
    script: Option<String>,
    knowledge: Option<Id>,
    unless_answered: bool,
    author: Author,
    written_at: Micros,
}

fn read(row: &Row) -> std::result::Result<Stored, DbError> {
    let (script, role): (String, String) = (row.get(4)?, row.get(8)?);
    let role = Role::parse(&role).ok_or_else(|| DbError::Shape(format!("words of a {role}")))?;
    Ok(Stored {
        id: row.get(0)?,
        channel: row.get(1)?,
        body: row.get(2)?,
        marks: serde_json::from_value(row.get::<Value>(3)?).unwrap_or_default(),
        script: (!script.is_empty()).then_some(script),
        knowledge: row.get(5)?,
        unless_answered: row.get(6)?,
        author: Author { id: row.get(7)?, role },
        written_at: row.get(9)?,
    })
}

/// Words that have neither left nor been cancelled.
fn live(change: &mut Change<'_, '_>, id: Id) -> Result<Stored> {
    let sql =
        "SELECT id, channel, body_sealed, marks, script, knowledge_id, unless_answered, actor_id, actor_role, written_at FROM later_send
        WHERE shop_id = $1 AND case_id = $2 AND id = $3 AND ended_at IS NULL";
    change.tx.query_opt(sql, &values![change.case.shop, change.case.id, id], read)?.ok_or_else(|| not_found("prepared contact"))
}

/// Sets the time at which they leave, in place of any before.
fn set_timer(change: &mut Change<'_, '_>, id: Id, send_at: Micros) -> Result<()> {
    timer::cancel(change, KIND, id)?;
    timer::set(change, KIND, id, send_at, json!({}));
    Ok(())
}

/// Ends them.
fn end(change: &mut Change<'_, '_>, id: Id, state: Later, contact: Option<Id>) -> Result<()> {
    timer::cancel(change, KIND, id)?;
    let sql = "UPDATE later_send SET state = $4, contact_id = $5, ended_at = $6 WHERE shop_id = $1 AND case_id = $2 AND id = $3";
    change.tx.execute(sql, &values![change.case.shop, change.case.id, id, state.as_str(), contact, change.context.now])?;
    Ok(())
}
