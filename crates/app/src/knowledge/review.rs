//! Says that a text still holds. Owns the command: the date to look again moves on.

use super::Entry;
use super::change::not_yours;
use crate::command::Repeat;
use crate::error::Result;
use crate::{Context, Desk, audit};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::knowledge::REVIEW_AFTER;
use aftercare_domain::people::{Action, policy::Object};
use aftercare_store::values;
use serde_json::{Value, json};

impl Desk {
    /// Notes that a text was read and still holds.
    pub async fn review_knowledge(&self, context: &Context, shop: ShopId, id: Id) -> Result<Value> {
        context.actor.may(Action::WriteKnowledge, &Object::shop("knowledge", shop))?;
        let repeat = Repeat::of(context, format!("knowledge/{id}/review"), &());
        let frame = context.clone();
        self.command(context, repeat, move |tx| {
            let entry = Entry::load(tx, shop, id, &frame.actor)?;
            if !entry.edited_by(&frame.actor) {
                return Err(not_yours(&frame, &entry));
            }
            let next = frame.now + REVIEW_AFTER;
            tx.execute("UPDATE knowledge SET review_at = $3 WHERE shop_id = $1 AND id = $2", &values![shop, id, next])?;
            audit::note(tx, &frame.actor, Some(shop), "knowledge_reviewed", &id.to_string(), &json!({}), frame.now);
            Ok(json!({ "id": id, "review_at": next }))
        })
        .await
    }
}
