//! The person behind a buyer: identities, marks, the joined history.

use crate::call::Call;
use crate::route::{Access::May, Empty, Route, get, post};
use aftercare_app::buyer::identity::JudgeIdentity;
use aftercare_app::buyer::mark::{MarksQuery, NewMark};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::people::Action::{MarkBuyer, ReadCase};

pub(super) fn routes() -> Vec<Route> {
    vec![
        get(
            "/shops/{shop}/buyers/{buyer}",
            May(ReadCase),
            "The person behind a buyer: identities, marks, joined history",
            async |call: Call<(ShopId, Id)>, _: Empty| call.desk.person(&call.context, call.at.0, call.at.1).await,
        ),
        post(
            "/shops/{shop}/buyers/{buyer}/identities",
            May(MarkBuyer),
            "Say whether two identities are one person, or take it back",
            async |call: Call<(ShopId, Id)>, it: JudgeIdentity| {
                call.desk.judge_identity(&call.context, call.at.0, call.at.1, it).await.map(|()| Empty {})
            },
        ),
        post(
            "/shops/{shop}/buyers/{buyer}/marks",
            May(MarkBuyer),
            "Set a risk note or block-list entry with a reason, for a time",
            async |call: Call<(ShopId, Id)>, it: NewMark| call.desk.mark_buyer(&call.context, call.at.0, call.at.1, it).await,
        ),
        get("/shops/{shop}/marks", May(MarkBuyer), "Marks on buyers that have not ended", async |call: Call<ShopId>, it: MarksQuery| {
            call.desk.marks(&call.context, call.at, it).await
        }),
        post("/shops/{shop}/marks/{id}/end", May(MarkBuyer), "End a mark before its time", async |call: Call<(ShopId, Id)>, _: Empty| {
            call.desk.end_mark(&call.context, call.at.0, call.at.1).await.map(|()| Empty {})
        }),
    ]
}
