//! A desk with a real platform beside it: the simulator on its own port, callbacks over HTTP, books to compare with.

#[path = "../../../../app/tests/commands/desk/mod.rs"]
#[expect(dead_code, reason = "shared with the tests of the commands")]
mod desk;

use aftercare_app::callback::Signed;
use aftercare_app::command::{CaseRef, Changed};
use aftercare_app::{Context, Desk, Error};
use aftercare_connect::platform::HttpPlatform;
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::time::Span;
use aftercare_sim::platform::{self, Config};
use aftercare_store::{DbError, values};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

pub const SECRET: &str = "a secret between us two";
/// How long the desk waits for the platform here: longer than it takes, far shorter than a held answer.
const PATIENCE: Duration = Duration::from_millis(400);

/// The code of a refusal.
pub fn refused<T: std::fmt::Debug>(outcome: Result<T, Error>) -> &'static str {
    desk::refused(outcome)
}

/// A shop, its staff and its platform.
#[derive(Clone)]
pub struct World {
    pub desk: Desk,
    pub shop: ShopId,
    pub agent: Context,
    pub platform: String,
    inner: desk::World,
    client: reqwest::Client,
}

/// Tells the story on a fresh world of each engine.
pub fn on_both<F: Future<Output = ()>>(story: impl Fn(World) -> F) {
    desk::on_both(|inner| async { story(World::start(inner).await).await });
}

impl World {
    async fn start(inner: desk::World) -> Self {
        let address = platform::start(Config { run: Some("T".into()), ..Config::default() }).await.expect("a free port");
        let platform = format!("http://{address}");
        let port = HttpPlatform::new(platform.clone(), PATIENCE).expect("a client");
        let desk = inner.desk.clone().with_platform(Arc::new(port));
        let agent = inner.staff("agent").await;
        Self { desk, shop: inner.shop, agent, platform, inner, client: reqwest::Client::new() }
    }

    pub async fn staff(&self, role: &str) -> Context {
        self.inner.staff(role).await
    }

    /// The same person, now.
    pub fn now(&self, who: &Context) -> Context {
        self.inner.now(who)
    }

    /// Parts of the shop's settings, put in without asking.
    pub async fn settings(&self, settings: Value) {
        let sql = "UPDATE shop SET settings = $1";
        let text = settings.to_string();
        self.desk.store.write::<_, DbError, _>(move |tx| tx.execute(sql, &values![text.as_str()])).await.expect("settings");
    }

    pub async fn tell(&self, path: &str, body: Value) -> Value {
        let answer = self.client.post(format!("{}{path}", self.platform)).json(&body).send().await.expect("the platform answers");
        answer.json().await.unwrap_or(Value::Null)
    }

    pub async fn books(&self, order_no: &str) -> Value {
        let answer = self.client.get(format!("{}/books?order_no={order_no}", self.platform)).send().await.expect("the platform answers");
        answer.json().await.expect("books")
    }

    /// An order of `(quantity, paid)` lines with freight, at the desk and at the platform.
    pub async fn order(&self, order_no: &str, lines: &[(i64, i64)], freight_minor: i64, shipped: bool) {
        let total: i64 = lines.iter().map(|(_, paid)| paid).sum::<i64>() + freight_minor;
        self.order_paid_by(order_no, lines, freight_minor, shipped, &[("P1", total)]).await;
    }

    pub async fn order_paid_by(&self, order_no: &str, lines: &[(i64, i64)], freight_minor: i64, shipped: bool, payments: &[(&str, i64)]) {
        let now = self.desk.clock.now();
        let shipped_at = shipped.then(|| now - Span::days(3));
        let lines: Vec<Value> = lines
            .iter()
            .map(|(quantity, paid)| json!({ "sku": "s", "title": "商品", "quantity": quantity, "list_minor": paid, "paid_minor": paid }))
            .collect();
        let payments: Vec<Value> = payments.iter().map(|(no, captured)| json!({ "payment_no": no, "captured_minor": captured })).collect();
        let order = json!({ "order_no": order_no, "lines": lines, "payments": payments, "freight_minor": freight_minor,
            "paid_at": now - Span::days(4), "shipped_at": shipped_at });
        let known = json!({ "order_no": order_no, "shop": "tm", "payments": payments, "shipped": shipped });
        self.tell("/orders", known).await;
        let order = serde_json::from_value(order).expect("an order");
        self.desk.put_order(&Context::desk(now), self.shop, order).await.expect("taken in");
    }

    /// A case about `(line, quantity)` of an order.
    pub async fn case(&self, order_no: &str, kind: &str, lines: &[(i64, i64)]) -> CaseRef {
        self.try_case(order_no, kind, lines).await.map(|opened| CaseRef { shop: self.shop, id: opened.case_id }).expect("opened")
    }

