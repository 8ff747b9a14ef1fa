//! A desk over HTTP for tests: one shop on a fresh store of each engine, a hand-moved clock, staff by role, calls without a network.

use aftercare_api::{Api, Options};
use aftercare_app::Desk;
use aftercare_app::access::staff::NewStaff;
use aftercare_app::access::token::NewToken;
use aftercare_app::clock::HandClock;
use aftercare_app::shop::NewShop;
use aftercare_domain::people::Role;
use aftercare_domain::time::Micros;
use aftercare_store::testing;
use aftercare_store::vault::Vault;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request, StatusCode};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use tower::ServiceExt;

/// Everybody's password here.
pub const PASSWORD: &str = "correct horse battery";
static KEYS: AtomicU32 = AtomicU32::new(0);

/// A desk that can be called.
#[derive(Clone)]
pub struct World {
    pub desk: Desk,
    pub router: Router,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Answer {
    /// The refusal's code, or `ok`.
    pub fn code(&self) -> &str {
        if self.status.is_success() { "ok" } else { self.body["code"].as_str().unwrap_or("no code") }
    }
}

/// Tells the story on a fresh world of each engine.
pub fn on_both<F: Future<Output = ()>>(story: impl Fn(World) -> F) {
    testing::on_both(|_, store| {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let start = Micros::parse("2026-11-24T10:05:00+08:00").expect("a time");
            let desk = Desk::new(store, Vault::from_master(&[7; 32]), Arc::new(HandClock::new(start)));
            let shop = NewShop { code: "tm".into(), title: "棉屿女装".into(), platform: "tmall".into() };
            desk.add_shop(shop).await.expect("a shop");
            let router = Api::new(desk.clone(), Options { secure: true }).router();
            story(World { desk, router }).await;
        });
    });
}

impl World {
    /// A person of this role, named after it.
    pub async fn staff(&self, role: Role) {
        let new = NewStaff {
            name: role.as_str().into(),
            display_name: role.as_str().into(),
            agent_no: "A01".into(),
            role,
            password: Some(PASSWORD.into()),
            shops: vec![],
        };
        self.desk.add_staff(new).await.expect("added");
    }

    /// A token of this person with these scopes.
    pub async fn token(&self, staff: &str, scopes: &[&str]) -> String {
        let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        let new = NewToken { staff: staff.into(), label: "test".into(), scopes, lasts: None };
        self.desk.add_token(new).await.expect("a token")
    }

    /// One request as it is.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        self.send_from([203, 0, 113, 9], request).await
    }

    /// One request from this address.
    pub async fn send_from(&self, address: [u8; 4], mut request: Request<Body>) -> Answer {
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from((address, 4711))));
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let endless = parts.headers.get("content-type").is_some_and(|kind| kind == "text/event-stream");
        let bytes = if endless { Default::default() } else { to_bytes(body, 1 << 24).await.expect("a body") };
        let body = serde_json::from_slice(&bytes).unwrap_or_else(|_| Value::from(String::from_utf8_lossy(&bytes).into_owned()));
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// A request with a bearer token, a fresh key and a JSON body.
    pub async fn call(&self, token: &str, method: &str, path: &str, body: Option<Value>) -> Answer {
        let key = KEYS.fetch_add(1, Ordering::Relaxed).to_string();
        let request = Request::builder().method(method).uri(path).header("authorization", format!("Bearer {token}"));
        let request = request.header("idempotency-key", key).header("content-type", "application/json");
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        self.send(request.body(body).expect("a request")).await
    }

    /// Signs in and answers the cookie to send.
    pub async fn cookie(&self, name: &str) -> String {
        let body = json!({ "name": name, "password": PASSWORD });
        let request = Request::post("/api/v1/session").header("content-type", "application/json").body(Body::from(body.to_string()));
        let answer = self.send(request.expect("a request")).await;
        assert_eq!(answer.code(), "ok", "{:?}", answer.body);
        let cookie = answer.headers["set-cookie"].to_str().expect("text");
        assert!(cookie.contains("HttpOnly; SameSite=Strict; Secure"), "{cookie}");
        cookie.split(';').next().expect("a cookie").to_owned()
    }
}

/// An order with one line, paid and shipped.
pub fn order(order_no: &str) -> Value {
    json!({ "order_no": order_no, "paid_at": "2026-11-20T10:00:00+08:00", "shipped_at": "2026-11-21T10:00:00+08:00",
        "buyer": { "external_id": "b1", "name": "王小明", "phone": "19900006021", "address": "浙江省杭州市余杭区某路 1 号" },
        "lines": [{ "sku": "coat", "title": "双面羊毛大衣", "quantity": 1, "list_minor": 69_800, "paid_minor": 59_800 }] })
}
