//! The platform simulator over real sockets: what callers see, and what its books say afterwards.

use aftercare_sim::platform::{self, Config, callback};
use axum::extract::State;
use axum::http::HeaderMap;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use std::time::Duration;

struct World {
    base: String,
    client: reqwest::Client,
}

impl World {
    async fn new() -> Self {
        let address = platform::start(Config::default()).await.expect("a free port");
        let client = reqwest::Client::builder().timeout(Duration::from_millis(400)).build().expect("a client");
        let world = Self { base: format!("http://{address}"), client };
        let order = json!({"order_no": "A1", "shop": "red", "payments": [
            {"payment_no": "P1", "captured_minor": 5_000}, {"payment_no": "P2", "captured_minor": 1_000}]});
        assert_eq!(world.post("/orders", order.clone()).await.0, 201);
        assert_eq!(world.post("/orders", order).await.0, 200, "a second registration changes nothing");
        world
    }

    /// Status and body; status 0 where no answer came.
    async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        match self.client.post(format!("{}{path}", self.base)).json(&body).send().await {
            Ok(answer) => (answer.status().as_u16(), answer.json().await.unwrap_or(Value::Null)),
            Err(_) => (0, Value::Null),
        }
    }

    async fn get(&self, path: &str) -> (u16, Value) {
        let answer = self.client.get(format!("{}{path}", self.base)).send().await.expect("an answer");
        (answer.status().as_u16(), answer.json().await.unwrap_or(Value::Null))
    }

    async fn books(&self) -> Value {
        self.get("/books").await.1
    }

    async fn refund(&self, class: &str, key: &str, amount_minor: i64) -> (u16, Value) {
        self.post(&format!("/refunds/{class}"), refund(key, amount_minor)).await
    }
}

fn refund(key: &str, amount_minor: i64) -> Value {
    json!({"idempotency_key": key, "merchant_ref": key, "order_no": "A1", "payment_no": "P1", "amount_minor": amount_minor})
}

#[tokio::test]
async fn three_classes_of_refund_call() {
    let world = World::new().await;
    let first = world.refund("keyed", "k1", 100).await;
    assert_eq!(first.1["result"], "succeeded");
    assert_eq!(world.refund("keyed", "k1", 100).await, first, "a key gets its first answer");
    assert_eq!(world.refund("keyed", "k1", 101).await.1["code"], "key_reused");

    world.refund("queryable", "q1", 100).await;
    assert_eq!(world.get("/refunds/queryable/q1").await.1["count"], 1);
    assert_eq!(world.get("/refunds/queryable/q2").await.0, 404);
    assert_eq!(world.get("/refunds/queryable/k1").await.0, 404, "other classes cannot be asked for");
    world.refund("queryable", "q1", 100).await;
    assert_eq!(world.get("/refunds/queryable/q1").await.1["count"], 2, "without a key a repeat is a second refund");

    world.refund("blind", "b1", 100).await;
    world.refund("blind", "b1", 100).await;
    assert_eq!(world.books().await["orders"]["A1"]["refunded_minor"], 500);
}

#[tokio::test]
async fn limits_are_the_platforms_own() {
    let world = World::new().await;
    let check = async |amount: i64, code: Value| assert_eq!(world.refund("blind", "x", amount).await.1["code"], code, "{amount}");
    check(5_001, json!("over_refund")).await;
    check(0, json!("bad_amount")).await;
    check(-1, json!("bad_amount")).await;
    check(5_000, Value::Null).await;
    check(1, json!("already_refunded")).await;
    let unknown = json!({"merchant_ref": "x", "order_no": "A2", "amount_minor": 1});
    assert_eq!(world.post("/refunds/blind", unknown).await.1["code"], "unknown_order");
    let books = world.books().await;
    assert_eq!(books["orders"]["A1"]["refunded_minor"], 5_000);
    assert_eq!(books["orders"]["A1"]["payments"][1]["refunded_minor"], 0);
    assert_eq!(books["rejected"].as_array().map(Vec::len), Some(5));
}

