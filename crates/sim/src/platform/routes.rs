//! The platform's HTTP calls. Owns paths, status codes and the order of act, fault, answer and callback.
//!
//! | call | body | answer |
//! |---|---|---|
//! | `POST /orders` | [`OrderIn`] | 201, or 200 when known already |
//! | `POST /orders/{order_no}` | [`OrderChange`] | 204, 404 `unknown_order`, 409 `frozen` |
//! | `POST /refunds/keyed`, `/refunds/queryable`, `/refunds/blind` | [`RefundIn`] | [`Answer`] |
//! | `GET /refunds/queryable/{merchant_ref}` | – | [`Answer`] of the first act plus `count`, or 404 |
//! | `POST /calls/{kind}` | [`CallIn`] | [`Answer`] |
//! | `GET /calls/{kind}/{merchant_ref}` | – | as above, for calls of class `queryable` |
//! | `POST /act` | [`ActIn`] | `{event_id, refund_id?}` |
//! | `POST /faults` | [`FaultsIn`] | 204 |
//! | `POST /callbacks` | [`Target`] or `null` | 204 |
//! | `POST /clock` | `{at}`: RFC 3339, or null for the real clock | 204 |
//! | `GET /books?order_no=` | – | orders with sums, refunds, rejections, calls, callbacks, number of requests, callbacks on their way (`pending`, `late`) |
//!
//! A business "no" is an ordinary answer with `result: rejected`; 4xx speaks of the form of the request alone.

use super::callback::{Event, Target, deliver};
use super::faults::{Fault, FaultsIn, Plan};
use super::line::Line;
use super::wire::{ActIn, Answer, CallIn, Class, OrderChange, OrderIn, Outcome, RefundIn};
use super::{OnTheWay, Platform};
use axum::extract::{ConnectInfo, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};
use std::time::Duration;

/// Calls beside refunds that the platform knows.
pub const CALLS: &[&str] = &[
    "agree_return",
    "refuse_request",
    "modify_amount",
    "coupon",
    "red_packet",
    "points",
    "gift",
    "small_payment",
    "freeze_shipment",
    "intercept",
    "remark",
    "flag",
    "message",
];

/// The time between an ordinary answer and its callback.
const CALLBACK_AFTER_MS: u64 = 30;

/// All calls of the platform.
pub fn router(platform: Platform) -> Router {
    Router::new()
        .route("/healthz", get(|| async { "ok" }))
        .route("/orders", post(register))
        .route("/orders/{order_no}", post(change))
        .route("/refunds/keyed", post(refund_keyed))
        .route("/refunds/queryable", post(refund_queryable))
        .route("/refunds/queryable/{merchant_ref}", get(refund_known))
        .route("/refunds/blind", post(refund_blind))
        .route("/calls/{kind}", post(call))
        .route("/calls/{kind}/{merchant_ref}", get(call_known))
        .route("/act", post(act))
        .route("/faults", post(faults))
        .route("/callbacks", post(callbacks))
        .route("/clock", post(clock))
        .route("/books", get(books))
        .with_state(platform)
}

async fn register(State(platform): State<Platform>, Json(order): Json<OrderIn>) -> StatusCode {
    if platform.state().books.register(order) { StatusCode::CREATED } else { StatusCode::OK }
}

async fn change(State(platform): State<Platform>, Path(order_no): Path<String>, Json(change): Json<OrderChange>) -> Response {
    match platform.state().books.change(&order_no, &change) {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(code) => no(code),
    }
}

async fn refund_keyed(State(platform): State<Platform>, line: ConnectInfo<Line>, Json(ask): Json<RefundIn>) -> Response {
    if ask.idempotency_key.as_deref().is_none_or(str::is_empty) {
        return (StatusCode::BAD_REQUEST, Json(json!({ "code": "key_missing" }))).into_response();
    }
    refund(platform, line.0, Class::Keyed, ask).await
}

async fn refund_queryable(State(platform): State<Platform>, line: ConnectInfo<Line>, Json(ask): Json<RefundIn>) -> Response {
    refund(platform, line.0, Class::Queryable, ask).await
}

async fn refund_blind(State(platform): State<Platform>, line: ConnectInfo<Line>, Json(ask): Json<RefundIn>) -> Response {
    refund(platform, line.0, Class::Blind, ask).await
}

async fn refund(platform: Platform, line: Line, class: Class, ask: RefundIn) -> Response {
    let at = platform.now().to_string();
    answer_with_faults(platform, line, true, move |platform, poor| {
        let mut state = platform.state();
        let answer = state.books.refund(class, &ask, poor, &at);
        let event_id = state.books.number("EV");
        let body = json!({
            "event_id": event_id, "event": "refund_result", "order_no": ask.order_no, "payment_no": ask.payment_no,
            "merchant_ref": ask.merchant_ref, "amount_minor": ask.amount_minor,
            "result": answer.result, "refund_id": answer.refund_id, "code": answer.code, "at": at,
        });
        let shop = state.books.shop_of(&ask.order_no);
        (answer, Some(Event { event_id, event: "refund_result".to_owned(), order_no: ask.order_no, shop, body }))
    })
    .await
}

async fn call(State(platform): State<Platform>, line: ConnectInfo<Line>, Path(kind): Path<String>, Json(ask): Json<CallIn>) -> Response {
    if !CALLS.contains(&kind.as_str()) {
        return no("unknown_call");
    }
    let at = platform.now().to_string();
    answer_with_faults(platform, line.0, false, move |platform, poor| (platform.state().books.call(&kind, &ask, poor, &at), None)).await
}

