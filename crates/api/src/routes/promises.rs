//! Promises to the buyer, on a case and over all shops.

use crate::call::Call;
use crate::route::{Access::May, Route, get, post};
use aftercare_app::command::CaseRef;
use aftercare_app::promise::by_hand::{KeepPromise, MakePromise};
use aftercare_app::promise::renegotiate::RenegotiatePromise;
use aftercare_app::worklist::WorkQuery;
use aftercare_domain::id::Id;
use aftercare_domain::people::Action;
use serde::Deserialize;

/// Which page of a list of work.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    /// Only this team's.
    team: Option<String>,
    /// The `next` of the page before.
    cursor: Option<String>,
    /// Rows, up to 200.
    limit: Option<i64>,
}

impl Asked {
    pub(super) fn query(self) -> WorkQuery {
        WorkQuery { team: self.team, cursor: self.cursor, limit: self.limit }
    }
}

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/promises", May(Action::ReadPromises), "Promises that bind, the one due first on top", async |call: Call, asked: Asked| {
            call.desk.promises(&call.context, asked.query()).await
        }),
        post(
            "/shops/{shop}/cases/{case}/promises",
            May(Action::Promise),
            "Promise the buyer an act of the shop, with an end",
            async |call: Call<CaseRef>, input: MakePromise| call.desk.make_promise(&call.context, call.at, input).await,
        ),
        post(
            "/shops/{shop}/cases/{case}/promises/{id}/keep",
            May(Action::KeepPromise),
            "A promise was kept, with proof",
            async |call: Call<(CaseRef, Id)>, input: KeepPromise| call.desk.keep_promise(&call.context, call.at.0, call.at.1, input).await,
        ),
        post(
            "/shops/{shop}/cases/{case}/promises/{id}/renegotiate",
            May(Action::RenegotiatePromise),
            "Another time was agreed with the buyer",
            async |call: Call<(CaseRef, Id)>, input: RenegotiatePromise| {
                call.desk.renegotiate_promise(&call.context, call.at.0, call.at.1, input).await
            },
        ),
    ]
}
