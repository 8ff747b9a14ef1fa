//! Whose case it is and whose move: assigning, waiting, the handover register.

use super::promises::Asked;
use crate::call::Call;
use crate::route::{Access::May, Empty, Route, get, post};
use aftercare_app::Result;
use aftercare_app::case::assign::Assign;
use aftercare_app::case::wait::Wait;
use aftercare_app::command::CaseRef;
use aftercare_app::error::not_found;
use aftercare_app::handover::give::HandOver;
use aftercare_domain::id::Id;
use aftercare_domain::people::Action;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub(super) fn routes() -> Vec<Route> {
    vec![
        post(
            "/shops/{shop}/cases/{case}/assign",
            May(Action::Assign),
            "Give the case to somebody, or back to the queue",
            async |call: Call<CaseRef>, input: Assign| call.desk.assign(&call.context, call.at, input).await,
        ),
        post(
            "/shops/{shop}/cases/{case}/wait",
            May(Action::Wait),
            "Say whose move it is, and until when",
            async |call: Call<CaseRef>, input: Wait| call.desk.wait(&call.context, call.at, input).await,
        ),
        get("/handover", May(Action::ReadHandover), "Cases handed over and not yet taken", async |call: Call, asked: Asked| {
            call.desk.handovers(&call.context, asked.query()).await
        }),
        post("/handover", May(Action::TakeHandover), "Hand cases over to the next shift", hand_over),
        post(
            "/handover/{id}/take",
            May(Action::TakeHandover),
            "Take a case over by name",
            async |call: Call<Id>, _: Empty| call.desk.take_handover(&call.context, call.at).await,
        ),
        post("/handover/take", May(Action::TakeHandover), "Take several cases over by name", async |call: Call, input: Entries| {
            call.desk.take_handovers(&call.context, &input.entries).await
        }),
    ]
}

/// Which entries of the register are taken over.
#[derive(Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Entries {
    /// Their ids, 100 at most.
    #[schema(value_type = Vec<String>)]
    entries: Vec<Id>,
}

/// What is handed over.
#[derive(Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Register {
    /// To whom, by name; absent: to whoever of the next shift takes it.
    #[serde(default)]
    to: Option<String>,
    /// The cases.
    cases: Vec<OneCase>,
    /// The next step in words; sealed.
    #[serde(default)]
    note: Option<String>,
}

/// A case by its address.
#[derive(Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct OneCase {
    /// The shop's code.
    shop: String,
    /// The case.
    #[schema(value_type = String, format = "uuid")]
    case_id: Id,
}

async fn hand_over(call: Call, input: Register) -> Result<Value> {
    let mut cases = Vec::with_capacity(input.cases.len());
    for one in &input.cases {
        let shop = call.visit.api.shop(&one.shop).await?.filter(|shop| call.context.actor.sees(*shop));
        cases.push(CaseRef { shop: shop.ok_or_else(|| not_found("shop"))?, id: one.case_id });
    }
    call.desk.hand_over(&call.context, HandOver { to: input.to, cases, note: input.note }).await
}
