//! What the buyer asks for on a case.

use crate::call::Call;
use crate::route::{Access::May, Empty, Route, post};
use aftercare_app::case::open::NewRequest;
use aftercare_app::case::request::agree::AgreeRequest;
use aftercare_app::case::request::ask::ChangeRequest;
use aftercare_app::case::request::refuse::RefuseRequest;
use aftercare_app::command::CaseRef;
use aftercare_domain::id::Id;
use aftercare_domain::people::Action;

pub(super) fn routes() -> Vec<Route> {
    vec![
        post(
            "/shops/{shop}/cases/{case}/requests",
            May(Action::Request),
            "Add a request of the buyer",
            async |call: Call<CaseRef>, input: NewRequest| call.desk.add_request(&call.context, call.at, input).await,
        ),
        post(
            "/shops/{shop}/cases/{case}/requests/{id}/change",
            May(Action::Request),
            "Change what is asked for",
            async |call: Call<(CaseRef, Id)>, input: ChangeRequest| {
                call.desk.change_request(&call.context, call.at.0, call.at.1, input).await
            },
        ),
        post(
            "/shops/{shop}/cases/{case}/requests/{id}/withdraw",
            May(Action::Request),
            "The buyer takes a request back",
            async |call: Call<(CaseRef, Id)>, _: Empty| call.desk.withdraw_request(&call.context, call.at.0, call.at.1).await,
        ),
        post(
            "/shops/{shop}/cases/{case}/requests/{id}/refuse",
            May(Action::RefuseRequest),
            "Refuse a request with reason and proof",
            async |call: Call<(CaseRef, Id)>, input: RefuseRequest| {
                call.desk.refuse_request(&call.context, call.at.0, call.at.1, input).await
            },
        )
        .versioned(),
        post(
            "/shops/{shop}/cases/{case}/requests/{id}/agree",
            May(Action::AgreeReturn),
            "Agree to take goods back",
            async |call: Call<(CaseRef, Id)>, input: AgreeRequest| {
                call.desk.agree_request(&call.context, call.at.0, call.at.1, input).await
            },
        )
        .versioned(),
    ]
}
