//! A case as a whole: opening, the page, closing, reopening.

use crate::call::Call;
use crate::route::{Access::May, Empty, Route, get, post};
use aftercare_app::case::close::{CloseCase, ReopenCase};
use aftercare_app::case::open::OpenCase;
use aftercare_app::command::CaseRef;
use aftercare_domain::id::ShopId;
use aftercare_domain::people::Action;

pub(super) fn routes() -> Vec<Route> {
    vec![
        post(
            "/shops/{shop}/cases",
            May(Action::OpenCase),
            "Open a case, or join the open one of the same problem",
            async |call: Call<ShopId>, input: OpenCase| call.desk.open_case(&call.context, call.at, input).await,
        ),
        get("/shops/{shop}/cases/{case}", May(Action::ReadCase), "Everything the case page shows", async |call: Call<CaseRef>, _: Empty| {
            call.desk.case_view(&call.context, call.at).await
        }),
        get(
            "/shops/{shop}/cases/{case}/similar",
            May(Action::ReadCase),
            "Solved cases like this one, and how they ended",
            async |call: Call<CaseRef>, _: Empty| call.desk.similar_cases(&call.context, call.at).await,
        ),
        post("/shops/{shop}/cases/{case}/close", May(Action::Close), "Archive the case", async |call: Call<CaseRef>, input: CloseCase| {
            call.desk.close_case(&call.context, call.at, input).await
        })
        .versioned(),
        post(
            "/shops/{shop}/cases/{case}/reopen",
            May(Action::Reopen),
            "Open an archived case again",
            async |call: Call<CaseRef>, input: ReopenCase| call.desk.reopen_case(&call.context, call.at, input).await,
        ),
    ]
}
