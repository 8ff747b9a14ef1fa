//! Another time was agreed with the buyer: the old promise names its successor, which takes over effect and amount.

use crate::case::notice;
use crate::command::{Ask, CaseRef, Changed, Repeat};
use crate::error::Result;
use crate::ids::new_id;
use crate::promise::by_hand::{due, words};
use crate::promise::{self, NewPromise};
use crate::{Context, Desk};
use aftercare_domain::id::Id;
use aftercare_domain::people::Action;
use aftercare_domain::time::Micros;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// The new time and why.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RenegotiatePromise {
    /// By when; or `due_in_h`.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "date-time")]
    pub due_at: Option<Micros>,
    /// Hours from now.
    #[serde(default)]
    pub due_in_h: Option<i64>,
    /// Why, as it was told to the buyer; sealed.
    pub reason: String,
}

impl Desk {
    /// Puts a promise off. Counted along the chain; a broken one stays broken.
    pub async fn renegotiate_promise(&self, context: &Context, at: CaseRef, id: Id, input: RenegotiatePromise) -> Result<Changed> {
        words("reason", &input.reason)?;
        let due_at = due(context.now, input.due_at, input.due_in_h)?;
        let repeat = Repeat::of(context, format!("promise/{id}/renegotiate"), &input);
        let reason = self.case_key(at).await?.seal("promise.reason", &input.reason);
        self.change(context, at, Ask::promise(Action::RenegotiatePromise, id), false, repeat, move |change| {
            change.must_be_open()?;
            let old = promise::load(change, id)?;
            let successor = new_id(change.context.now);
            let (before, next) = old.promise.renegotiate(successor, change.context.now, due_at)?;
            promise::settle(change, &before, None, Some(reason.clone()))?;
            notice::drop_unsent(change, id)?;
            let put_off = next.put_off;
            change.event("promise_renegotiated", json!({ "promise": id, "successor": successor, "was": before.state, "put_off": put_off }));
            let new = NewPromise {
                team: next.team,
                owner: next.owner,
                due_at,
                text_sealed: old.text_sealed,
                amount_minor: old.amount_minor,
                effect: old.effect,
                offer: old.offer,
            };
            promise::insert(change, &next, new)?;
            Ok(json!({ "promise_id": successor, "put_off": put_off }))
        })
        .await
    }
}