#[tokio::test]
async fn every_fault_shows_what_it_says() {
    // fault, what the caller sees (0 = no answer), what the books hold
    let cases = [
        ("none", 200, 100),
        ("timeout_after_apply", 0, 100),
        ("error_500_after_apply", 500, 100),
        ("reset_after_apply", 0, 100),
        ("timeout_before", 0, 0),
        ("error_500_before", 500, 0),
        ("reset_before", 0, 0),
        ("slow", 200, 100),
        ("balance_too_low", 200, 0),
    ];
    for (fault, seen, held) in cases {
        let world = World::new().await;
        world.post("/faults", json!({"script": [fault], "hold_ms": 2_000, "slow_ms": 100})).await;
        assert_eq!(world.refund("keyed", "k", 100).await.0, seen, "{fault}");
        assert_eq!(world.books().await["orders"]["A1"]["refunded_minor"], held, "{fault}");
        if fault != "balance_too_low" {
            let again = world.refund("keyed", "k", 100).await;
            assert_eq!(again.1["result"], "succeeded", "{fault}: the plan has run out");
            assert_eq!(world.books().await["orders"]["A1"]["refunded_minor"], 100, "{fault}: a key never doubles");
        }
    }
}

#[tokio::test]
async fn a_reset_is_a_reset_and_not_an_answer() {
    let world = World::new().await;
    world.post("/faults", json!({"kind": "reset_after_apply"})).await;
    let sent = world.client.post(format!("{}/refunds/blind", world.base)).json(&refund("r", 1)).send().await;
    let error = sent.expect_err("the line was cut");
    assert!(!error.is_timeout() && !error.is_connect(), "{error:?}");
}

#[tokio::test]
async fn service_calls_answer_by_the_state_of_the_order() {
    let world = World::new().await;
    let ask =
        |name: &str| json!({"idempotency_key": name, "merchant_ref": name, "order_no": "A1", "text": "已联系快递", "amount_minor": 300});
    let check = async |kind: &str, result: &str, code: Value| {
        let answer = world.post(&format!("/calls/{kind}"), ask(kind)).await.1;
        assert_eq!((answer["result"].as_str(), &answer["code"]), (Some(result), &code), "{kind}");
        assert_eq!(world.post(&format!("/calls/{kind}"), ask(kind)).await.1, answer, "{kind}: keyed");
    };
    check("freeze_shipment", "succeeded", json!("stopped")).await;
    assert_eq!(world.post("/orders/A1", json!({"shipped": true})).await.1["code"], "frozen");
    check("intercept", "succeeded", json!("confirmed")).await;
    for kind in
        ["agree_return", "refuse_request", "modify_amount", "coupon", "red_packet", "points", "gift", "small_payment", "remark", "message"]
    {
        check(kind, "succeeded", Value::Null).await;
    }
    assert_eq!(world.post("/calls/dance", ask("dance")).await.0, 404);
    let order = &world.books().await["orders"]["A1"];
    assert_eq!(order["remarks"], json!(["已联系快递"]));
    assert_eq!(order["payout_minor"], 600, "red packet and small payment");
    assert_eq!(order["refunded_minor"], 0);

    let out = json!({"order_no": "B1", "payments": [{"payment_no": "P", "captured_minor": 1}], "shipped": true, "intercept_fails": true});
    world.post("/orders", out).await;
    let of_b = |name: &str| json!({"merchant_ref": name, "order_no": "B1", "class": "queryable"});
    assert_eq!(world.post("/calls/freeze_shipment", of_b("f")).await.1["code"], "already_out");
    assert_eq!(world.post("/calls/intercept", of_b("i")).await.1["result"], "rejected");
    assert_eq!(world.get("/calls/intercept/i").await.1["code"], "failed");
}

type Inbox = Arc<Mutex<Vec<(HeaderMap, String)>>>;

/// A merchant that keeps what it is told and refuses the first `refuse` times.
async fn merchant(refuse: usize) -> (String, Inbox) {
    let inbox = Inbox::default();
    let take = async move |State(inbox): State<Inbox>, headers: HeaderMap, body: String| {
        let mut inbox = inbox.lock().expect("the inbox");
        inbox.push((headers, body));
        axum::http::StatusCode::from_u16(if inbox.len() <= refuse { 503 } else { 200 }).expect("a status")
    };
    let router = axum::Router::new().route("/back/red", axum::routing::post(take)).with_state(inbox.clone());
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
    let url = format!("http://{}/back/{{shop}}", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, router).await });
    (url, inbox)
}

