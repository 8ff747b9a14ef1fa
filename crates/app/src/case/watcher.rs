//! Who watches a case (关注). Owns the rows and the command: watching changes nothing of the case, so nobody's version goes stale over it.

use crate::command::{CaseRef, Repeat};
use crate::error::{Result, bad_input, not_found};
use crate::notification::WATCHERS;
use crate::{Context, Desk};
use aftercare_domain::id::Id;
use aftercare_domain::people::{Action, policy::Object};
use aftercare_store::{Tx, values};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Watch, or watch no more.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Watch {
    /// Whether to be told of what happens on the case.
    pub watching: bool,
}

impl Desk {
    /// Watches a case, or no longer.
    pub async fn watch_case(&self, context: &Context, at: CaseRef, input: Watch) -> Result<Value> {
        context.actor.may(Action::ReadCase, &Object::shop("case", at.shop))?;
        let (me, now) = (context.actor.id(), context.now);
        let repeat = Repeat::of(context, format!("watch/{}", at.id), &input);
        self.command(context, repeat, move |tx| {
            let there = "SELECT 1 FROM cases WHERE shop_id = $1 AND id = $2";
            tx.query_opt(there, &values![at.shop, at.id], |_| Ok(()))?.ok_or_else(|| not_found("case"))?;
            if input.watching {
                let many = "SELECT COUNT(*) FROM (SELECT 1 FROM watcher WHERE shop_id = $1 AND case_id = $2 LIMIT $3) AS w";
                if tx.query_opt(many, &values![at.shop, at.id, WATCHERS], |row| row.get::<i64>(0))?.unwrap_or(0) >= WATCHERS {
                    return Err(bad_input("watching", format!("at most {WATCHERS} watch one case")));
                }
                let sql = "INSERT INTO watcher (shop_id, case_id, staff_id, at) VALUES ($1, $2, $3, $4) ON CONFLICT (shop_id, case_id, staff_id) DO NOTHING";
                tx.execute(sql, &values![at.shop, at.id, me, now])?;
            } else {
                tx.execute("DELETE FROM watcher WHERE shop_id = $1 AND case_id = $2 AND staff_id = $3", &values![at.shop, at.id, me])?;
            }
            Ok(json!({ "watching": input.watching }))
        })
        .await
    }
}

/// Those who watch, by name.
pub(crate) fn shown(tx: &mut Tx<'_>, at: CaseRef) -> Result<Value> {
    let sql = "SELECT w.staff_id, s.display_name FROM watcher w JOIN staff s ON s.id = w.staff_id WHERE w.shop_id = $1 AND w.case_id = $2
        ORDER BY w.staff_id LIMIT $3";
    let read = |row: &aftercare_store::Row| Ok(json!({ "staff_id": row.get::<Id>(0)?, "name": row.get::<String>(1)? }));
    Ok(Value::from(tx.query(sql, &values![at.shop, at.id, WATCHERS], read)?))
}