/// The one path of every act: faults before it, the act, its callback, faults after it, the answer.
async fn answer_with_faults<F>(platform: Platform, line: Line, refund: bool, apply: F) -> Response
where
    F: FnOnce(&Platform, bool) -> (Answer, Option<Event>),
{
    let (faults, hold_ms, slow_ms, late_ms) = {
        let mut state = platform.state();
        state.books.count_request();
        (state.plan.next(refund), state.plan.hold_ms, state.plan.slow_ms, state.plan.late_ms)
    };
    let has = |fault: Fault| faults.contains(&fault);
    if has(Fault::TimeoutBefore) {
        sleep(hold_ms).await;
        return no("gateway_timeout");
    }
    if has(Fault::Error500Before) {
        return no("internal_error");
    }
    if has(Fault::ResetBefore) {
        return cut(&line);
    }
    let (mut answer, event) = apply(&platform, has(Fault::BalanceTooLow));
    if let Some(event) = event.filter(|_| !has(Fault::NoCallback)) {
        let times = if has(Fault::DuplicateCallback) { 2 } else { 1 };
        if has(Fault::EarlyCallback) {
            tell(&platform, event, times, 0, platform.expect_callback(0)).await;
        } else {
            let wait_ms = if has(Fault::LateCallback) { late_ms } else { CALLBACK_AFTER_MS };
            let (platform, guard) = (platform.clone(), platform.expect_callback(wait_ms));
            tokio::spawn(async move { tell(&platform, event, times, wait_ms, guard).await });
        }
    }
    if has(Fault::Accepted) && answer.result == Outcome::Succeeded {
        answer.result = Outcome::Accepted;
    }
    if has(Fault::Slow) {
        sleep(slow_ms).await;
    }
    if has(Fault::TimeoutAfterApply) {
        sleep(hold_ms).await;
        return no("gateway_timeout");
    }
    if has(Fault::Error500AfterApply) {
        return no("internal_error");
    }
    if has(Fault::ResetAfterApply) {
        return cut(&line);
    }
    Json(answer).into_response()
}

async fn tell(platform: &Platform, event: Event, times: u32, wait_ms: u64, _on_the_way: OnTheWay) {
    sleep(wait_ms).await;
    for _ in 0..times {
        deliver(platform, &event).await;
    }
}

fn cut(line: &Line) -> Response {
    line.cut();
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}

async fn sleep(ms: u64) {
    tokio::time::sleep(Duration::from_millis(ms)).await;
}

fn no(code: &'static str) -> Response {
    let status = match code {
        "unknown_order" | "unknown_call" | "unknown_ref" => StatusCode::NOT_FOUND,
        "gateway_timeout" => StatusCode::GATEWAY_TIMEOUT,
        "internal_error" => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::CONFLICT,
    };
    (status, Json(json!({ "code": code }))).into_response()
}

async fn refund_known(State(platform): State<Platform>, Path(merchant_ref): Path<String>) -> Response {
    known(&platform, "refund", &merchant_ref)
}

async fn call_known(State(platform): State<Platform>, Path((kind, merchant_ref)): Path<(String, String)>) -> Response {
    known(&platform, &kind, &merchant_ref)
}

fn known(platform: &Platform, kind: &str, merchant_ref: &str) -> Response {
    let state = platform.state();
    let acts = state.books.known(kind, merchant_ref);
    let done = acts.iter().find(|answer| answer.result == Outcome::Succeeded).or_else(|| acts.last());
    match done {
        None => no("unknown_ref"),
        Some(answer) => {
            let count = acts.iter().filter(|answer| answer.result == Outcome::Succeeded).count();
            Json(json!({ "result": answer.result, "refund_id": answer.refund_id, "code": answer.code, "count": count })).into_response()
        }
    }
}

async fn act(State(platform): State<Platform>, Json(act): Json<ActIn>) -> Response {
    let at = platform.now().to_string();
    let (event, refund_id) = {
        let mut state = platform.state();
        let refund = match state.books.act(&act, &at) {
            Ok(refund) => refund,
            Err(code) => return no(code),
        };
        let event_id = state.books.number("EV");
        let refund_id = refund.as_ref().map(|refund| refund.refund_id.clone());
        let body = json!({
            "event_id": event_id, "event": act.kind, "order_no": act.order_no,
            "payment_no": refund.as_ref().map(|refund| refund.payment_no.clone()).or(act.payment_no),
            "amount_minor": act.amount_minor, "refund_id": refund_id, "data": act.data, "at": at,
        });
        let shop = state.books.shop_of(&act.order_no);
        (Event { event_id, event: act.kind, order_no: act.order_no, shop, body }, refund_id)
    };
    let answer = json!({ "event_id": event.event_id, "refund_id": refund_id });
    let (times, wait_ms) = (act.times.unwrap_or(1), act.late_ms.unwrap_or(0));
    let guard = platform.expect_callback(wait_ms);
    tokio::spawn(async move { tell(&platform, event, times, wait_ms, guard).await });
    Json(answer).into_response()
}

async fn faults(State(platform): State<Platform>, Json(order): Json<FaultsIn>) -> StatusCode {
    platform.state().plan = Plan::new(order);
    StatusCode::NO_CONTENT
}

async fn callbacks(State(platform): State<Platform>, Json(target): Json<Option<Target>>) -> StatusCode {
    platform.state().target = target;
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
struct ClockIn {
    at: Option<jiff::Timestamp>,
}

async fn clock(State(platform): State<Platform>, Json(given): Json<ClockIn>) -> StatusCode {
    platform.state().clock = given.at;
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
struct BooksOf {
    order_no: Option<String>,
}

async fn books(State(platform): State<Platform>, Query(of): Query<BooksOf>) -> Json<Value> {
    let [pending, late] = platform.on_the_way();
    let mut shown = platform.state().books.shown(of.order_no.as_deref());
    (shown["pending"], shown["late"]) = (json!(pending), json!(late));
    Json(shown)
}
