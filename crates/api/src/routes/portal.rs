//! The buyer's own page: finding an order, and what is done with its ticket. Public: order number and phone, then the ticket, are the proof.
//!
//! The ticket travels in a header, so that it stands in no address and no log.

use crate::call::Visit;
use crate::openapi::Described;
use crate::route::{Route, json, public};
use aftercare_app::Result;
use aftercare_app::error::not_found;
use aftercare_app::portal::{BuyerAnswered, Kept, FindOrder, Guest, BuyerAnswer, BuyerPhoto, BuyerRating, BuyerReport, PortalTicket, BuyerWords};
use aftercare_domain::id::Id;
use axum::Json;
use axum::http::Method;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// The header of the ticket.
const TICKET: &str = "x-portal-ticket";
/// Bytes of a photo's body.
const PHOTO: usize = 800 * 1024;

pub(super) fn routes() -> Vec<Route> {
    let command = |path, about, shape: fn(&mut Described), run: fn(Visit) -> crate::route::Answering| Route {
        keyed: true,
        ..public(Method::POST, path, about, shape, run)
    };
    vec![
        public(
            Method::POST,
            "/portal/find",
            "Get a ticket for an order by its number and the end of the buyer's phone",
            |it| it.body::<FindOrder>().answer::<PortalTicket>(),
            find,
        ),
        public(
            Method::GET,
            "/portal/order",
            "The ticket's order and the progress of its problems, as its buyer may see them",
            |it| it.answer::<serde_json::Value>(),
            async |visit: Visit| answered(guest(&visit).await?.page().await?),
        ),
        command(
            "/portal/cases",
            "The buyer reports a problem",
            |it| it.body::<BuyerReport>().answer::<Kept>(),
            |visit| Box::pin(async move { answered(guest(&visit).await?.report(json(&visit)?).await?) }),
        ),
        command(
            "/portal/cases/{case}/messages",
            "The buyer says something more, or whether it is solved",
            |it| it.body::<BuyerWords>().answer::<Kept>(),
            |visit| Box::pin(async move { answered(guest(&visit).await?.say(case(&visit)?, &json(&visit)?).await?) }),
        ),
        command(
            "/portal/cases/{case}/photos",
            "The buyer adds a photo",
            |it| it.body::<BuyerPhoto>().answer::<Kept>(),
            |visit| Box::pin(async move { answered(guest(&visit).await?.photo(case(&visit)?, json(&visit)?).await?) }),
        )
        .limit(PHOTO),
        command(
            "/portal/cases/{case}/offers/{id}/answer",
            "The buyer accepts or refuses an offer",
            |it| it.body::<BuyerAnswer>().answer::<BuyerAnswered>(),
            |visit| {
                Box::pin(async move {
                    let offer = visit.last().and_then(Id::parse).ok_or_else(|| not_found("offer"))?;
                    answered(guest(&visit).await?.answer(case(&visit)?, offer, json(&visit)?).await?)
                })
            },
        ),
        command(
            "/portal/cases/{case}/rating",
            "The buyer says how content they are, from 1 to 5",
            |it| it.body::<BuyerRating>().answer::<Kept>(),
            |visit| Box::pin(async move { answered(guest(&visit).await?.rate(case(&visit)?, json(&visit)?).await?) }),
        ),
    ]
}

async fn find(visit: Visit) -> Result<Response> {
    let input: FindOrder = json(&visit)?;
    answered(visit.api.desk().portal_find(&input, visit.from).await?)
}

async fn guest(visit: &Visit) -> Result<Guest> {
    let ticket = visit.headers.get(TICKET).and_then(|value| value.to_str().ok()).unwrap_or_default();
    visit.api.desk().portal_guest(ticket, visit.context.key.clone()).await
}

fn case(visit: &Visit) -> Result<Id> {
    visit.param("case").and_then(Id::parse).ok_or_else(|| not_found("case"))
}

fn answered(answer: impl Serialize) -> Result<Response> {
    Ok(Json(answer).into_response())
}
