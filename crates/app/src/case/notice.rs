//! Words the desk has ready for the buyer before the buyer asks: a delay, a result, an expected time.
//!
//! Owns prepared contacts. A sales platform's chat is closed to programs, so a person pastes them and marks them sent; what they are
//! about may change before that, and then they are dropped.

use crate::command::Change;
use crate::error::Result;
use crate::ids::new_id;
use aftercare_domain::id::Id;
use aftercare_store::values;
use serde_json::json;

const PREPARED: &[&str] = &["shop_id", "case_id", "id", "at", "direction", "channel", "body_sealed", "marks", "subject_id"];

/// Prepares `text` about `subject` in place of anything unsent about it; sending it leaves `mark`.
pub(crate) fn prepare(change: &mut Change<'_, '_>, subject: Id, mark: &str, text: &str) -> Result<Id> {
    drop_unsent(change, subject)?;
    let (now, id) = (change.context.now, new_id(change.context.now));
    let body = change.key()?.seal("contact.body", text);
    let row = values![change.case.shop, change.case.id, id, now, "out", &change.case.channel, body, json!([mark]), subject];
    change.tx.insert("contact", PREPARED, row);
    change.event("notice_prepared", json!({ "contact": id, "mark": mark, "subject": subject }));
    Ok(id)
}

/// Drops what was not sent about `subject`.
pub(crate) fn drop_unsent(change: &mut Change<'_, '_>, subject: Id) -> Result<()> {
    let sql = "DELETE FROM contact WHERE shop_id = $1 AND case_id = $2 AND subject_id = $3 AND direction = 'out' AND sent_at IS NULL";
    change.tx.execute(sql, &values![change.case.shop, change.case.id, subject])?;
    Ok(())
}
