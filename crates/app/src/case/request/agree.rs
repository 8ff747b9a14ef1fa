//! The shop agrees to take goods back. Owns the agreement; the buyer's parcel and the money that follows are other modules'.

use super::{dated, load, on_platform};
use crate::command::{CaseRef, Change, Changed, Repeat};
use crate::error::{Result, bad_input};
use crate::{Context, Desk};
use aftercare_domain::case::Happened;
use aftercare_domain::effect::Kind;
use aftercare_domain::id::Id;
use aftercare_domain::people::Action;
use aftercare_domain::refusal::{Code, Refusal};
use aftercare_store::values;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// How the goods come back.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AgreeRequest {
    /// self_sent, pickup, none (nothing comes back).
    pub method: String,
    /// The shop's address to send to; sealed.
    #[serde(default)]
    pub address: Option<String>,
}

const METHODS: &[&str] = &["self_sent", "pickup", "none"];
/// Kinds in which goods come back. Others are answered by what is done: a refund, a payout, a shipment.
const RETURNS: &[&str] = &["return_refund", "exchange", "repair"];

/// Agrees to a live return request inside a change.
pub(crate) fn agreed(change: &mut Change<'_, '_>, id: Id, method: &str, address_sealed: Option<Vec<u8>>) -> Result<Value> {
    let request = load(change, id)?;
    request.must_be(&["open", "modified"])?;
    if !RETURNS.contains(&request.kind.as_str()) {
        return Err(Refusal::new(Code::NoReturn).with("kind", &request.kind).into());
    }
    let sql =
        "UPDATE request SET state = 'agreed', note_sealed = COALESCE($4, note_sealed) WHERE shop_id = $1 AND case_id = $2 AND id = $3";
    change.tx.execute(sql, &values![change.case.shop, change.case.id, id, address_sealed])?;
    change.event("request_agreed", json!({ "request": id, "kind": request.kind, "method": method, "lines": request.lines }));
    dated(change, "request.agreed_at");
    // an intervention stops the platform's clocks until the shop agrees; what was left of them runs on (Tmall rule TM-20010534)
    change.unmark("platform_decides");
    change.happened(Happened::WorkStarted)?;
    let effect = on_platform::tell(change, Kind::AgreeReturn, id, "请在平台上同意这个退货申请，并填退货地址")?;
    Ok(json!({ "request_id": id, "state": "agreed", "effect_id": effect }))
}

impl Desk {
    /// Agrees to a return, exchange or repair.
    pub async fn agree_request(&self, context: &Context, at: CaseRef, id: Id, input: AgreeRequest) -> Result<Changed> {
        if !METHODS.contains(&input.method.as_str()) {
            return Err(bad_input("method", format!("one of {}", METHODS.join(", "))));
        }
        if input.address.as_ref().is_some_and(|address| address.len() > 500) {
            return Err(bad_input("address", "at most 500 bytes"));
        }
        let repeat = Repeat::of(context, format!("request/{id}/agree"), &input);
        let key = self.case_key(at).await?;
        let address = input.address.as_ref().map(|address| key.seal("request.note", &json!({ "address": address }).to_string()));
        self.change(context, at, Action::AgreeReturn, true, repeat, move |change| {
            change.must_be_open()?;
            agreed(change, id, &input.method, address.clone())
        })
        .await
    }
}
