//! Takes words back that have not left. Owns the command.

use super::{end, live};
use crate::command::{CaseRef, Changed, Repeat};
use crate::error::Result;
use crate::{Context, Desk};
use aftercare_domain::contact::Later;
use aftercare_domain::id::Id;
use aftercare_domain::people::Action;
use serde_json::json;

impl Desk {
    /// They do not leave any more.
    pub async fn cancel_later(&self, context: &Context, at: CaseRef, id: Id) -> Result<Changed> {
        let repeat = Repeat::of(context, format!("later/{id}/cancel"), &());
        self.change(context, at, Action::Contact, false, repeat, move |change| {
            live(change, id)?;
            end(change, id, Later::Cancelled, None)?;
            change.event("later_cancelled", json!({ "later": id }));
            Ok(json!({ "later_id": id }))
        })
        .await
    }
}
