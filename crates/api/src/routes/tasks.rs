//! Tasks for other teams, on a case and over all shops.

use super::promises::Asked;
use crate::call::Call;
use crate::route::{Access::May, Empty, Route, get, post};
use aftercare_app::command::CaseRef;
use aftercare_app::task::by_hand::OpenTask;
use aftercare_app::task::done::TaskDone;
use aftercare_domain::id::Id;
use aftercare_domain::people::Action;

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/tasks", May(Action::ReadTasks), "Open tasks, the one due first on top", async |call: Call, asked: Asked| {
            call.desk.tasks(&call.context, asked.query()).await
        }),
        post(
            "/shops/{shop}/cases/{case}/tasks",
            May(Action::OpenTask),
            "Open a task in another team's queue",
            async |call: Call<CaseRef>, input: OpenTask| call.desk.open_task(&call.context, call.at, input).await,
        ),
        post(
            "/shops/{shop}/cases/{case}/tasks/{id}/take",
            May(Action::TakeTask),
            "Take a task of one's team",
            async |call: Call<(CaseRef, Id)>, _: Empty| call.desk.take_task(&call.context, call.at.0, call.at.1).await,
        ),
        post(
            "/shops/{shop}/cases/{case}/tasks/{id}/done",
            May(Action::DoneTask),
            "A task is done; what was found out becomes known to the case",
            async |call: Call<(CaseRef, Id)>, input: TaskDone| call.desk.task_done(&call.context, call.at.0, call.at.1, input).await,
        ),
        post(
            "/shops/{shop}/cases/{case}/tasks/{id}/cancel",
            May(Action::CancelTask),
            "A task is no longer needed",
            async |call: Call<(CaseRef, Id)>, _: Empty| call.desk.cancel_task(&call.context, call.at.0, call.at.1).await,
        ),
    ]
}
