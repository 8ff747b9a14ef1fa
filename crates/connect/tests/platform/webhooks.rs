//! Webhooks against a real receiver on this machine: what arrives, in which order, how often, and where nothing may go.

use crate::world::{World, on_both, refused};
use aftercare_app::command::CaseRef;
use aftercare_app::webhook::{Answering, Courier, DeliveriesQuery, DeliveryRow, KeepWebhook, Letter, NewSecret, Replay, WebhookRow, sign};
use aftercare_app::{Context, Desk};
use aftercare_connect::webhook::HttpCourier;
use aftercare_domain::id::Id;
use aftercare_domain::time::Span;
use aftercare_domain::webhook::{Delivery, State, retry};
use aftercare_store::{DbError, values};
use axum::http::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use std::collections::{BTreeSet, VecDeque};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// One letter as it arrived.
#[derive(Clone, Debug)]
struct Got {
    id: String,
    timestamp: i64,
    signature: String,
    body: String,
}

impl Got {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("JSON")
    }
    fn place(&self) -> (i64, i64) {
        let data = &self.json()["data"];
        (data["version"].as_i64().expect("a version"), data["n"].as_i64().expect("a place"))
    }
}

/// Somebody who listens, and answers as told: first these, then always that.
#[derive(Clone)]
struct Receiver {
    url: String,
    got: Arc<Mutex<Vec<Got>>>,
    first: Arc<Mutex<VecDeque<u16>>>,
    then: Arc<Mutex<u16>>,
}

impl Receiver {
    async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let url = format!("http://{}/hook?from=desk", listener.local_addr().expect("an address"));
        let it = Self { url, got: Default::default(), first: Default::default(), then: Arc::new(Mutex::new(204)) };
        let (at, elsewhere) = (it.clone(), it.clone());
        let router = axum::Router::new()
            .route("/hook", axum::routing::post(move |headers: HeaderMap, body: String| async move { at.take(&headers, body) }))
            .route("/elsewhere", axum::routing::any(move |headers: HeaderMap, body: String| async move { elsewhere.take(&headers, body) }));
        tokio::spawn(async move { axum::serve(listener, router).await });
        it
    }

    fn take(&self, headers: &HeaderMap, body: String) -> (StatusCode, [(&'static str, &'static str); 2]) {
        let header = |name: &str| headers.get(name).and_then(|it| it.to_str().ok()).unwrap_or_default().to_owned();
        let timestamp = header("webhook-timestamp").parse().unwrap_or_default();
        self.got.lock().expect("a lock").push(Got { id: header("webhook-id"), timestamp, signature: header("webhook-signature"), body });
        let status = self.first.lock().expect("a lock").pop_front().unwrap_or(*self.then.lock().expect("a lock"));
        (
            StatusCode::from_u16(status).expect("a status"),
            [("location", "/elsewhere"), ("retry-after", if status == 429 { "60" } else { "" })],
        )
    }

    fn first(&self, answers: &[u16]) {
        self.first.lock().expect("a lock").extend(answers);
    }
    fn then(&self, answer: u16) {
        *self.then.lock().expect("a lock") = answer;
    }
    fn got(&self) -> Vec<Got> {
        self.got.lock().expect("a lock").clone()
    }
}

/// A shop that tells a receiver, and who manages it.
struct Scene {
    world: World,
    desk: Desk,
    admin: Context,
    receiver: Receiver,
    made: NewSecret,
}

fn courier(loopback: bool) -> Arc<HttpCourier> {
    Arc::new(HttpCourier::new(loopback).expect("TLS").patient(Duration::from_millis(500)))
}

fn hook(url: &str, events: &[&str]) -> KeepWebhook {
    serde_json::from_value(json!({ "name": "ERP", "url": url, "events": events })).expect("a subscription")
}

