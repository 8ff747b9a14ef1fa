//! Texts that lie ready to be pasted into a platform's chat: marked sent by the person who did it, or dropped. Owns these commands.

use crate::case::contact::{Override, reason, went_out};
use crate::case::gate::{self, About};
use crate::command::{CaseRef, Change, Changed, Repeat};
use crate::error::{Result, not_found};
use crate::playbook::script::{self, Use};
use crate::{Context, Desk};
use aftercare_domain::id::Id;
use aftercare_domain::people::Action;
use aftercare_store::{Row, values};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// It was pasted and sent.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MarkSent {
    /// As it was really sent, where that differs; sealed.
    #[serde(default)]
    pub text: Option<String>,
    /// Although the gate refuses what may be lifted.
    #[serde(default, rename = "override")]
    pub over: Option<Override>,
}

struct Prepared {
    channel: String,
    text: String,
    marks: Vec<String>,
    script: Option<String>,
    subject: Option<Id>,
}

fn load(change: &mut Change<'_, '_>, id: Id) -> Result<Prepared> {
    let sql = "SELECT channel, body_sealed, marks, subject_id, gate FROM contact WHERE shop_id = $1 AND case_id = $2 AND id = $3 AND direction = 'out' AND sent_at IS NULL";
    let key = change.key()?;
    let read = |row: &Row| {
        let text = key.open("contact.body", &row.get::<Option<Vec<u8>>>(1)?.unwrap_or_default())?;
        let marks = serde_json::from_value(row.get::<Value>(2)?).unwrap_or_default();
        let script = row.get::<Value>(4)?["script"].as_str().map(str::to_owned);
        Ok(Prepared { channel: row.get(0)?, text, marks, script, subject: row.get(3)? })
    };
    change.tx.query_opt(sql, &values![change.case.shop, change.case.id, id], read)?.ok_or_else(|| not_found("prepared contact"))
}

impl Desk {
    /// Marks a prepared text as sent. The gate looks again: hours and facts may have changed since it was written.
    pub async fn mark_sent(&self, context: &Context, at: CaseRef, id: Id, input: MarkSent) -> Result<Changed> {
        reason(input.over.as_ref())?;
        if let Some(text) = &input.text {
            crate::promise::by_hand::words("text", text)?;
        }
        let repeat = Repeat::of(context, format!("contact/{id}/sent"), &input);
        self.change(context, at, Action::Contact, false, repeat, move |change| {
            let prepared = load(change, id)?;
            let text = input.text.as_ref().unwrap_or(&prepared.text);
            let (now, role) = (change.context.now, change.context.actor.who.role);
            let of = Use { script: prepared.script.as_deref(), channel: gate::channel(&prepared.channel)?, text };
            let fit = script::sent(change, of)?.fit;
            let about = About { channel: &prepared.channel, text, marks: &prepared.marks, role, now, fit };
            let judgement = gate::judge(change.tx, &change.case, about)?;
            gate::pass(change, &judgement, input.over.is_some())?;
            let key = change.key()?;
            let body = key.seal("contact.body", text);
            let why = input.over.as_ref().map(|over| key.seal("contact.override", &over.reason));
            let codes = gate::codes(&judgement);
            let sql = "UPDATE contact SET sent_at = $4, at = $4, actor_id = $5, body_sealed = $6, gate = $7, override_sealed = $8
                WHERE shop_id = $1 AND case_id = $2 AND id = $3";
            let record = json!({ "verdict": judgement.verdict, "reasons": codes, "script": prepared.script });
            let actor = change.context.actor.stored_id();
            change.tx.execute(sql, &values![change.case.shop, change.case.id, id, now, actor, body, record, why])?;
            change.event("contact_out", json!({ "contact": id, "channel": prepared.channel, "marks": prepared.marks, "gate": codes }));
            if let Some(promise) = prepared.subject {
                let sql = "UPDATE promise SET buyer_told_at = $4 WHERE shop_id = $1 AND case_id = $2 AND id = $3";
                change.tx.execute(sql, &values![change.case.shop, change.case.id, promise, now])?;
            }
            went_out(change, &prepared.channel, &prepared.marks)?;
            Ok(json!({ "contact_id": id, "sent": true }))
        })
        .await
    }

    /// Drops a prepared text.
    pub async fn drop_prepared(&self, context: &Context, at: CaseRef, id: Id) -> Result<Changed> {
        let repeat = Repeat::of(context, format!("contact/{id}/drop"), &());
        self.change(context, at, Action::Contact, false, repeat, move |change| {
            load(change, id)?;
            let sql = "DELETE FROM contact WHERE shop_id = $1 AND case_id = $2 AND id = $3 AND sent_at IS NULL";
            change.tx.execute(sql, &values![change.case.shop, change.case.id, id])?;
            change.event("notice_dropped", json!({ "contact": id }));
            Ok(json!({ "contact_id": id }))
        })
        .await
    }
}
