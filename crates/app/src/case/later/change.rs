//! Changes words that wait, or when they leave; what was held back gets its next try that way. Owns the command.

use super::schedule::{Words, judge};
use super::{FIELD, live, set_timer};
use crate::case::contact::Author;
use crate::command::{CaseRef, Changed, Repeat};
use crate::error::Result;
use crate::{Context, Desk};
use aftercare_domain::contact::Later;
use aftercare_domain::id::Id;
use aftercare_domain::people::Action;
use aftercare_domain::time::Micros;
use aftercare_store::values;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Words as they shall leave.
#[derive(Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeLater {
    /// Other words; absent: as written.
    #[serde(default)]
    pub text: Option<String>,
    /// When; absent: now.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "date-time")]
    pub send_at: Option<Micros>,
}

impl Desk {
    /// Gives waiting words another text or time. Other words are those of whoever wrote them, who answers for them from now on.
    pub async fn change_later(&self, context: &Context, at: CaseRef, id: Id, input: ChangeLater) -> Result<Changed> {
        if let Some(text) = &input.text {
            crate::promise::by_hand::words("text", text)?;
        }
        let repeat = Repeat::of(context, format!("later/{id}/change"), &input);
        self.change(context, at, Action::Contact, false, repeat, move |change| {
            change.must_be_open()?;
            let stored = live(change, id)?;
            let key = change.key()?;
            let text = match &input.text {
                Some(text) => text.clone(),
                None => key.open(FIELD, &stored.body)?,
            };
            let (now, send_at) = (change.context.now, input.send_at.unwrap_or(change.context.now));
            let (channel, script, knowledge) = (stored.channel.as_str(), stored.script.as_deref(), stored.knowledge);
            judge(change, &Words { channel, text: &text, marks: &stored.marks, script, knowledge, send_at })?;
            let sql =
                "UPDATE later_send SET body_sealed = $4, send_at = $5, state = $6, reasons = '[]', allowed_from = NULL, written_at = $7,
                actor_id = $8, actor_role = $9 WHERE shop_id = $1 AND case_id = $2 AND id = $3";
            let body = key.seal(FIELD, &text);
            let author = if input.text.is_some() { Author::of(change) } else { stored.author };
            let (state, role) = (Later::Waiting.as_str(), author.role.as_str());
            change.tx.execute(sql, &values![change.case.shop, change.case.id, id, body, send_at, state, now, author.id, role])?;
            set_timer(change, id, send_at)?;
            change.event("later_changed", json!({ "later": id, "send_at": send_at }));
            Ok(json!({ "later_id": id, "send_at": send_at }))
        })
        .await
    }
}
