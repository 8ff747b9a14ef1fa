//! The desk as a whole: the catalogue of refusals and the live stream.

use crate::call::Call;
use crate::live;
use crate::route::{Access::May, Empty, Route, public, raw};
use aftercare_domain::people::Action;
use aftercare_domain::refusal::CATALOGUE;
use axum::Json;
use axum::http::Method;
use axum::response::IntoResponse;

pub(super) fn routes() -> Vec<Route> {
    vec![
        public(
            Method::GET,
            "/errors",
            "Every code a refusal can carry",
            |it| it.query::<Empty>().answer::<Vec<CatalogueRow>>(),
            async |_| Ok(Json(CATALOGUE).into_response()),
        ),
        raw(
            "/live",
            May(Action::ReadQueue),
            "Server-sent events: `case` whenever a case of one's shops changed, `presence` when somebody came to one or went",
            async |call: Call, after| live::listen(call, after).await,
        ),
    ]
}

/// One row of the catalogue.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "describes the domain's row")]
struct CatalogueRow {
    /// The stable code.
    code: String,
    /// The HTTP status it travels with.
    status: u16,
    /// Chinese text.
    zh: String,
    /// English text.
    en: String,
}