impl Scene {
    async fn of(world: World, events: &[&str]) -> Self {
        let desk = world.desk.clone().with_courier(courier(true));
        let (admin, receiver) = (world.staff("admin").await, Receiver::start().await);
        let made = desk.add_webhook(&admin, world.shop, hook(&receiver.url, events)).await.expect("added");
        Self { world, desk, admin, receiver, made }
    }

    async fn case(&self, order_no: &str) -> CaseRef {
        self.world.order(order_no, &[(1, 5_000)], 0, true).await;
        let before = self.desk.feed_here().await.expect("the feed");
        let at = self.world.case(order_no, "refund_only", &[(1, 1)]).await;
        // What other tests have open on the same server keeps the feed back for a moment.
        while !self.desk.feed_after(before).await.expect("the feed").iter().any(|row| row.case == at.id) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        at
    }

    async fn work(&self) -> usize {
        self.desk.work_on_webhooks().await.expect("worked")
    }

    fn pass(&self, span: Span) {
        let clock = self.desk.clock.by_hand().expect("a hand-moved clock");
        clock.move_to(self.desk.clock.now() + span);
    }

    async fn row(&self) -> WebhookRow {
        let all = self.desk.webhooks(&self.world.now(&self.admin), self.world.shop).await.expect("the list");
        all.items.into_iter().next().expect("a subscription")
    }

    async fn log(&self, state: &str) -> Vec<DeliveryRow> {
        let query = DeliveriesQuery { state: Some(state.to_owned()), limit: Some(100), ..Default::default() };
        let page = self.desk.webhook_deliveries(&self.admin, self.world.shop, self.made.id, query).await.expect("the log");
        page.items
    }

    async fn replay(&self, delivery: Option<Id>) -> Result<u64, aftercare_app::Error> {
        self.desk.replay_webhook(&self.world.now(&self.admin), self.world.shop, self.made.id, Replay { delivery }).await
    }

    async fn audited(&self) -> Vec<(String, String)> {
        let sql = "/* test */ SELECT action, payload FROM audit WHERE object = $1 ORDER BY seq";
        let id = self.made.id.to_string();
        let read = |row: &aftercare_store::Row| Ok((row.get::<String>(0)?, row.get::<String>(1)?));
        let all = self.desk.store.read(move |tx| tx.query(sql, &values![id.as_str()], read)).await;
        all.map_err(|error: DbError| error).expect("the audit")
    }
}

#[test]
fn what_failed_comes_again_under_its_id_and_before_what_follows_it() {
    on_both(|world: World| async move {
        let it = Scene::of(world, &[]).await;
        it.receiver.first(&[503]);
        let at = it.case("H1").await;
        assert_eq!(it.work().await, 1, "what follows on the case waits");
        assert_eq!(it.work().await, 0, "not due yet");
        let waiting = it.log("waiting").await;
        let tried = waiting.iter().find(|row| row.tries == 1).expect("the one that was tried");
        assert_eq!((tried.status, tried.kind.as_str()), (503, "case_opened"));
        assert!(it.row().await.failing_since.is_some());

        it.pass(Span::seconds(5));
        assert_eq!(it.work().await, waiting.len());
        let got = it.receiver.got();
        assert_eq!(got[0].id, got[1].id, "the same delivery");
        assert_eq!(got[0].body, got[1].body);
        let places: Vec<_> = got[1..].iter().map(Got::place).collect();
        assert!(places.windows(2).all(|pair| pair[0] < pair[1]), "{places:?}");
        let ids: BTreeSet<_> = got.iter().map(|one| &one.id).collect();
        assert_eq!(ids.len(), got.len() - 1, "nothing else came twice");
        for one in &got {
            let expect = sign::signature(&it.made.secret, &one.id, one.timestamp, &one.body);
            assert_eq!(Some(&one.signature), expect.as_ref());
            assert_eq!(one.json()["data"]["case_id"], json!(at.id));
            for personal in ["王小明", "19900006021", "余杭", "退款"] {
                assert!(!one.body.contains(personal), "{}", one.body);
            }
        }
        let told: Vec<String> = got.iter().filter_map(|one| one.json()["type"].as_str().map(str::to_owned)).collect();
        assert!(told.contains(&"request_opened".to_owned()), "{told:?}");
        assert!(!told.contains(&"deadline_opened".to_owned()), "what is not published stays inside: {told:?}");

        let row = it.row().await;
        assert_eq!((row.waiting, row.failed, row.failing_since), (0, 0, None));
        assert!(row.delivered_at.is_some());
        assert_eq!(it.work().await, 0, "told once");
    });
}

