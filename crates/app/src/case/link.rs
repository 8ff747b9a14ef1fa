//! Cases that belong together: related ones, and the incident (bad batch, lost van) with its children. Owns the links.

use crate::case::contact::{NewContact, Saying, marks, say};
use crate::case::gate;
use crate::case::merge::must_be_there;
use crate::case::open::TEXT_LIMIT;
use crate::command::{CaseRef, Change, Changed, Repeat};
use crate::error::{Error, Result, bad_input};
use crate::{Context, Desk};
use aftercare_domain::id::Id;
use aftercare_domain::people::Action;
use aftercare_domain::time::Micros;
use aftercare_store::{Row, Tx, values};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// What is linked.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkCase {
    /// The other case of the shop.
    #[schema(value_type = String, format = "uuid")]
    pub other: Id,
    /// related; incident (this case is the incident, the other one of its children); reordered.
    pub kind: String,
    /// Takes the link back.
    #[serde(default)]
    pub undo: bool,
}

const KINDS: &[&str] = &["related", "incident", "reordered"];
/// Children one reply reaches.
const CHILDREN: i64 = 500;

/// Notes a link; one taken back before holds again.
pub(crate) fn put(change: &mut Change<'_, '_>, other: Id, kind: &str) -> Result<()> {
    let sql = "INSERT INTO case_link (shop_id, case_id, other_id, kind, at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (shop_id, case_id, other_id, kind) DO UPDATE SET undone_at = NULL, at = excluded.at";
    change.tx.execute(sql, &values![change.case.shop, change.case.id, other, kind, change.context.now])?;
    Ok(())
}

/// Takes a link back.
pub(crate) fn undo(change: &mut Change<'_, '_>, other: Id, kind: &str) -> Result<()> {
    let sql =
        "UPDATE case_link SET undone_at = $5 WHERE shop_id = $1 AND case_id = $2 AND other_id = $3 AND kind = $4 AND undone_at IS NULL";
    change.tx.execute(sql, &values![change.case.shop, change.case.id, other, kind, change.context.now])?;
    Ok(())
}

/// The links of a case in both directions, with the other's number and stage.
pub(crate) fn shown(tx: &mut Tx<'_>, at: CaseRef) -> Result<Value> {
    let sql = "SELECT l.kind, l.other_id, 0, l.at, c.case_no, c.title, c.stage, c.open FROM case_link l JOIN cases c ON c.shop_id = l.shop_id AND c.id = l.other_id
        WHERE l.shop_id = $1 AND l.case_id = $2 AND l.undone_at IS NULL
        UNION ALL SELECT l.kind, l.case_id, 1, l.at, c.case_no, c.title, c.stage, c.open FROM case_link l JOIN cases c ON c.shop_id = l.shop_id AND c.id = l.case_id
        WHERE l.shop_id = $1 AND l.other_id = $2 AND l.undone_at IS NULL LIMIT $3";
    let read = |row: &Row| {
        Ok(
            json!({ "kind": row.get::<String>(0)?, "case_id": row.get::<Id>(1)?, "from_other": row.get::<i64>(2)? == 1, "at": row.get::<Micros>(3)?,
            "case_no": row.get::<String>(4)?, "title": row.get::<String>(5)?, "stage": row.get::<String>(6)?, "open": row.get::<bool>(7)? }),
        )
    };
    Ok(Value::from(tx.query(sql, &values![at.shop, at.id, CHILDREN], read)?))
}

impl Desk {
    /// Links two cases, or takes the link back.
    pub async fn link_case(&self, context: &Context, at: CaseRef, input: LinkCase) -> Result<Changed> {
        if !KINDS.contains(&input.kind.as_str()) || input.other == at.id {
            return Err(bad_input("kind", format!("one of {}, with another case", KINDS.join(", "))));
        }
        let repeat = Repeat::of(context, format!("link/{}", at.id), &input);
        self.change(context, at, Action::Merge, false, repeat, move |change| {
            must_be_there(change, input.other)?;
            if input.undo {
                undo(change, input.other, &input.kind)?;
            } else {
                put(change, input.other, &input.kind)?;
            }
            change.event(if input.undo { "case_unlinked" } else { "case_linked" }, json!({ "other": input.other, "kind": input.kind }));
            Ok(json!({}))
        })
        .await
    }

    /// One reply to the buyers of all open children of an incident. Each passes the gate of its own case and answers for itself.
    pub async fn reply_to_children(&self, context: &Context, at: CaseRef, input: NewContact) -> Result<Value> {
        if input.text.is_empty() || input.text.len() > TEXT_LIMIT || input.over.is_some() {
            return Err(bad_input("text", format!("1 to {TEXT_LIMIT} bytes, without an override")));
        }
        gate::channel(&input.channel)?;
        let marks = marks(&input.marks)?;
        let sql = "SELECT c.id FROM case_link l JOIN cases c ON c.shop_id = l.shop_id AND c.id = l.other_id AND c.open = 1
            WHERE l.shop_id = $1 AND l.case_id = $2 AND l.kind = 'incident' AND l.undone_at IS NULL ORDER BY c.id LIMIT $3";
        let children =
            self.store.read(move |tx| Ok::<_, Error>(tx.query(sql, &values![at.shop, at.id, CHILDREN], |row| row.get::<Id>(0))?)).await?;
        let context = Context { if_match: None, ..context.clone() };
        let mut items = Vec::new();
        for id in children {
            let child = CaseRef { shop: at.shop, id };
            let repeat = Repeat::of(&context, format!("contact/{id}"), &input);
            let (text, channel, script, marks) = (input.text.clone(), input.channel.clone(), input.script.clone(), marks.clone());
            let sent = self.change(&context, child, Action::Contact, false, repeat, move |change| {
                let saying = Saying {
                    channel: &channel,
                    text: &text,
                    marks: &marks,
                    script: script.as_deref(),
                    knowledge: None,
                    over: None,
                    offer: None,
                };
                Ok(json!({ "contact_id": say(change, &saying)? }))
            });
            items.push(match sent.await {
                Ok(changed) => json!({ "case_id": id, "contact_id": changed.result["contact_id"], "version": changed.version }),
                Err(Error::Refused(refusal)) => json!({ "case_id": id, "refused": refusal.code.as_str() }),
                Err(error) => return Err(error),
            });
        }
        Ok(json!({ "items": items }))
    }
}
