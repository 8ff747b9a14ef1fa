//! Colleagues on one case: who watches it, who is there, and what each is told of.

use crate::call::Call;
use crate::route::{Access::May, Route, ask, get, post};
use aftercare_app::case::watcher::Watch;
use aftercare_app::command::CaseRef;
use aftercare_app::notification::{MarkRead, NotificationsQuery};
use aftercare_app::presence::Sign;
use aftercare_domain::people::Action;

pub(super) fn routes() -> Vec<Route> {
    vec![
        post(
            "/shops/{shop}/cases/{case}/watch",
            May(Action::ReadCase),
            "Be told of what happens on a case, or no longer",
            async |call: Call<CaseRef>, input: Watch| call.desk.watch_case(&call.context, call.at, input).await,
        ),
        ask(
            "/shops/{shop}/cases/{case}/presence",
            May(Action::ReadCase),
            "Say that one is on the case, and hear who else is",
            async |call: Call<CaseRef>, sign: Sign| call.desk.present(&call.context, call.at, sign).await,
        ),
        get("/notifications", May(Action::ReadQueue), "What one is told of, newest first", async |call: Call, of: NotificationsQuery| {
            call.desk.notifications(&call.context, of).await
        }),
        post("/notifications/read", May(Action::ReadQueue), "Mark notifications as read", async |call: Call, input: MarkRead| {
            call.desk.mark_read(&call.context, input).await
        }),
    ]
}
