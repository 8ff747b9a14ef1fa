//! What was said on a case.

use crate::call::Call;
use crate::route::{Access::May, Route, post};
use aftercare_app::case::contact::NewContact;
use aftercare_app::command::CaseRef;
use aftercare_domain::people::Action;

pub(super) fn routes() -> Vec<Route> {
    vec![post(
        "/shops/{shop}/cases/{case}/contacts",
        May(Action::Note),
        "Record a message, a call or an internal note",
        async |call: Call<CaseRef>, input: NewContact| call.desk.record_contact(&call.context, call.at, input).await,
    )]
}
