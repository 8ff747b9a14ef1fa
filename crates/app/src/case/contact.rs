//! Records one message or call, in or out, or an internal note. Owns the contact rows; what may be sent is the gate's decision.

use crate::case::deadline;
use crate::case::open::TEXT_LIMIT;
use crate::command::{CaseRef, Changed, Repeat};
use crate::error::{Result, bad_input};
use crate::ids::new_id;
use crate::{Context, Desk};
use aftercare_domain::people::Action;
use aftercare_store::values;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// One contact.
#[derive(Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewContact {
    /// `in` from the buyer, `out` to the buyer, `note` for colleagues only.
    pub direction: String,
    /// chat, phone, mail, portal, platform, agent, api.
    pub channel: String,
    /// The words; sealed.
    pub text: String,
    /// What it did, e.g. `apology`, `explanation`; marks steps as done.
    #[serde(default)]
    pub marks: Vec<String>,
}

impl Desk {
    /// Records a contact and marks the steps it did. Needs no version: nothing is overwritten.
    pub async fn record_contact(&self, context: &Context, at: CaseRef, input: NewContact) -> Result<Changed> {
        if !["in", "out", "note"].contains(&input.direction.as_str()) {
            return Err(bad_input("direction", "in, out or note"));
        }
        if input.text.is_empty() || input.text.len() > TEXT_LIMIT {
            return Err(bad_input("text", format!("1 to {TEXT_LIMIT} bytes")));
        }
        if input.marks.len() > 10
            || input.marks.iter().any(|mark| mark.len() > 40 || !mark.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'))
        {
            return Err(bad_input("marks", "up to 10 names of lower-case letters and _"));
        }
        let action = if input.direction == "note" { Action::Note } else { Action::Contact };
        let repeat = Repeat::of(context, format!("contact/{}", at.id), &input);
        let body = self.case_key(at).await?.seal("contact.body", &input.text);
        self.change(context, at, action, false, repeat, move |change| {
            let (now, id) = (change.context.now, new_id(change.context.now));
            const COLUMNS: &[&str] =
                &["shop_id", "case_id", "id", "at", "direction", "channel", "actor_id", "body_sealed", "marks", "sent_at"];
            let sent = (input.direction == "out").then_some(now);
            let row = values![
                change.case.shop,
                change.case.id,
                id,
                now,
                &input.direction,
                &input.channel,
                change.context.actor.stored_id(),
                body.clone(),
                json!(input.marks),
                sent
            ];
            change.tx.insert("contact", COLUMNS, row);
            let kind = match input.direction.as_str() {
                "in" => "contact_in",
                "out" => "contact_out",
                _ => "note_added",
            };
            change.event(kind, json!({ "contact": id, "channel": input.channel, "marks": input.marks }));
            if input.direction != "note" {
                change.case.last_contact_at = Some(now);
                change.case.last_contact_from = if input.direction == "in" { "buyer" } else { "agent" }.into();
            }
            if let Some(marks) = change.case.marks.as_object_mut() {
                marks.extend(input.marks.iter().map(|mark| (mark.clone(), json!(now))));
            }
            if input.direction == "out" {
                deadline::end(change, "sla.first_answer", None, "met")?;
            }
            Ok(json!({ "contact_id": id }))
        })
        .await
    }
}