#[test]
fn a_case_that_fails_holds_no_other_and_what_is_not_wanted_is_not_told() {
    on_both(|world: World| async move {
        let it = Scene::of(world, &["case_opened", "request_opened"]).await;
        it.receiver.first(&[500]);
        let one = it.case("H1").await;
        assert_eq!(it.work().await, 1);
        let other = it.case("H2").await;
        assert_eq!(it.work().await, 2);
        let cases: Vec<Value> = it.receiver.got().iter().map(|got| got.json()["data"]["case_id"].clone()).collect();
        assert_eq!(cases, [json!(one.id), json!(other.id), json!(other.id)]);
        assert_eq!(it.log("waiting").await.len(), 2);
    });
}

/// Answers one receiver only after the other has been told so much.
struct Slow {
    way: Arc<HttpCourier>,
    slow: String,
    told: AtomicUsize,
    enough: usize,
    let_go: tokio::sync::Notify,
}

impl Courier for Slow {
    fn post<'a>(&'a self, letter: &'a Letter) -> Answering<'a> {
        Box::pin(async move {
            if letter.url == self.slow {
                self.let_go.notified().await;
                self.let_go.notify_one();
            } else if self.told.fetch_add(1, Ordering::SeqCst) + 1 == self.enough {
                self.let_go.notify_one();
            }
            self.way.post(letter).await
        })
    }
    fn loopback(&self) -> bool {
        true
    }
}

