//! Changes what a text says, the letters that call it and the scenarios it suits. Owns the command; whose it is stays.

use super::{Content, Entry, action_for, free_code, keep_version, scenarios};
use crate::command::Repeat;
use crate::error::Result;
use crate::{Context, Desk, audit};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::knowledge::REVIEW_AFTER;
use aftercare_domain::people::{Action, policy::Object};
use aftercare_domain::refusal::{Code, Refusal};
use aftercare_store::values;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A text as it shall be.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeKnowledge {
    /// The version that was seen; a later one is not overwritten.
    pub version: i64,
    /// The letters that call it in the composer.
    #[serde(default)]
    pub code: String,
    /// The scenarios it suits; all when empty.
    #[serde(default)]
    pub scenarios: Vec<String>,
    /// What it says.
    pub content: Content,
}

impl Desk {
    /// Changes a text; it counts as looked at.
    pub async fn change_knowledge(&self, context: &Context, shop: ShopId, id: Id, input: ChangeKnowledge) -> Result<Value> {
        context.actor.may(Action::WriteKnowledge, &Object::shop("knowledge", shop))?;
        let scenarios = scenarios(&input.scenarios)?;
        let repeat = Repeat::of(context, format!("knowledge/{id}/change"), &input);
        let (frame, vault) = (context.clone(), self.vault.clone());
        self.command(context, repeat, move |tx| {
            tx.query_opt("SELECT version FROM knowledge WHERE shop_id = $1 AND id = $2 FOR UPDATE", &values![shop, id], |row| {
                row.get::<i64>(0)
            })?;
            let entry = Entry::load(tx, shop, id, &frame.actor)?;
            if !entry.edited_by(&frame.actor) {
                return Err(not_yours(&frame, &entry));
            }
            if entry.version != input.version {
                return Err(Refusal::new(Code::KnowledgeMoved).with("version", entry.version).into());
            }
            input.content.check(entry.kind, &crate::playbook::catalogue(tx)?)?;
            free_code(tx, &vault, shop, &input.code, &entry.belongs, Some(id))?;
            let (now, by, version) = (frame.now, frame.actor.stored_id(), entry.version + 1);
            let sealed = input.content.seal(&vault)?;
            keep_version(tx, shop, id, version, &sealed, by, now);
            let sql = "UPDATE knowledge SET code = $3, scenarios = $4, content_sealed = $5, review_at = $6, version = $7, changed_by = $8, changed_at = $9
                WHERE shop_id = $1 AND id = $2";
            tx.execute(sql, &values![shop, id, &input.code, scenarios.clone(), sealed, now + REVIEW_AFTER, version, by, now])?;
            audit::note(tx, &frame.actor, Some(shop), "knowledge_changed", &id.to_string(), &json!({ "version": version }), now);
            Ok(json!({ "id": id, "version": version }))
        })
        .await
    }
}

/// The refusal of whoever may not take care of shared texts.
pub(super) fn not_yours(context: &Context, entry: &Entry) -> crate::Error {
    let action = action_for(entry.belongs.scope);
    Refusal::new(Code::NotAllowed).with("role", context.actor.who.role).with("action", action.as_str()).into()
}
