//! Signing in and out, and oneself.

use crate::call::{Call, Visit};
use crate::route::{Access::Signed, Empty, Route, get, json, public, raw};
use crate::{guard, signed};
use aftercare_app::Result;
use aftercare_app::access::me::Me;
use axum::Json;
use axum::http::{Method, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

pub(super) fn routes() -> Vec<Route> {
    vec![
        public(Method::POST, "/session", "Sign in; the answer sets the session cookie", |it| it.body::<SignIn>().answer::<Me>(), sign_in),
        raw("/session", Signed, "Sign out and take the cookie away", async |call: Call, _: Empty| sign_out(call).await).delete(),
        get("/sessions", Signed, "One's own sessions", async |call: Call, _: Empty| call.desk.sessions(&call.context).await),
        get("/me", Signed, "Who is signed in and what they may do", async |call: Call, _: Empty| call.desk.me(&call.context).await),
    ]
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct SignIn {
    name: String,
    password: String,
}

async fn sign_in(visit: Visit) -> Result<Response> {
    guard::not_foreign(&visit.headers)?;
    let input: SignIn = json(&visit)?;
    let desk = visit.api.desk();
    let signed_in = desk.sign_in_from(&input.name, &input.password, visit.from).await?;
    let me = desk.me(&desk.context(signed_in.actor)).await?;
    let cookie = signed::set_cookie(&signed_in.secret, &visit.api.inner.options);
    Ok(([(header::SET_COOKIE, cookie)], Json(me)).into_response())
}

async fn sign_out(call: Call) -> Result<Response> {
    if let Some(secret) = &call.visit.session {
        call.desk.sign_out(secret).await?;
    }
    let cookie = signed::clear_cookie(&call.visit.api.inner.options);
    Ok((
        [(header::SET_COOKIE, cookie.as_str()), (header::HeaderName::from_static("clear-site-data"), "\"cache\", \"storage\"")],
        Json(Empty {}),
    )
        .into_response())
}
