//! Marks one's own notifications as read. Owns the command; what was read long ago goes with it.

use crate::command::Repeat;
use crate::error::{Result, bad_input};
use crate::{Context, Desk};
use aftercare_domain::id::Id;
use aftercare_domain::time::Span;
use aftercare_store::values;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Read ones are kept for this long.
const KEPT: Span = Span::days(30);
/// Marked or forgotten in one go.
const AT_ONCE: i64 = 500;

/// Which.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MarkRead {
    /// These; absent: those of `case_id`, or all.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub ids: Vec<Id>,
    /// All of one case.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub case_id: Option<Id>,
}

impl Desk {
    /// Marks them as read; answers how many were unread.
    pub async fn mark_read(&self, context: &Context, input: MarkRead) -> Result<Value> {
        if input.ids.len() > 100 {
            return Err(bad_input("ids", "at most 100"));
        }
        let (me, now) = (context.actor.id(), context.now);
        let repeat = Repeat::of(context, "notifications/read", &input);
        self.command(context, repeat, move |tx| {
            let mut read = 0;
            if input.ids.is_empty() {
                // The ids first: the index of the unread ones is the way to them, and marking takes them out of it.
                let sql = "SELECT id, case_id FROM notification WHERE staff_id = $1 AND read_at IS NULL LIMIT $2";
                let all = tx.query(sql, &values![me, AT_ONCE], |row| Ok((row.get::<Id>(0)?, row.get::<Id>(1)?)))?;
                for (id, _) in all.iter().filter(|(_, case)| input.case_id.is_none_or(|wanted| wanted == *case)) {
                    read += mark(tx, me, *id, now)?;
                }
            }
            for id in &input.ids {
                read += mark(tx, me, *id, now)?;
            }
            let old = "SELECT id FROM notification WHERE staff_id = $1 AND at < $2 AND read_at IS NOT NULL ORDER BY at, id LIMIT $3";
            for id in tx.query(old, &values![me, now - KEPT, AT_ONCE], |row| row.get::<Id>(0))? {
                tx.execute("DELETE FROM notification WHERE staff_id = $1 AND id = $2", &values![me, id])?;
            }
            Ok(json!({ "read": read }))
        })
        .await
    }
}

fn mark(tx: &mut aftercare_store::Tx<'_>, me: Id, id: Id, now: aftercare_domain::time::Micros) -> Result<u64> {
    let sql = "UPDATE notification SET read_at = $3 WHERE staff_id = $1 AND id = $2 AND read_at IS NULL";
    Ok(tx.execute(sql, &values![me, id, now])?)
}