async fn arrived(inbox: &Inbox, count: usize) -> Vec<(HeaderMap, Value)> {
    for _ in 0..200 {
        if inbox.lock().expect("the inbox").len() >= count {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    tokio::time::sleep(Duration::from_millis(60)).await;
    let inbox = inbox.lock().expect("the inbox");
    inbox.iter().map(|(headers, body)| (headers.clone(), serde_json::from_str(body).expect("JSON"))).collect()
}

#[tokio::test]
async fn callbacks_are_signed_and_come_once_twice_early_or_late() {
    // fault, callbacks there when the answer is there, callbacks in the end
    for (fault, at_answer, in_the_end) in
        [("none", 0, 1), ("duplicate_callback", 0, 2), ("early_callback", 1, 1), ("late_callback", 0, 1), ("no_callback", 0, 0)]
    {
        let world = World::new().await;
        let (url, inbox) = merchant(0).await;
        world.post("/callbacks", json!({"url": url, "secret": "s3cret"})).await;
        world.post("/faults", json!({"kind": fault, "late_ms": 150})).await;
        let answer = world.refund("keyed", "k", 100).await.1;
        assert_eq!(inbox.lock().expect("the inbox").len(), at_answer, "{fault}");
        let told = arrived(&inbox, in_the_end.max(at_answer)).await;
        assert_eq!(told.len(), in_the_end, "{fault}");
        for (headers, body) in &told {
            assert_eq!((&body["event"], &body["refund_id"]), (&json!("refund_result"), &answer["refund_id"]), "{fault}");
            assert_eq!(headers["x-platform-event-id"].to_str().ok(), body["event_id"].as_str());
            assert_eq!(body["event_id"], told[0].1["event_id"], "a repeat is the same event");
        }
        let raw = inbox.lock().expect("the inbox").clone();
        for (headers, body) in raw {
            let stamp = headers["x-platform-timestamp"].to_str().expect("text");
            assert_eq!(headers["x-platform-signature"].to_str().expect("text"), callback::signature("s3cret", stamp, &body));
        }
    }
}

#[tokio::test]
async fn a_callback_not_taken_is_repeated() {
    let world = World::new().await;
    let (url, inbox) = merchant(1).await;
    world.post("/callbacks", json!({"url": url, "secret": "x"})).await;
    world.refund("blind", "b", 100).await;
    assert_eq!(arrived(&inbox, 2).await.len(), 2);
    let statuses: Vec<Value> = world.books().await["callbacks"].as_array().expect("rows").iter().map(|row| row["status"].clone()).collect();
    assert_eq!(statuses, [503, 200]);
}

#[tokio::test]
async fn the_platform_acts_by_itself_within_what_was_captured() {
    let world = World::new().await;
    let (url, inbox) = merchant(0).await;
    world.post("/callbacks", json!({"url": url, "secret": "x"})).await;
    world.post("/clock", json!({"at": "2026-11-24T02:05:00Z"})).await;
    let act = |kind: &str, amount: Value| json!({"kind": kind, "order_no": "A1", "amount_minor": amount, "data": {"why": "time-out"}});
    let (status, answer) = world.post("/act", act("auto_refund", json!(4_000))).await;
    assert!(status == 200 && answer["refund_id"].is_string(), "{answer}");
    assert_eq!(world.post("/act", act("ruling", json!(1_001))).await.1["code"], "over_refund");
    assert_eq!(world.post("/act", act("buyer_applied", json!(700))).await.1["refund_id"], Value::Null);
    let told = arrived(&inbox, 2).await;
    let kinds: Vec<&Value> = told.iter().map(|(_, body)| &body["event"]).collect();
    assert!(kinds.contains(&&json!("auto_refund")) && kinds.contains(&&json!("buyer_applied")), "{kinds:?}");
    assert_eq!(told[0].0["x-platform-timestamp"], "1795485900");
    let books = world.books().await;
    assert_eq!(books["orders"]["A1"]["refunded_minor"], 4_000);
    assert_eq!((&books["refunds"][0]["origin"], &books["refunds"][0]["at"]), (&json!("auto_refund"), &json!("2026-11-24T02:05:00Z")));
}

#[tokio::test]
async fn many_callers_at_once_never_pass_the_captured_sum() {
    let world = Arc::new(World::new().await);
    let callers: Vec<_> = (0..12)
        .map(|caller| {
            let world = world.clone();
            tokio::spawn(async move { world.refund("blind", &format!("c{caller}"), 900).await.1["result"] == "succeeded" })
        })
        .collect();
    let mut done = 0;
    for caller in callers {
        done += i64::from(caller.await.expect("a caller"));
    }
    assert_eq!(done, 5, "five times 900 fit into 5 000");
    assert_eq!(world.books().await["orders"]["A1"]["refunded_minor"], 4_500);
}
