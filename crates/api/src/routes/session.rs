//! Signing in and out, and oneself.

use crate::call::{Call, Visit};
use crate::route::{Access::Signed, Empty, Route, ask, get, json, public, raw};
use crate::{device, guard, signed};
use aftercare_app::Result;
use aftercare_app::access::login::Arrival;
use aftercare_app::access::me::Me;
use axum::Json;
use axum::http::{Method, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

pub(super) fn routes() -> Vec<Route> {
    vec![
        public(Method::POST, "/session", "Sign in; the answer sets the session cookie", |it| it.body::<SignIn>().answer::<Me>(), sign_in),
        raw("/session", Signed, "Sign out and take the cookie away", async |call: Call, _: Empty| sign_out(call).await).delete(),
        get("/sessions", Signed, "One's own sessions", async |call: Call, _: Empty| {
            call.desk.sessions(&call.context, call.visit.session.as_deref()).await
        }),
        ask("/sessions/end", Signed, "End every session of one's own, this one too", async |call: Call, _: Empty| {
            call.desk.end_all_sessions(&call.context).await.map(|()| Empty {})
        }),
        ask("/sessions/{id}/end", Signed, "End one session of one's own", async |call: Call<String>, _: Empty| {
            let id = call.visit.param("id").unwrap_or_default();
            call.desk.end_session(&call.context, id).await.map(|()| Empty {})
        }),
        get("/me", Signed, "Who is signed in and what they may do", async |call: Call, _: Empty| call.desk.me(&call.context).await),
    ]
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct SignIn {
    name: String,
    password: String,
    /// A code of the second factor or a recovery code, once it is asked for.
    #[serde(default)]
    code: Option<String>,
}

async fn sign_in(visit: Visit) -> Result<Response> {
    guard::not_foreign(&visit.headers)?;
    let input: SignIn = json(&visit)?;
    let desk = visit.api.desk();
    let device = device::name(&visit.headers);
    let who = Arrival { name: input.name, password: input.password, code: input.code, from: visit.from, device };
    let signed_in = desk.sign_in_from(who).await?;
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
