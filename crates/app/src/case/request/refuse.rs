//! The shop refuses a request, with its reason and proof. Owns this command; what a platform makes of it is the platform's answer.

use super::{Request, dated, end, load, on_platform};
use crate::case::facts;
use crate::command::{CaseRef, Change, Changed, Repeat};
use crate::error::{Result, bad_input};
use crate::promise::by_hand::words;
use crate::{Context, Desk};
use aftercare_domain::case::Happened;
use aftercare_domain::effect::Kind;
use aftercare_domain::id::Id;
use aftercare_domain::inspection::{Condition, may_refuse};
use aftercare_domain::parcel::Verdict;
use aftercare_domain::people::Action;
use aftercare_domain::refund::may_refuse as may_refuse_refund;
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
            if request.kind == "refund_only" {
                let proof = input.proof.as_ref().is_some_and(|proof| !proof.trim().is_empty());
                may_refuse_refund(left(change, &request)?, proof, &traces(change)?)?;
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

/// Whether some of what the request is about has left the shop; without lines it is about the whole order.
fn left(change: &mut Change<'_, '_>, request: &Request) -> Result<bool> {
    let sql = "SELECT line_no FROM order_line WHERE shop_id = $1 AND order_id = $2 AND shipped > 0 ORDER BY line_no LIMIT 500";
    let shipped = change.tx.query(sql, &values![change.case.shop, change.case.order], |row| row.get::<i64>(0))?;
    let asked = |no: &i64| request.lines.is_empty() || request.lines.iter().any(|line| line.line_no == *no);
    Ok(shipped.iter().any(asked))
}

/// What the traces of the order's own parcels amount to.
fn traces(change: &mut Change<'_, '_>) -> Result<Vec<Verdict>> {
    let sql = "SELECT verdict FROM parcel WHERE shop_id = $1 AND order_id = $2 AND order_id IS NOT NULL AND direction = 'out'
        AND purpose = 'order' ORDER BY id LIMIT 50";
    let found = change.tx.query(sql, &values![change.case.shop, change.case.order], |row| row.get::<String>(0))?;
    Ok(found.iter().filter_map(|verdict| Verdict::parse(verdict)).collect())
}

/// What was agreed to is refused only for what the inspection found in the parcel, with its video.
fn found_wanting(change: &mut Change<'_, '_>) -> Result<()> {
    let sql = "SELECT verdict, video FROM inspection WHERE shop_id = $1 AND case_id = $2 ORDER BY id DESC LIMIT 1";
    let read = |row: &Row| Ok((row.get::<String>(0)?, row.get::<bool>(1)?));
    let found = change.tx.query_opt(sql, &values![change.case.shop, change.case.id], read)?;
    let (worst, video) = found.map_or((None, false), |(verdict, video)| (Condition::parse(&verdict), video));
    Ok(may_refuse(worst, video)?)
}
