//! The texts of a shop as people read them, and one with its versions. Owns the answers' shape: personal data is masked for those who
//! do not take care of the text.

use super::{Content, Entry};
use crate::error::{Error, Result};
use crate::{Context, Desk};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::knowledge::stale;
use aftercare_domain::people::{Action, policy::Object};
use aftercare_domain::privacy::masked;
use aftercare_domain::time::Micros;
use aftercare_store::vault::Vault;
use aftercare_store::{Row, Tx, values};
use serde_json::{Value, json};

/// Versions in one answer.
const VERSIONS: i64 = 50;

impl Desk {
    /// Every text of a shop that the actor sees.
    pub async fn knowledge(&self, context: &Context, shop: ShopId) -> Result<Value> {
        context.actor.may(Action::ReadPlaybooks, &Object::shop("knowledge", shop))?;
        let (frame, vault) = (context.clone(), self.vault.clone());
        self.store
            .read(move |tx| {
                let seen = Entry::all(tx, shop)?.into_iter().filter(|entry| entry.seen_by(&frame.actor));
                let items = seen.map(|entry| shown(&entry, &vault, &frame)).collect::<Result<Vec<Value>>>()?;
                Ok::<_, Error>(json!({ "items": items, "next": null }))
            })
            .await
    }

    /// One text with its versions, newest first.
    pub async fn knowledge_entry(&self, context: &Context, shop: ShopId, id: Id) -> Result<Value> {
        context.actor.may(Action::ReadPlaybooks, &Object::shop("knowledge", shop))?;
        let (frame, vault) = (context.clone(), self.vault.clone());
        self.store
            .read(move |tx| {
                let entry = Entry::load(tx, shop, id, &frame.actor)?;
                let mut answer = shown(&entry, &vault, &frame)?;
                answer["versions"] = json!(versions(tx, shop, &entry, &vault, entry.edited_by(&frame.actor))?);
                Ok::<_, Error>(answer)
            })
            .await
    }
}

fn shown(entry: &Entry, vault: &Vault, frame: &Context) -> Result<Value> {
    let edits = entry.edited_by(&frame.actor);
    let content = as_read(Content::open(vault, &entry.sealed)?, edits);
    Ok(json!({
        "id": entry.id, "kind": entry.kind, "scope": entry.belongs.scope, "team": entry.belongs.team, "code": entry.code,
        "scenarios": entry.scenarios, "content": content, "review_at": entry.review_at, "stale": stale(entry.review_at, frame.now),
        "used": entry.used, "version": entry.version, "changed_by": entry.changed_by, "changed_at": entry.changed_at, "editable": edits,
    }))
}

/// Whoever changes a text reads it as it stands; others read personal data masked.
fn as_read(content: Content, whole: bool) -> Content {
    if whole {
        return content;
    }
    Content {
        title_zh: masked(&content.title_zh),
        title_en: masked(&content.title_en),
        text_zh: masked(&content.text_zh),
        text_en: masked(&content.text_en),
        steps: content.steps.iter().map(|step| step.with_words(masked)).collect(),
    }
}

fn versions(tx: &mut Tx<'_>, shop: ShopId, entry: &Entry, vault: &Vault, whole: bool) -> Result<Vec<Value>> {
    let sql =
        "SELECT v.version, v.content_sealed, s.display_name, v.changed_at FROM knowledge_version v LEFT JOIN staff s ON s.id = v.changed_by
        WHERE v.shop_id = $1 AND v.id = $2 ORDER BY v.version DESC LIMIT $3";
    let read = |row: &Row| Ok((row.get::<i64>(0)?, row.get::<Vec<u8>>(1)?, row.get::<Option<String>>(2)?, row.get::<Micros>(3)?));
    let rows = tx.query(sql, &values![shop, entry.id, VERSIONS], read)?;
    rows.into_iter()
        .map(|(version, sealed, by, at)| {
            let content = as_read(Content::open(vault, &sealed)?, whole);
            Ok(json!({ "version": version, "content": content, "changed_by": by, "changed_at": at }))
        })
        .collect()
}
