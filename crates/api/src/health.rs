//! `/healthz`, `/readyz` and `/metrics`, for those who run the desk. Owns who may read the figures.

use crate::Api;
use crate::signed;
use aftercare_domain::people::{Action, policy};
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::net::SocketAddr;

/// The process is alive.
pub(crate) async fn healthz() -> &'static str {
    "ok"
}

/// The data can be read and the process is not about to end.
pub(crate) async fn readyz(State(api): State<Api>) -> Response {
    if *api.inner.closing.borrow() {
        return (StatusCode::SERVICE_UNAVAILABLE, "closing").into_response();
    }
    match api.desk().ready().await {
        Ok(()) => "ready".into_response(),
        Err(error) => {
            tracing::error!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the data cannot be read").into_response()
        }
    }
}

/// Figures, for a collector on this machine or whoever may read reports.
pub(crate) async fn metrics(State(api): State<Api>, ConnectInfo(from): ConnectInfo<SocketAddr>, headers: HeaderMap) -> Response {
    let allowed = from.ip().to_canonical().is_loopback()
        || signed::caller(&api, &headers).await.is_ok_and(|(actor, _)| policy::could(&actor.who, Action::ReadReports));
    if !allowed {
        return StatusCode::FORBIDDEN.into_response();
    }
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], api.inner.metrics.text()).into_response()
}
