//! Bulk jobs: chosen cases and one action, rehearsed, started, steered, looked at.

use crate::call::Call;
use crate::route::{Access::May, Empty, Route, ask, get, post};
use aftercare_app::bulk::{NewBulk, RowsAsked, SteerBulk};
use aftercare_domain::id::Id;
use aftercare_domain::people::Action;

pub(super) fn routes() -> Vec<Route> {
    // The widest of what a job can do; each row asks for its own.
    let may = May(Action::Flag);
    vec![
        get("/bulk", may, "One's latest bulk jobs", async |call: Call, _: Empty| call.desk.bulk_jobs(&call.context).await),
        post("/bulk", may, "Open a bulk job over chosen cases; its rehearsal begins", async |call: Call, new: NewBulk| {
            call.desk.open_bulk(&call.context, new).await
        }),
        get("/bulk/{id}", may, "One bulk job", async |call: Call<Id>, _: Empty| call.desk.bulk_job(&call.context, call.at).await),
        get("/bulk/{id}/rows", may, "Its rows, each with what became of it", async |call: Call<Id>, asked: RowsAsked| {
            call.desk.bulk_rows(&call.context, call.at, asked).await
        }),
        ask("/bulk/{id}/steer", may, "Start, pause, go on, stop or try again", async |call: Call<Id>, steer: SteerBulk| {
            call.desk.steer_bulk(&call.context, call.at, steer).await
        }),
    ]
}
