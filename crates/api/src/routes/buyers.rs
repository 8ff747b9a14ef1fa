//! Buyers: one field in clear with a reason, and erasing for good; and finding a case by what one knows of it.

use crate::call::Call;
use crate::route::{Access::May, Route, ask, post};
use aftercare_app::buyer::{EraseBuyer, RevealField, RevealWords};
use aftercare_app::command::CaseRef;
use aftercare_app::search::Question;
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::people::Action;

pub(super) fn routes() -> Vec<Route> {
    vec![
        // A question, but what is looked for may be a phone number, and addresses end up in logs.
        ask(
            "/search",
            May(Action::Search),
            "Find cases by number, phone, waybill or words",
            async |call: Call, question: Question| call.desk.search(&call.context, question).await,
        ),
        post(
            "/shops/{shop}/buyers/{buyer}/reveal",
            May(Action::Reveal),
            "Show one field of a buyer in clear, on record",
            async |call: Call<(ShopId, Id)>, input: RevealField| {
                let (shop, buyer) = call.at;
                call.desk.reveal(&call.context, shop, buyer, input).await
            },
        ),
        post(
            "/shops/{shop}/cases/{case}/contacts/{id}/reveal",
            May(Action::Reveal),
            "Show in full what was said, on record",
            async |call: Call<(CaseRef, Id)>, input: RevealWords| {
                let (at, contact) = call.at;
                call.desk.reveal_words(&call.context, at, contact, input).await
            },
        ),
        post(
            "/shops/{shop}/buyers/{buyer}/erase",
            May(Action::EraseBuyer),
            "Erase a buyer's personal data for good",
            async |call: Call<(ShopId, Id)>, input: EraseBuyer| {
                let (shop, buyer) = call.at;
                call.desk.erase_buyer(&call.context, shop, buyer, input).await
            },
        ),
    ]
}
