//! A parcel from the shelf of unknown ones (无主件) finds its case. Owns that it has none before.

use super::request_of;
use crate::command::{CaseRef, Changed, Repeat};
use crate::error::Result;
use crate::parcel::ParcelRow;
use crate::{Context, Desk};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::people::Action;
use aftercare_domain::refusal::{Code, Refusal};
use aftercare_store::values;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Whose it is.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClaimParcel {
    /// The case.
    #[schema(value_type = String, format = "uuid")]
    pub case_id: Id,
}

impl Desk {
    /// Puts an unknown parcel on a case.
    pub async fn claim_parcel(&self, context: &Context, shop: ShopId, parcel: Id, input: ClaimParcel) -> Result<Changed> {
        let repeat = Repeat::of(context, format!("returns/claim/{parcel}"), &input);
        let at = CaseRef { shop, id: input.case_id };
        self.change(context, at, Action::ReturnWaybill, false, repeat, move |change| {
            change.must_be_open()?;
            let (shop, case) = (change.case.shop, change.case.id);
            let row = ParcelRow::lock(change.tx, shop, parcel)?;
            if let Some(other) = row.case {
                let sql = "SELECT case_no FROM cases WHERE shop_id = $1 AND id = $2";
                let no = change.tx.query_opt(sql, &values![shop, other], |row| row.get::<String>(0))?.unwrap_or_default();
                return Err(Refusal::new(Code::ParcelClaimed).with("case_no", no).into());
            }
            let request = request_of(change.tx, shop, case, None)?;
            let lines = request.as_ref().map(|(_, lines)| lines.clone()).unwrap_or_default();
            let sql = "UPDATE parcel SET case_id = $3, order_id = COALESCE(order_id, $4), request_id = $5, lines = $6 WHERE shop_id = $1 AND id = $2";
            change.tx.execute(sql, &values![shop, parcel, case, change.case.order, request.map(|(id, _)| id), json!(lines)])?;
            change.event("return_claimed", json!({ "parcel": parcel, "lines": lines }));
            Ok(json!({ "parcel_id": parcel }))
        })
        .await
    }
}
