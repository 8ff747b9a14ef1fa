//! Whose case it is. Owns the change of owner.

use crate::command::{CaseRef, Change, Changed, Repeat};
use crate::error::{Result, bad_input, not_found};
use crate::{Context, Desk};
use aftercare_domain::id::Id;
use aftercare_domain::people::{Action, Role, Team};
use aftercare_store::{Row, values};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// The new owner.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Assign {
    /// The name somebody signs in with; absent: nobody's, back to the queue.
    #[serde(default)]
    pub staff: Option<String>,
}

/// Who is meant by a name: somebody of this shop who handles cases.
pub(crate) fn colleague(change: &mut Change<'_, '_>, name: &str) -> Result<Id> {
    let sql = "SELECT s.id, s.role FROM staff s WHERE s.name = $1 AND s.disabled = 0
        AND EXISTS (SELECT 1 FROM staff_shop g WHERE g.staff_id = s.id AND g.shop_id = $2)";
    let read = |row: &Row| Ok((row.get::<Id>(0)?, row.get::<String>(1)?));
    let (id, role) = change.tx.query_opt(sql, &values![name, change.case.shop], read)?.ok_or_else(|| not_found("staff"))?;
    let handles = Role::parse(&role).is_some_and(|role| Team::Agent.served_by(role) || role == Role::Night);
    if handles { Ok(id) } else { Err(bad_input("staff", "somebody who handles cases")) }
}

/// Gives the case to somebody.
pub(crate) fn give(change: &mut Change<'_, '_>, to: Option<Id>) {
    if change.case.owner != to {
        let from = std::mem::replace(&mut change.case.owner, to);
        change.event("assigned", json!({ "from": from, "to": to }));
    }
}

impl Desk {
    /// Assigns the case; an agent passes on what is theirs or nobody's, leads and those above anything.
    pub async fn assign(&self, context: &Context, at: CaseRef, input: Assign) -> Result<Changed> {
        let repeat = Repeat::of(context, format!("assign/{}", at.id), &input);
        self.change(context, at, Action::Assign, false, repeat, move |change| {
            let to = input.staff.as_deref().map(|name| colleague(change, name)).transpose()?;
            give(change, to);
            Ok(json!({ "owner_id": to }))
        })
        .await
    }
}