    pub async fn try_case(&self, order_no: &str, kind: &str, lines: &[(i64, i64)]) -> Result<Changed, Error> {
        let lines: Vec<Value> = lines.iter().map(|(line, quantity)| json!({ "line_no": line, "quantity": quantity })).collect();
        let input = json!({ "order_no": order_no, "channel": "chat", "text": "退款", "request": { "kind": kind, "lines": lines } });
        self.desk.open_case(&self.now(&self.agent), self.shop, serde_json::from_value(input).expect("an intake")).await
    }

    /// A refund by `who` on the case as it is now.
    pub async fn refund(&self, who: &Context, at: CaseRef, input: Value) -> Result<Changed, Error> {
        let context = self.seeing(who, at).await;
        self.desk.ask_refund(&context, at, serde_json::from_value(input).expect("a refund")).await
    }

    pub async fn payout(&self, who: &Context, at: CaseRef, input: Value) -> Result<Changed, Error> {
        let context = self.seeing(who, at).await;
        self.desk.ask_payout(&context, at, serde_json::from_value(input).expect("a payout")).await
    }

    /// The same person, now, having seen the case as it is.
    pub async fn seeing(&self, who: &Context, at: CaseRef) -> Context {
        let version = self.view(at).await["case"]["version"].as_i64();
        Context { if_match: version, key: None, ..self.now(who) }
    }

    pub async fn view(&self, at: CaseRef) -> Value {
        self.desk.case_view(&self.now(&self.agent), at).await.expect("the page")
    }

    pub async fn effect(&self, at: CaseRef, n: usize) -> Value {
        self.view(at).await["effects"][n].clone()
    }

    pub async fn count(&self, at: CaseRef, kind: &str) -> usize {
        self.inner.count(at, kind).await
    }

    /// Lets so many seconds pass, doing what is due on the way.
    pub async fn pass(&self, seconds: i64) {
        self.desk.run_due(self.desk.clock.now() + Span::seconds(seconds)).await.expect("what is due");
    }

    /// What somebody has spent, by kind and day.
    pub async fn spent(&self, who: &Context) -> Vec<(String, i64)> {
        let (who, sql) =
            (who.actor.id(), "SELECT kind, amount_minor FROM spent_day WHERE shop_id = 1 AND staff_id = $1 ORDER BY day, kind");
        let read = |row: &aftercare_store::Row| Ok((row.get(0)?, row.get(1)?));
        let all = self.desk.store.read(move |tx| tx.query(sql, &values![who], read)).await;
        all.map_err(|error: DbError| error).expect("days")
    }

    /// No order's totals differ from the fold over its entries.
    pub async fn ledger_is_sound(&self) {
        assert_eq!(self.desk.ledger_differences(self.shop).await.expect("read"), []);
    }

    /// From now on the platform calls back to this desk.
    pub async fn listen(&self) {
        self.desk.set_callback_secret(&Context::desk(self.desk.clock.now()), self.shop, SECRET).await.expect("set");
        let router = axum::Router::new().route("/{shop}", axum::routing::post(callback)).with_state(self.clone());
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let url = format!("http://{}/{{shop}}", listener.local_addr().expect("an address"));
        tokio::spawn(async move { axum::serve(listener, router).await });
        self.tell("/callbacks", json!({ "url": url, "secret": SECRET })).await;
    }

    /// Waits until the platform has delivered so many callbacks about an order.
    pub async fn called_back(&self, order_no: &str, times: usize) {
        for _ in 0..200 {
            if self.books(order_no).await["callbacks"].as_array().is_some_and(|rows| rows.len() >= times) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("{times} callbacks about {order_no} did not arrive");
    }
}

async fn callback(State(world): State<World>, headers: HeaderMap, body: String) -> StatusCode {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let (event_id, timestamp, signature) = (header("x-platform-event-id"), header("x-platform-timestamp"), header("x-platform-signature"));
    let signed = Signed { event_id: &event_id, timestamp: &timestamp, signature: &signature, body: body.as_bytes() };
    match world.desk.take_callback(world.shop, &signed).await {
        Ok(_) => StatusCode::OK,
        Err(Error::Refused(refusal)) => StatusCode::from_u16(refusal.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// The id at a path of a command's result.
pub fn id(changed: &Changed, path: &str) -> Id {
    Id::parse(changed.result.pointer(path).and_then(Value::as_str).expect("an id")).expect("an id")
}

/// Sums of an order as its page shows them: refunded, in flight, refundable.
pub fn sums(view: &Value) -> (i64, i64, i64) {
    let order = &view["order"];
    let of = |name: &str| order[name].as_i64().unwrap_or(-1);
    (of("refunded_minor"), of("in_flight_minor"), of("refundable_minor"))
}
