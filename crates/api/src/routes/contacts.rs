//! What is said on a case: recorded, checked before it is sent, marked sent.

use crate::call::Call;
use crate::route::{Access::May, Empty, Route, ask, post};
use aftercare_app::case::contact::NewContact;
use aftercare_app::case::gate::CheckContact;
use aftercare_app::case::later::{ChangeLater, SendLater};
use aftercare_app::case::prepared::MarkSent;
use aftercare_app::command::CaseRef;
use aftercare_domain::id::Id;
use aftercare_domain::people::Action;

pub(super) fn routes() -> Vec<Route> {
    vec![
        post(
            "/shops/{shop}/cases/{case}/contacts",
            May(Action::Note),
            "Record a message, a call or an internal note; what goes to the buyer passes the contact gate",
            async |call: Call<CaseRef>, input: NewContact| call.desk.record_contact(&call.context, call.at, input).await,
        ),
        ask(
            "/shops/{shop}/cases/{case}/contacts/check",
            May(Action::Contact),
            "What the contact gate says to a text",
            async |call: Call<CaseRef>, input: CheckContact| call.desk.check_contact(&call.context, call.at, input).await,
        ),
        post(
            "/shops/{shop}/cases/{case}/later",
            May(Action::Contact),
            "Words that leave at a later time; the gate is asked again then",
            async |call: Call<CaseRef>, input: SendLater| call.desk.send_later(&call.context, call.at, input).await,
        ),
        post(
            "/shops/{shop}/cases/{case}/later/{id}/change",
            May(Action::Contact),
            "Another text or time for words that wait or were held back",
            async |call: Call<(CaseRef, Id)>, input: ChangeLater| call.desk.change_later(&call.context, call.at.0, call.at.1, input).await,
        ),
        post(
            "/shops/{shop}/cases/{case}/later/{id}/cancel",
            May(Action::Contact),
            "Take words back that have not left",
            async |call: Call<(CaseRef, Id)>, _: Empty| call.desk.cancel_later(&call.context, call.at.0, call.at.1).await,
        ),
        post(
            "/shops/{shop}/cases/{case}/contacts/{id}/sent",
            May(Action::Contact),
            "A prepared text was pasted and sent",
            async |call: Call<(CaseRef, Id)>, input: MarkSent| call.desk.mark_sent(&call.context, call.at.0, call.at.1, input).await,
        ),
        post(
            "/shops/{shop}/cases/{case}/contacts/{id}/drop",
            May(Action::Contact),
            "Drop a prepared text",
            async |call: Call<(CaseRef, Id)>, _: Empty| call.desk.drop_prepared(&call.context, call.at.0, call.at.1).await,
        ),
    ]
}
