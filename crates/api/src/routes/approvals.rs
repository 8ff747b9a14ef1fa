//! Approvals: asked on a case, decided by a second person.

use super::promises::Asked;
use crate::call::Call;
use crate::route::{Access::May, Route, get, post};
use aftercare_app::approval::{Approve, AskApproval, Decline};
use aftercare_app::command::CaseRef;
use aftercare_domain::id::Id;
use aftercare_domain::people::Action;

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/approvals", May(Action::ReadApprovals), "Approvals that wait for an answer, oldest first", async |call: Call, asked: Asked| {
            call.desk.approvals(&call.context, asked.query()).await
        }),
        post(
            "/shops/{shop}/cases/{case}/approvals",
            May(Action::AskApproval),
            "Ask for the approval of one exact amount",
            async |call: Call<CaseRef>, input: AskApproval| call.desk.ask_approval(&call.context, call.at, input).await,
        ),
        post(
            "/shops/{shop}/cases/{case}/approvals/{id}/approve",
            May(Action::ApproveRefund),
            "Say yes, to the amount asked or another one",
            async |call: Call<(CaseRef, Id)>, input: Approve| call.desk.approve(&call.context, call.at.0, call.at.1, input).await,
        ),
        post(
            "/shops/{shop}/cases/{case}/approvals/{id}/decline",
            May(Action::ApproveRefund),
            "Say no to what was asked",
            async |call: Call<(CaseRef, Id)>, input: Decline| call.desk.decline(&call.context, call.at.0, call.at.1, input).await,
        ),
    ]
}
