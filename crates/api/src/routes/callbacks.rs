//! What sales platforms tell us by themselves. Public: the signature is the proof.

use crate::call::{Call, Visit};
use crate::route::{Access::May, Route, post, public};
use aftercare_app::Result;
use aftercare_app::callback::{Signed, Taken};
use aftercare_app::error::not_found;
use aftercare_domain::id::ShopId;
use aftercare_domain::people::Action;
use axum::Json;
use axum::http::Method;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

/// The secret a platform signs with.
#[derive(Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Secret {
    /// 16 to 200 bytes; sealed, never shown again.
    secret: String,
}

/// What was made of a callback.
#[derive(Serialize, utoipa::ToSchema)]
struct Answer {
    /// new, known or ignored.
    #[schema(value_type = String)]
    taken: Taken,
}

/// What was set.
#[derive(Serialize, utoipa::ToSchema)]
struct Set {
    /// True.
    set: bool,
}

pub(super) fn routes() -> Vec<Route> {
    vec![
        public(
            Method::POST,
            "/shops/{shop}/callbacks/platform",
            "Take in a signed callback of the sales platform",
            |it| it.answer::<Answer>(),
            take,
        ),
        post(
            "/shops/{shop}/callbacks/secret",
            May(Action::ManageSettings),
            "Set the secret with which the platform signs",
            async |call: Call<ShopId>, input: Secret| {
                call.desk.set_callback_secret(&call.context, call.at, &input.secret).await?;
                Ok(Set { set: true })
            },
        ),
    ]
}

async fn take(visit: Visit) -> Result<Response> {
    let code = visit.param("shop").unwrap_or_default();
    let shop = visit.api.shop(code).await?.ok_or_else(|| not_found("shop"))?;
    let header = |name: &str| visit.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let signed = Signed {
        event_id: header("x-platform-event-id"),
        timestamp: header("x-platform-timestamp"),
        signature: header("x-platform-signature"),
        body: &visit.body,
    };
    let taken = visit.api.desk().take_callback(shop, &signed).await?;
    Ok(Json(Answer { taken }).into_response())
}