#[test]
fn a_slow_receiver_holds_no_other() {
    on_both(|world: World| async move {
        let it = Scene::of(world, &["case_opened"]).await;
        let other = Receiver::start().await;
        it.desk.add_webhook(&it.admin, it.world.shop, hook(&other.url, &["case_opened"])).await.expect("added");
        const CASES: usize = 20;
        for n in 0..CASES - 1 {
            it.case(&format!("H{n}")).await;
        }
        // The slow one answers nothing before the other has heard of every case: with its letters in every place that would be never.
        let slow = it.receiver.url.clone();
        let courier = Slow { way: courier(true), slow, told: AtomicUsize::new(0), enough: CASES, let_go: tokio::sync::Notify::new() };
        let desk = it.desk.clone().with_courier(Arc::new(courier));
        let working = tokio::spawn(async move { desk.work_on_webhooks().await });
        // What happens while it is waited for is told as well.
        while other.got().len() < CASES - 1 {
            assert!(!working.is_finished(), "the slow one is still waited for");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        it.case("late").await;
        let sent =
            tokio::time::timeout(Duration::from_secs(60), working).await.expect("nobody is held up").expect("ended").expect("worked");
        assert_eq!((sent, it.receiver.got().len(), other.got().len()), (2 * CASES, CASES, CASES));
    });
}

#[test]
fn a_receiver_may_ask_for_a_longer_pause() {
    on_both(|world: World| async move {
        let it = Scene::of(world, &["case_opened"]).await;
        it.receiver.first(&[429]);
        it.case("H1").await;
        assert_eq!(it.work().await, 1);
        it.pass(Span::seconds(5));
        assert_eq!(it.work().await, 0, "it asked for a minute");
        it.pass(Span::seconds(55));
        assert_eq!(it.work().await, 1);
        assert_eq!(it.row().await.waiting, 0);
    });
}

#[test]
fn several_nodes_tell_everything_once() {
    on_both(|world: World| async move {
        let it = Scene::of(world, &[]).await;
        for n in 0..4 {
            it.case(&format!("H{n}")).await;
        }
        let nodes = (it.desk.clone(), it.desk.clone(), it.desk.clone());
        let (a, b, c) = tokio::join!(nodes.0.work_on_webhooks(), nodes.1.work_on_webhooks(), nodes.2.work_on_webhooks());
        let mut sent = a.expect("worked") + b.expect("worked") + c.expect("worked");
        sent += it.work().await;
        let got = it.receiver.got();
        let ids: BTreeSet<_> = got.iter().map(|one| &one.id).collect();
        let events: BTreeSet<_> = got.iter().map(|one| (one.json()["data"]["case_id"].to_string(), one.place())).collect();
        assert!(sent >= 8, "{sent}");
        assert_eq!((got.len(), ids.len(), events.len()), (sent, sent, sent));
        assert_eq!(it.row().await.waiting, 0);
    });
}

/// Posts, and is cut off before the answer can be recorded.
struct CutOff(Arc<HttpCourier>);

impl Courier for CutOff {
    fn post<'a>(&'a self, letter: &'a Letter) -> Answering<'a> {
        Box::pin(async move {
            self.0.post(letter).await;
            std::future::pending().await
        })
    }
    fn loopback(&self) -> bool {
        true
    }
}

#[test]
fn cut_off_before_the_answer_was_recorded_it_goes_again_under_the_same_id() {
    on_both(|world: World| async move {
        let it = Scene::of(world, &["case_opened"]).await;
        it.case("H1").await;
        let cut = it.desk.clone().with_courier(Arc::new(CutOff(courier(true))));
        let working = tokio::spawn(async move { cut.work_on_webhooks().await });
        while it.receiver.got().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        working.abort();
        assert_eq!(it.work().await, 0, "its claim still stands");
        it.pass(Span::minutes(2));
        assert_eq!(it.work().await, 1);
        let got = it.receiver.got();
        assert_eq!((got.len(), got[0].id == got[1].id), (2, true));
        assert_eq!(it.row().await.waiting, 0);
    });
}

#[test]
fn down_for_days_it_is_paused_with_a_notice_and_everything_can_be_replayed() {
    on_both(|world: World| async move {
        let it = Scene::of(world, &["case_opened", "request_opened"]).await;
        it.receiver.then(500);
        let at = it.case("H1").await;
        let mut hours = 0;
        while it.row().await.state == State::Active {
            it.work().await;
            it.pass(Span::hours(1));
            hours += 1;
            assert!(hours < 100, "never paused");
        }
        assert!(hours > 72, "{hours}");
        let row = it.row().await;
        assert_eq!((row.pause, row.waiting, row.failed), (Some("failing"), 0, 2));
        let tries = it.receiver.got().len() as i64;
        assert!(tries > 5 && tries <= retry::TRIES, "{tries}");
        let told = it.desk.notifications(&it.world.now(&it.admin), Default::default()).await.expect("the list");
        assert_eq!((told["items"][0]["kind"].as_str(), told["items"][0]["case_id"].clone()), (Some("webhook"), json!(at.id)));
        assert!(it.audited().await.iter().any(|(action, payload)| action == "webhook_paused" && payload.contains("failing")));

        // Paused: nothing is collected, nothing is replayed.
        it.case("H2").await;
        assert_eq!(it.work().await, 0);
        assert_eq!(refused(it.replay(None).await), "bad_input");

        it.receiver.then(200);
        let before = it.receiver.got().len();
        it.desk.resume_webhook(&it.world.now(&it.admin), it.world.shop, it.made.id).await.expect("resumed");
        let failed = it.log("failed").await;
        let (last, first) = (&failed[0], &failed[1]);
        assert_eq!(it.replay(Some(first.id)).await.expect("replayed"), 1);
        assert_eq!(it.work().await, 1);
        assert_eq!(it.receiver.got()[before].id, first.id.to_string());
        assert_eq!(refused(it.replay(Some(first.id)).await), "not_found", "it is delivered");
        assert_eq!(it.replay(None).await.expect("replayed"), 1);
        assert_eq!(it.work().await, 1);
        assert_eq!(it.receiver.got()[before + 1].id, last.id.to_string());
        assert_eq!((it.row().await.failed, it.log("").await.iter().filter(|row| row.state == Delivery::Delivered).count()), (0, 2));

        // What happened meanwhile is not told; what happens now is.
        it.case("H3").await;
        assert_eq!(it.work().await, 2);
        it.pass(Span::days(8));
        it.work().await;
        assert_eq!(it.log("").await.len(), 0, "delivered ones are kept for a week");
    });
}

#[test]
fn gone_pauses_at_once_and_a_redirect_is_not_followed() {
    on_both(|world: World| async move {
        let it = Scene::of(world, &["case_opened"]).await;
        it.receiver.first(&[302]);
        it.case("H1").await;
        assert_eq!(it.work().await, 1);
        assert_eq!(it.receiver.got().len(), 1, "nobody went elsewhere");
        assert_eq!(it.log("waiting").await[0].status, 302);
        it.receiver.then(410);
        it.pass(Span::seconds(5));
        it.work().await;
        let row = it.row().await;
        assert_eq!((row.state, row.pause, row.failed), (State::Paused, Some("gone"), 1));
    });
}

#[test]
fn both_secrets_sign_for_a_day_after_a_rotation() {
    on_both(|world: World| async move {
        let it = Scene::of(world, &["case_opened"]).await;
        let new = it.desk.renew_webhook_secret(&it.admin, it.world.shop, it.made.id).await.expect("renewed");
        it.case("H1").await;
        it.work().await;
        it.pass(Span::hours(25));
        it.case("H2").await;
        it.work().await;
        let got = it.receiver.got();
        let by = |secret: &str, one: &Got| sign::signature(secret, &one.id, one.timestamp, &one.body).expect("a secret");
        assert_eq!(got[0].signature, format!("{} {}", by(&new.secret, &got[0]), by(&it.made.secret, &got[0])));
        assert_eq!(got[1].signature, by(&new.secret, &got[1]));
        for (_, payload) in it.audited().await {
            assert!(!payload.contains("whsec_") && !payload.contains("127.0.0.1"), "{payload}");
        }
        let sealed = "/* test */ SELECT url_sealed, secret_sealed, old_secret_sealed FROM webhook";
        let read = |row: &aftercare_store::Row| Ok([row.get::<Vec<u8>>(0)?, row.get::<Vec<u8>>(1)?, row.get::<Vec<u8>>(2)?].concat());
        let kept = it.desk.store.read(move |tx| tx.query(sealed, &values![], read)).await.map_err(|error: DbError| error).expect("rows");
        assert!(!String::from_utf8_lossy(&kept[0]).contains("whsec_") && !String::from_utf8_lossy(&kept[0]).contains("http"));
    });
}

/// Counts who connects, and says nothing.
async fn counted() -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
    let (at, count) = (listener.local_addr().expect("an address"), Arc::new(AtomicUsize::new(0)));
    let counting = count.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            counting.fetch_add(1, Ordering::SeqCst);
            drop(stream);
        }
    });
    (at, count)
}

