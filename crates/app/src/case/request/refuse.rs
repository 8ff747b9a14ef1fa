//! The shop refuses a request, with its reason and proof. Owns this command; what a platform makes of it is the platform's answer.

use super::{dated, end, load};
use crate::case::facts;
use crate::command::{CaseRef, Changed, Repeat};
use crate::error::{Result, bad_input};
use crate::promise::by_hand::words;
use crate::{Context, Desk};
use aftercare_domain::case::Happened;
use aftercare_domain::id::Id;
use aftercare_domain::people::Action;
use aftercare_store::values;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Why it is refused.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefuseRequest {
    /// What the buyer is told; sealed.
    pub reason: String,
    /// What proves it: evidence or inspection by id, or words; sealed.
    #[serde(default)]
    pub proof: Option<String>,
}

impl Desk {
    /// Refuses a request; the units it held are free again, and the buyer may change it.
    pub async fn refuse_request(&self, context: &Context, at: CaseRef, id: Id, input: RefuseRequest) -> Result<Changed> {
        words("reason", &input.reason)?;
        if input.proof.as_ref().is_some_and(|proof| proof.len() > 2_000) {
            return Err(bad_input("proof", "at most 2000 bytes"));
        }
        let repeat = Repeat::of(context, format!("request/{id}/refuse"), &input);
        let note = json!({ "reason": input.reason, "proof": input.proof }).to_string();
        let note = self.case_key(at).await?.seal("request.note", &note);
        self.change(context, at, Action::RefuseRequest, true, repeat, move |change| {
            change.must_be_open()?;
            load(change, id)?.must_be(&["open", "modified"])?;
            end(change, id, "refused")?;
            let sql = "UPDATE request SET note_sealed = $4 WHERE shop_id = $1 AND case_id = $2 AND id = $3";
            change.tx.execute(sql, &values![change.case.shop, change.case.id, id, note.clone()])?;
            let before = change.case.facts.get("request.refusals").and_then(serde_json::Value::as_i64).unwrap_or(0);
            facts::set(change, "request.refusals", json!(before + 1));
            dated(change, "request.refused_at");
            change.event("request_refused", json!({ "request": id, "proof": input.proof.is_some() }));
            change.happened(Happened::Diagnosed)?;
            Ok(json!({ "request_id": id, "state": "refused" }))
        })
        .await
    }
}
