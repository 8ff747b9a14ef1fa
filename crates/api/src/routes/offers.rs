//! Offers to the buyer.

use crate::call::Call;
use crate::route::{Access::May, Route, post};
use aftercare_app::command::CaseRef;
use aftercare_app::offer::answer::AnswerOffer;
use aftercare_app::offer::draft::NewOffer;
use aftercare_app::offer::send::SendOffer;
use aftercare_domain::id::Id;
use aftercare_domain::people::Action;

pub(super) fn routes() -> Vec<Route> {
    vec![
        post(
            "/shops/{shop}/cases/{case}/offers",
            May(Action::Offer),
            "Draft an offer; above one's authority it needs an approval",
            async |call: Call<CaseRef>, input: NewOffer| call.desk.draft_offer(&call.context, call.at, input).await,
        ),
        post(
            "/shops/{shop}/cases/{case}/offers/{id}/send",
            May(Action::SendOffer),
            "Send an offer that says all five things",
            async |call: Call<(CaseRef, Id)>, input: SendOffer| call.desk.send_offer(&call.context, call.at.0, call.at.1, input).await,
        )
        .versioned(),
        post(
            "/shops/{shop}/cases/{case}/offers/{id}/answer",
            May(Action::AnswerOffer),
            "Record the buyer's answer; accepted, it is carried out",
            async |call: Call<(CaseRef, Id)>, input: AnswerOffer| call.desk.answer_offer(&call.context, call.at.0, call.at.1, input).await,
        )
        .versioned(),
    ]
}