#[tokio::test]
async fn a_name_is_judged_by_where_it_leads_at_the_moment_of_sending() {
    let (inside, connections) = counted().await;
    let letter = |url: String| Letter { url, id: "a".into(), timestamp: 0, signature: "v1,x".into(), body: "{}".into() };
    let leading = |loopback: bool, to: Vec<SocketAddr>| {
        let courier = HttpCourier::new(loopback).expect("TLS").patient(Duration::from_secs(2));
        courier.looking_up(Arc::new(move |_, _| {
            let to = to.clone();
            Box::pin(async move { Ok(to) })
        }))
    };
    let named = || letter(format!("https://hooks.example.com:{}/", inside.port()));
    assert_eq!(leading(false, vec![inside]).post(&named()).await.problem, "inside");
    let private = |text: &str| SocketAddr::new(text.parse().expect("a host"), inside.port());
    for host in ["10.0.0.1", "169.254.169.254", "100.100.100.200", "::ffff:192.168.0.1", "fd00::1", "0.0.0.0"] {
        assert_eq!(leading(true, vec![private(host)]).post(&named()).await.problem, "inside", "{host}");
        // One good address among them saves nothing.
        assert_eq!(leading(false, vec![private("1.1.1.1"), private(host)]).post(&named()).await.problem, "inside", "{host}");
    }
    for written in [format!("http://{inside}/"), format!("https://{inside}/"), format!("https://localhost:{}/", inside.port())] {
        assert_eq!(leading(false, vec![inside]).post(&letter(written.clone())).await.problem, "address", "{written}");
    }
    assert_eq!(connections.load(Ordering::SeqCst), 0, "nobody was connected to");
    // The same name where this machine is allowed: the rule alone kept it away before.
    assert_eq!(leading(true, vec![inside]).post(&named()).await.problem, "tls");
    assert_eq!(connections.load(Ordering::SeqCst), 1);
}

