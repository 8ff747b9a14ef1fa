//! The one path of every request: who, may they, from our own page, under which key, within which limits; then the handler.
//!
//! Owns that order. Knows no route by name.

use crate::call::Visit;
use crate::route::{Access, Route};
use crate::{Api, guard, headers, health, language, problem, routes, signed, web};
use aftercare_app::error::{bad_input, not_found};
use aftercare_app::ids::new_id;
use aftercare_app::{Context, Error, Result};
use aftercare_domain::people::policy;
use aftercare_domain::refusal::{Code, Refusal};
use axum::extract::{ConnectInfo, RawPathParams, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::response::Response;
use axum::routing::{MethodFilter, get, on};
use axum::{Router, middleware};
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::task::Poll;
use std::time::Instant;
use tower_http::compression::CompressionLayer;

/// Longest idempotency key, bytes.
const KEY_LIMIT: usize = 255;

pub(crate) fn router(api: Api) -> Router {
    let mut router = Router::new()
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/metrics", get(health::metrics))
        .route("/api/openapi.json", get(routes::openapi));
    for route in routes::table() {
        let filter = MethodFilter::try_from(route.method.clone()).expect("the table uses ordinary methods");
        let path = format!("/api/v1{}", route.path);
        let route = Arc::new(route);
        let handler = move |State(api): State<Api>, ConnectInfo(from): ConnectInfo<SocketAddr>, params: RawPathParams, request: Request| {
            let params = params.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
            answer(route, api, from, params, request)
        };
        router = router.route(&path, on(filter, handler));
    }
    let dress = |State(api): State<Api>, request: Request, next: middleware::Next| async move {
        headers::guard(next.run(request).await, &api.inner.options)
    };
    router
        .fallback(web::page)
        .method_not_allowed_fallback(no_such_method)
        .layer(middleware::from_fn_with_state(api.clone(), dress))
        .layer(CompressionLayer::new())
        .with_state(api)
}

async fn no_such_method(State(api): State<Api>, headers: HeaderMap) -> Response {
    problem::answer(not_found("route"), language::chinese(&headers), api.desk().clock.now())
}

async fn answer(route: Arc<Route>, api: Api, from: SocketAddr, params: Vec<(String, String)>, request: Request) -> Response {
    let (started, now) = (Instant::now(), api.desk().clock.now());
    let chinese = language::chinese(request.headers());
    let id = headers::request_id(request.headers()).map_or_else(|| new_id(now).to_string(), str::to_owned);
    let patience = tokio::time::timeout(route.patience, unpanicking(run(&route, &api, from, params, request)));
    let outcome = match patience.await {
        Ok(Some(outcome)) => outcome,
        Ok(None) => Ok(problem::panicked(chinese, now)),
        Err(_) if route.method == Method::GET => Err(Refusal::new(Code::Busy).with("retry_after_s", 5).into()),
        Err(_) => Err(Refusal::new(Code::OutcomeUnknown).with("retry_after_s", 5).into()),
    };
    let mut response = outcome.unwrap_or_else(|error| problem::answer(error, chinese, now));
    let (status, took) = (response.status().as_u16(), started.elapsed());
    let code = response.extensions().get::<Code>().map(|code| code.as_str());
    tracing::debug!(id, method = %route.method, route = route.path, status, code, took_us = took.as_micros() as u64, "answered");
    api.inner.metrics.answered(route.method.as_str(), route.path, status, code, took);
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(headers::REQUEST_ID, id);
    }
    if let Ok(time) = HeaderValue::from_str(&api.desk().clock.now().to_string()) {
        response.headers_mut().insert(headers::DESK_TIME, time);
    }
    response
}

async fn run(route: &Route, api: &Api, from: SocketAddr, params: Vec<(String, String)>, request: Request) -> Result<Response> {
    let (parts, body) = request.into_parts();
    let (actor, session) = match route.access {
        Access::Public => (signed::nobody(), None),
        Access::Signed | Access::May(_) => signed::caller(api, &parts.headers).await?,
    };
    if session.is_some() && route.method != Method::GET {
        guard::own_page(&parts.headers)?;
    }
    if let Access::May(action) = route.access
        && !policy::could(&actor.who, action)
    {
        return Err(Refusal::new(Code::NotAllowed).with("role", actor.who.role).with("action", action.as_str()).into());
    }
    let context = Context { key: key(route, &parts.headers)?, if_match: if_match(&parts.headers)?, ..api.desk().context(actor) };
    let read = axum::body::to_bytes(body, route.limit).await;
    let body = read.map_err(|_| Refusal::new(Code::TooLarge).with("limit", route.limit))?;
    if !body.is_empty() && !is_json(&parts.headers) {
        return Err(bad_input("content-type", "application/json"));
    }
    let api = api.clone();
    let visit = Visit { api, context, params, uri: parts.uri, headers: parts.headers, body, from: from.ip().to_canonical(), session };
    (route.run)(visit).await
}

fn key(route: &Route, headers: &HeaderMap) -> Result<Option<String>> {
    let given = headers.get("idempotency-key").map(|value| value.to_str().unwrap_or_default());
    match given {
        None if route.keyed => Err(Code::KeyMissing.into()),
        None => Ok(None),
        Some(text) if text.is_empty() || text.len() > KEY_LIMIT => {
            Err(bad_input("Idempotency-Key", format!("1 to {KEY_LIMIT} visible letters")))
        }
        Some(text) => Ok(Some(text.to_owned())),
    }
}

/// The version, plain or in the quotes of an entity tag.
fn if_match(headers: &HeaderMap) -> Result<Option<i64>> {
    let Some(value) = headers.get(header::IF_MATCH) else { return Ok(None) };
    let version = value.to_str().ok().and_then(|text| text.trim().trim_matches('"').parse().ok());
    version.map(Some).ok_or_else(|| bad_input("If-Match", "the number of the version"))
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

/// The outcome, or nothing when the future panicked.
async fn unpanicking<T>(future: impl Future<Output = T>) -> Option<T> {
    let mut future = std::pin::pin!(future);
    std::future::poll_fn(|context| {
        let polled = catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context)));
        polled.map_or(Poll::Ready(None), |poll| poll.map(Some))
    })
    .await
}

/// For extractors outside the table.
pub(crate) fn fault(error: Error, api: &Api, headers: &HeaderMap) -> Response {
    problem::answer(error, language::chinese(headers), api.desk().clock.now())
}
