//! Work with others around a case: claims on carriers, side threads; and the shop's own fields.

use crate::call::Call;
use crate::route::{Access::May, Empty, Route, get, post};
use aftercare_app::carrier_claim::{NewClaim, SettleClaim};
use aftercare_app::command::CaseRef;
use aftercare_app::custom_field::Field;
use aftercare_app::side_thread::{NewMessage, NewThread};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::people::Action;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Values by the code of their field.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CustomValues {
    /// `null` takes a value away.
    #[serde(flatten)]
    #[schema(value_type = Object)]
    values: Map<String, Value>,
}

pub(super) fn routes() -> Vec<Route> {
    vec![
        post(
            "/shops/{shop}/cases/{case}/carrier-claims",
            May(Action::ClaimCarrier),
            "Open a claim on the carrier",
            async |call: Call<CaseRef>, input: NewClaim| call.desk.open_claim(&call.context, call.at, input).await,
        ),
        post(
            "/shops/{shop}/cases/{case}/carrier-claims/{id}/settle",
            May(Action::ClaimCarrier),
            "Book what the carrier paid",
            async |call: Call<(CaseRef, Id)>, input: SettleClaim| call.desk.settle_claim(&call.context, call.at.0, call.at.1, input).await,
        ),
        post(
            "/shops/{shop}/cases/{case}/side-threads",
            May(Action::Note),
            "Begin a thread with a third party",
            async |call: Call<CaseRef>, input: NewThread| call.desk.begin_thread(&call.context, call.at, input).await,
        ),
        post(
            "/shops/{shop}/cases/{case}/side-threads/{id}/messages",
            May(Action::Note),
            "Add a message to a thread",
            async |call: Call<(CaseRef, Id)>, input: NewMessage| {
                call.desk.add_side_message(&call.context, call.at.0, call.at.1, input).await
            },
        ),
        post(
            "/shops/{shop}/cases/{case}/custom",
            May(Action::Classify),
            "Set the shop's own fields",
            async |call: Call<CaseRef>, input: CustomValues| call.desk.set_custom(&call.context, call.at, input.values).await,
        ),
        get(
            "/shops/{shop}/custom-fields",
            May(Action::ReadCase),
            "The shop's own fields",
            async |call: Call<ShopId>, _: Empty| call.desk.custom_fields(&call.context, call.at).await,
        ),
        post(
            "/shops/{shop}/custom-fields",
            May(Action::ManageSettings),
            "Add a field of the shop's own, or reword it",
            async |call: Call<ShopId>, input: Field| call.desk.put_custom_field(&call.context, call.at, input).await,
        ),
    ]
}