#[test]
fn a_private_address_is_refused_when_written_down_and_when_sent_to() {
    on_both(|world: World| async move {
        let it = Scene::of(world, &["case_opened"]).await;
        let strict = it.desk.clone().with_courier(courier(false));
        for url in
            ["http://127.0.0.1:1/", "https://10.0.0.1/", "https://169.254.169.254/", "https://[fd00::1]/", "http://erp.example.com/", "x"]
        {
            assert_eq!(refused(strict.add_webhook(&it.admin, it.world.shop, hook(url, &[])).await), "bad_input", "{url}");
        }
        it.case("H1").await;
        assert_eq!(strict.work_on_webhooks().await.expect("worked"), 1);
        assert_eq!(it.log("waiting").await[0].problem, "address");
        assert!(it.receiver.got().is_empty());
        it.pass(Span::seconds(5));
        assert_eq!(it.work().await, 1);
        assert_eq!(it.receiver.got().len(), 1, "where it is allowed it arrives");
    });
}

#[test]
fn only_who_manages_the_shop_may_and_only_its_own_are_there() {
    on_both(|world: World| async move {
        let it = Scene::of(world, &[]).await;
        let (shop, id) = (it.world.shop, it.made.id);
        for role in ["lead", "supervisor", "auditor"] {
            let other = it.world.staff(role).await;
            assert_eq!(refused(it.desk.webhooks(&other, shop).await), "not_allowed", "{role}");
            assert_eq!(refused(it.desk.add_webhook(&other, shop, hook("https://a.example.com/", &[])).await), "not_allowed");
            assert_eq!(refused(it.desk.renew_webhook_secret(&other, shop, id).await), "not_allowed");
            assert_eq!(refused(it.desk.replay_webhook(&other, shop, id, Replay::default()).await), "not_allowed");
        }
        let mut stranger = it.admin.clone();
        stranger.actor.who.shops.clear();
        assert!(matches!(refused(it.desk.webhooks(&stranger, shop).await), "not_found" | "not_allowed"));
        let elsewhere = aftercare_domain::id::ShopId(2);
        let mut both = it.admin.clone();
        both.actor.who.shops.insert(elsewhere);
        assert_eq!(refused(it.desk.pause_webhook(&both, elsewhere, id).await), "not_found");
        assert_eq!(refused(it.desk.webhook_deliveries(&both, elsewhere, id, DeliveriesQuery::default()).await), "not_found");
        assert_eq!(refused(it.desk.add_webhook(&it.admin, shop, hook("https://a.example.com/", &["note_added"])).await), "bad_input");
        it.desk.remove_webhook(&it.admin, shop, id).await.expect("removed");
        it.case("H1").await;
        assert_eq!(it.work().await, 0);
        let actions: Vec<String> = it.audited().await.into_iter().map(|(action, _)| action).collect();
        assert_eq!(actions, ["webhook_added", "webhook_removed"]);
    });
}
