//! The shop refuses a request, with its reason and proof. Owns this command; what a platform makes of it is the platform's answer.

use super::{dated, end, load, on_platform};
use crate::case::facts;
use crate::command::{CaseRef, Change, Changed, Repeat};
use crate::error::{Result, bad_input};
use crate::promise::by_hand::words;
use crate::{Context, Desk};
use aftercare_domain::case::Happened;
use aftercare_domain::effect::Kind;
use aftercare_domain::id::Id;
use aftercare_domain::inspection::{Condition, may_refuse};
use aftercare_domain::people::Action;
use aftercare_domain::refusal::Code;
use aftercare_store::{Row, values};
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
            let request = load(change, id)?;
            request.must_be(&["open", "modified", "agreed"])?;
            if request.state == "agreed" {
                found_wanting(change)?;
            }
            if request.kind == "refund_only" && input.proof.as_ref().is_none_or(|proof| proof.trim().is_empty()) {
                not_yet_shipped(change)?;
            }
            end(change, id, "refused")?;
            let sql = "UPDATE request SET note_sealed = $4 WHERE shop_id = $1 AND case_id = $2 AND id = $3";
            change.tx.execute(sql, &values![change.case.shop, change.case.id, id, note.clone()])?;
            let before = change.case.facts.get("request.refusals").and_then(serde_json::Value::as_i64).unwrap_or(0);
            facts::set(change, "request.refusals", json!(before + 1));
            dated(change, "request.refused_at");
            change.event("request_refused", json!({ "request": id, "proof": input.proof.is_some() }));
            change.happened(Happened::Diagnosed)?;
            let effect = on_platform::tell(change, Kind::RefuseRequest, id, "请在平台上拒绝这个申请，并上传凭证")?;
            Ok(json!({ "request_id": id, "state": "refused", "effect_id": effect }))
        })
        .await
    }
}

/// Without proof a refund is refused only while the goods are still here: whoever sent them has to show where they are (requirement B2).
fn not_yet_shipped(change: &mut Change<'_, '_>) -> Result<()> {
    let sql = "SELECT 1 FROM orders WHERE shop_id = $1 AND id = $2 AND shipped_at IS NOT NULL";
    match change.tx.query_opt(sql, &values![change.case.shop, change.case.order], |_| Ok(()))? {
        Some(()) => Err(Code::ProofMissing.into()),
        None => Ok(()),
    }
}

/// What was agreed to is refused only for what the inspection found in the parcel, with its video.
fn found_wanting(change: &mut Change<'_, '_>) -> Result<()> {
    let sql = "SELECT verdict, video FROM inspection WHERE shop_id = $1 AND case_id = $2 ORDER BY id DESC LIMIT 1";
    let read = |row: &Row| Ok((row.get::<String>(0)?, row.get::<bool>(1)?));
    let found = change.tx.query_opt(sql, &values![change.case.shop, change.case.id], read)?;
    let (worst, video) = found.map_or((None, false), |(verdict, video)| (Condition::parse(&verdict), video));
    Ok(may_refuse(worst, video)?)
}
