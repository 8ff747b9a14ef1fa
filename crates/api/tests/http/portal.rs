//! The buyer's own page over HTTP, on both engines: what opens an order and what does not, what its holder sees and may do, and nothing more.

use crate::desk::{Answer, World, on_both, order};
use aftercare_app::Context;
use aftercare_domain::people::Role;
use aftercare_domain::time::Span;
use axum::body::Body;
use axum::http::Request;
use base64::Engine;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU32, Ordering};

/// The end of the phone of every order here.
const TAIL: &str = "6021";
/// What a guess comes from.
const ELSEWHERE: [u8; 4] = [198, 51, 100, 7];
static KEYS: AtomicU32 = AtomicU32::new(0);

/// The staff's side: an agent and somebody who sets the shop up.
struct Shop {
    world: World,
    agent: String,
    admin: String,
}

impl Shop {
    async fn new(world: World) -> Self {
        for role in [Role::Agent, Role::Admin] {
            world.staff(role).await;
        }
        let scopes =
            ["open_case", "read_case", "read_queue", "note", "contact", "offer", "send_offer", "answer_offer", "close", "agree_return"];
        let agent = world.token("agent", &scopes).await;
        let admin = world.token("admin", &["import", "manage_settings", "read_queue"]).await;
        Self { world, agent, admin }
    }

    /// A shop whose page is on, with these orders.
    async fn open(world: World, orders: &[&str]) -> Self {
        let shop = Self::new(world).await;
        shop.set(json!({ "on": true, "platforms": ["tmall"] })).await;
        for order_no in orders {
            assert_eq!(shop.world.call(&shop.admin, "POST", "/api/v1/shops/tm/orders", Some(order(order_no))).await.code(), "ok");
        }
        shop
    }

    async fn set(&self, portal: Value) {
        let set = self.world.call(&self.admin, "POST", "/api/v1/shops/tm/settings", Some(json!({ "portal": portal }))).await;
        assert_eq!(set.code(), "ok", "{:?}", set.body);
    }

    async fn find_from(&self, address: [u8; 4], shop: &str, order_no: &str, tail: &str) -> Answer {
        let body = json!({ "shop": shop, "order_no": order_no, "phone_tail": tail }).to_string();
        let request = Request::post("/api/v1/portal/find").header("content-type", "application/json").body(Body::from(body));
        self.world.send_from(address, request.expect("a request")).await
    }

    async fn find(&self, order_no: &str, tail: &str) -> Answer {
        self.find_from([203, 0, 113, 9], "tm", order_no, tail).await
    }

    async fn ticket(&self, order_no: &str) -> String {
        let found = self.find(order_no, TAIL).await;
        assert_eq!(found.code(), "ok", "{:?}", found.body);
        found.body["ticket"].as_str().expect("a ticket").to_owned()
    }

    async fn with(&self, ticket: &str, key: &str, path: &str, body: Option<Value>) -> Answer {
        let method = if body.is_some() { "POST" } else { "GET" };
        let request = Request::builder().method(method).uri(format!("/api/v1/portal{path}")).header("x-portal-ticket", ticket);
        let request = request.header("idempotency-key", key).header("content-type", "application/json");
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        self.world.send(request.body(body).expect("a request")).await
    }

    /// A command with a fresh key, or a question.
    async fn does(&self, ticket: &str, path: &str, body: Option<Value>) -> Answer {
        let key = format!("buyer-{}", KEYS.fetch_add(1, Ordering::Relaxed));
        self.with(ticket, &key, path, body).await
    }

    async fn page(&self, ticket: &str) -> Value {
        let page = self.does(ticket, "/order", None).await;
        assert_eq!(page.code(), "ok", "{:?}", page.body);
        page.body
    }

    async fn report(&self, ticket: &str) -> String {
        let reported = self.does(ticket, "/cases", Some(damaged())).await;
        assert_eq!(reported.code(), "ok", "{:?}", reported.body);
        reported.body["case_id"].as_str().expect("a case").to_owned()
    }

    /// What the agent sees of a case.
    async fn case(&self, case: &str) -> Value {
        self.world.call(&self.agent, "GET", &format!("/api/v1/shops/tm/cases/{case}"), None).await.body
    }

    /// The agent does something on the newest version of the case.
    async fn agent(&self, case: &str, path: &str, body: Value) -> Value {
        let version = self.case(case).await["case"]["version"].as_i64().expect("a version");
        let key = format!("agent-{}", KEYS.fetch_add(1, Ordering::Relaxed));
        let request =
            Request::post(format!("/api/v1/shops/tm/cases/{case}{path}")).header("authorization", format!("Bearer {}", self.agent));
        let request = request.header("idempotency-key", key).header("if-match", version).header("content-type", "application/json");
        let done = self.world.send(request.body(Body::from(body.to_string())).expect("a request")).await;
        assert_eq!(done.code(), "ok", "{path}: {:?}", done.body);
        done.body["result"].clone()
    }

    /// A compensation that the agent has sent; answers its id.
    async fn offered(&self, case: &str, amount_minor: i64) -> String {
        let offer = json!({ "remedy": "compensation", "means": "red_packet", "amount_minor": amount_minor, "what": "给您发红包", "why": "给您添麻烦了",
            "by_when": "2026-11-25T18:00:00+08:00", "buyer_must": "不用做什么", "follows": "红包到账后请告诉我们" });
        let offer = self.agent(case, "/offers", offer).await["offer_id"].as_str().expect("an offer").to_owned();
        self.agent(case, &format!("/offers/{offer}/send"), json!({})).await;
        offer
    }
}

fn damaged() -> Value {
    json!({ "problem": "damaged", "wish": "return_refund", "text": "衣服破了一个洞，电话13967584932", "lines": [{ "line_no": 1, "quantity": 1 }] })
}

fn photo(salt: u8) -> Value {
    json!({ "base64": base64::engine::general_purpose::STANDARD.encode([0xff, 0xd8, 0xff, 0xe0, salt]) })
}

#[test]
fn whatever_is_wrong_the_answer_is_the_same() {
    on_both(|world: World| async move {
        let shop = Shop::new(world).await;
        assert_eq!(shop.world.call(&shop.admin, "POST", "/api/v1/shops/tm/orders", Some(order("A1"))).await.code(), "ok");
        let off = shop.find("A1", TAIL).await;
        assert_eq!((off.code(), off.status.as_u16()), ("portal_not_found", 404), "off by default");
        shop.set(json!({ "on": true })).await;
        let marketplace = shop.find("A1", TAIL).await;
        shop.set(json!({ "on": true, "platforms": ["tmall"] })).await;
        let wrong = [
            marketplace,
            shop.find("A1", "0000").await,
            shop.find("NONE", TAIL).await,
            shop.find("A1", "").await,
            shop.find_from([203, 0, 113, 9], "nowhere", "A1", TAIL).await,
            shop.find("", "六零二一").await,
        ];
        for answer in wrong {
            assert_eq!((answer.status, &answer.body), (off.status, &off.body));
            let named = |answer: &Answer| {
                let mut names: Vec<_> = answer.headers.keys().map(|name| name.as_str().to_owned()).collect();
                names.sort();
                (names, answer.headers["content-length"].clone())
            };
            assert_eq!(named(&answer), named(&off));
        }
        let ticket = shop.ticket("A1").await;
        assert_eq!(shop.page(&ticket).await["order"]["lines"][0]["title"], "双面羊毛大衣");
        shop.set(json!({ "on": false })).await;
        assert_eq!(shop.does(&ticket, "/order", None).await.code(), "portal_ended", "switched off, tickets end too");
    });
}

#[test]
fn the_end_of_a_phone_cannot_be_guessed() {
    on_both(|world: World| async move {
        let shop = Shop::open(world, &["A1", "A2"]).await;
        let mut codes = Vec::new();
        for guess in 0..8 {
            codes.push(shop.find_from(ELSEWHERE, "tm", "A1", &format!("000{guess}")).await.code().to_owned());
        }
        assert_eq!(codes.iter().filter(|code| *code == "portal_not_found").count(), 5, "{codes:?}");
        let blocked = shop.find_from(ELSEWHERE, "tm", "A1", TAIL).await;
        assert_eq!((blocked.code(), blocked.headers.contains_key("retry-after")), ("too_many_tries", true), "not even the right one");
        let none = async |guess: i32| shop.find_from(ELSEWHERE, "tm", "NONE", &format!("000{guess}")).await.code().to_owned();
        for guess in 0..5 {
            assert_eq!(none(guess).await, "portal_not_found");
        }
        assert_eq!(none(5).await, "too_many_tries", "an order that is not there is guarded alike");
        // the controls: another order from there, the same order from elsewhere, and the same after a while
        assert_eq!(shop.find_from(ELSEWHERE, "tm", "A2", TAIL).await.code(), "ok");
        assert_eq!(shop.find("A1", TAIL).await.code(), "ok");
        let clock = shop.world.desk.clock.by_hand().expect("a hand-moved clock");
        clock.move_to(shop.world.desk.clock.now() + Span::minutes(2));
        assert_eq!(shop.find_from(ELSEWHERE, "tm", "A1", TAIL).await.code(), "ok");
    });
}

#[test]
fn many_addresses_together_guess_no_faster() {
    on_both(|world: World| async move {
        let shop = Shop::open(world, &["A1"]).await;
        let mut refused = 0;
        for n in 0..60_u8 {
            let guess = shop.find_from([198, 51, 100, n], "tm", "A1", &format!("{n:04}")).await;
            refused += usize::from(guess.code() == "too_many_tries");
        }
        assert_eq!(refused, 40);
    });
}

#[test]
fn a_ticket_opens_its_own_order_and_ends() {
    on_both(|world: World| async move {
        let shop = Shop::open(world, &["A1", "A2"]).await;
        let (one, two) = (shop.ticket("A1").await, shop.ticket("A2").await);
        let case = shop.report(&one).await;
        let offer = shop.offered(&case, 500).await;
        let foreign = [
            (format!("/cases/{case}/messages"), json!({ "text": "在吗" })),
            (format!("/cases/{case}/photos"), photo(1)),
            (format!("/cases/{case}/offers/{offer}/answer"), json!({ "answer": "accepted" })),
            (format!("/cases/{case}/rating"), json!({ "stars": 5 })),
        ];
        for (path, body) in &foreign {
            assert_eq!(shop.does(&two, path, Some(body.clone())).await.code(), "not_found", "{path}");
            assert_eq!(shop.does("", path, Some(body.clone())).await.code(), "portal_ended", "{path}");
            assert_eq!(shop.does(&shop.agent, path, Some(body.clone())).await.code(), "portal_ended", "{path}");
        }
        assert_eq!(shop.page(&two).await["cases"], json!([]));
        let none = shop.world.call(&one, "GET", &format!("/api/v1/shops/tm/cases/{case}"), None).await;
        assert_eq!(none.code(), "not_signed_in", "a ticket is no token");
        let clock = shop.world.desk.clock.by_hand().expect("a hand-moved clock");
        clock.move_to(shop.world.desk.clock.now() + Span::hours(2));
        assert_eq!(shop.does(&one, "/order", None).await.code(), "portal_ended");
    });
}

#[test]
fn a_reported_problem_is_an_ordinary_case() {
    on_both(|world: World| async move {
        let shop = Shop::open(world, &["A1"]).await;
        let ticket = shop.ticket("A1").await;
        let first = shop.with(&ticket, "k1", "/cases", Some(damaged())).await;
        let again = shop.with(&ticket, "k1", "/cases", Some(damaged())).await;
        assert_eq!((first.code(), &first.body), ("ok", &again.body), "a repeat gets the first answer");
        let case = first.body["case_id"].as_str().expect("a case").to_owned();
        for n in 0..2 {
            assert_eq!(shop.does(&ticket, &format!("/cases/{case}/photos"), Some(photo(n))).await.code(), "ok");
        }
        // the same wish again joins, another wish on units that are taken is heard on the case that holds them
        assert_eq!(shop.report(&ticket).await, case);
        let other = json!({ "problem": "damaged", "wish": "exchange", "text": "换一件也行", "lines": [{ "line_no": 1, "quantity": 1 }] });
        assert_eq!(shop.does(&ticket, "/cases", Some(other)).await.body["case_id"], case.as_str());
        let seen = shop.case(&case).await;
        assert_eq!((&seen["case"]["order_no"], &seen["case"]["channel"]), (&json!("A1"), &json!("portal")));
        assert_eq!(seen["requests"][0]["kind"], "return_refund");
        assert_eq!(seen["requests"][0]["reason"], "damaged");
        assert_eq!(seen["evidence"].as_array().map(Vec::len), Some(2));
        let roles: Vec<_> = seen["timeline"].as_array().into_iter().flatten().filter_map(|entry| entry["actor_role"].as_str()).collect();
        assert!(roles.contains(&"buyer") && !roles.contains(&"api"), "{roles:?}");
        let said: Vec<_> = seen["timeline"].as_array().into_iter().flatten().filter(|entry| entry["kind"] == "contact").collect();
        assert_eq!(said.iter().filter(|entry| entry["direction"] == "in").count(), 3);
        // neither a picture of another kind nor without end
        let odd = json!({ "base64": base64::engine::general_purpose::STANDARD.encode("<svg/>") });
        assert_eq!(shop.does(&ticket, &format!("/cases/{case}/photos"), Some(odd)).await.code(), "bad_input");
        for n in 2..24 {
            assert_eq!(shop.does(&ticket, &format!("/cases/{case}/photos"), Some(photo(n))).await.code(), "ok");
        }
        assert_eq!(shop.does(&ticket, &format!("/cases/{case}/photos"), Some(photo(99))).await.code(), "too_large");
    });
}

#[test]
fn the_buyer_sees_progress_and_nothing_of_the_shop() {
    on_both(|world: World| async move {
        let shop = Shop::open(world, &["A1"]).await;
        let ticket = shop.ticket("A1").await;
        let case = shop.report(&ticket).await;
        shop.agent(&case, "/contacts", json!({ "direction": "note", "channel": "agent", "text": "这个买家很难缠" })).await;
        shop.agent(&case, "/contacts", json!({ "direction": "out", "channel": "phone", "text": "电话里说最多赔五十" })).await;
        shop.agent(&case, "/contacts", json!({ "direction": "out", "channel": "portal", "text": "非常抱歉，马上给您处理" })).await;
        shop.agent(&case, "/contacts", json!({ "direction": "out", "channel": "portal", "text": "还没发出的话", "prepare": true })).await;
        let page = shop.page(&ticket).await;
        let told = page.to_string();
        let secrets = ["难缠", "最多赔", "还没发出", "agent", "A01", "13967584932", "19900006021", "王小明", "文一", "cap_minor", "limit"];
        for secret in secrets {
            assert!(!told.contains(secret), "{secret} in {told}");
        }
        assert!(told.contains("139****4932") && told.contains("非常抱歉"), "{told}");
        let seen = &page["cases"][0];
        assert_eq!((&page["order"]["tail"], &seen["steps"][0]["what"]), (&json!("A1"), &json!("case_opened")));
        assert_eq!(seen["messages"].as_array().map(Vec::len), Some(2));
        assert_eq!(page["order"].get("paid_minor"), None);
    });
}

#[test]
fn an_accepted_offer_is_carried_out_within_the_limits_of_whoever_made_it() {
    on_both(|world: World| async move {
        let shop = Shop::open(world, &["A1"]).await;
        let ticket = shop.ticket("A1").await;
        let case = shop.report(&ticket).await;
        let offer = shop.offered(&case, 500).await;
        let page = shop.page(&ticket).await;
        assert_eq!((&page["cases"][0]["next"]["what"], &page["cases"][0]["offers"][0]["what"]), (&json!("decide"), &json!("给您发红包")));
        let answer = format!("/cases/{case}/offers/{offer}/answer");
        let yes = shop.does(&ticket, &answer, Some(json!({ "answer": "accepted" }))).await;
        assert_eq!((yes.code(), &yes.body["state"]), ("ok", &json!("accepted")), "{:?}", yes.body);
        let seen = shop.case(&case).await;
        assert_eq!(seen["effects"][0]["amount_minor"], 500);
        let accepted = seen["timeline"].as_array().into_iter().flatten().find(|entry| entry["kind"] == "offer_accepted").expect("told");
        assert_eq!((&accepted["actor_role"], &accepted["actor"]), (&json!("buyer"), &Value::Null));
        assert_eq!(shop.does(&ticket, &answer, Some(json!({ "answer": "refused" }))).await.code(), "offer_state");
        // what the maker may no longer grant today is not granted by way of this page; the yes is heard all the same
        let second = shop.offered(&case, 500).await;
        let limits =
            json!({ "authority": { "limits": [{ "role": "agent", "kind": "virtual", "per_case_minor": 100_000, "per_day_minor": 900 }] } });
        let set = shop.world.call(&shop.admin, "POST", "/api/v1/shops/tm/settings", Some(limits)).await;
        assert_eq!(set.code(), "ok", "{:?}", set.body);
        let yes = shop.does(&ticket, &format!("/cases/{case}/offers/{second}/answer"), Some(json!({ "answer": "accepted" }))).await;
        assert_eq!((yes.code(), &yes.body["state"]), ("ok", &json!("passed_on")), "{:?}", yes.body);
        let seen = shop.case(&case).await;
        assert_eq!(seen["effects"].as_array().map(Vec::len), Some(1));
        assert_eq!(seen["case"]["last_contact_from"], "buyer");
    });
}

#[test]
fn a_closed_case_is_rated_or_opened_again() {
    on_both(|world: World| async move {
        let shop = Shop::open(world, &["A1"]).await;
        let ticket = shop.ticket("A1").await;
        let ask = json!({ "problem": "usage", "wish": "help", "text": "怎么洗" });
        let case = shop.does(&ticket, "/cases", Some(ask)).await.body["case_id"].as_str().expect("a case").to_owned();
        let rate = async |stars: i64| {
            shop.does(&ticket, &format!("/cases/{case}/rating"), Some(json!({ "stars": stars }))).await.code().to_owned()
        };
        let say = async |body: Value| shop.does(&ticket, &format!("/cases/{case}/messages"), Some(body)).await.code().to_owned();
        assert_eq!(rate(5).await, "case_not_closed", "nobody has asked yet");
        assert_eq!(say(json!({ "text": "知道了，谢谢", "solved": true })).await, "ok");
        shop.agent(
            &case,
            "/contacts",
            json!({ "direction": "out", "channel": "portal", "text": "您对处理满意吗", "marks": ["satisfaction"] }),
        )
        .await;
        assert_eq!(rate(4).await, "ok");
        shop.agent(&case, "/close", json!({ "result": "explained", "confirmation": "buyer" })).await;
        let seen = shop.case(&case).await;
        assert_eq!((&seen["case"]["open"], &seen["case"]["satisfaction"]), (&json!(false), &json!(4)), "closing keeps what the buyer said");
        assert_eq!((rate(0).await.as_str(), rate(6).await.as_str(), rate(2).await.as_str()), ("bad_input", "bad_input", "ok"));
        assert_eq!(shop.case(&case).await["case"]["satisfaction"], 2);
        assert_eq!(say(json!({ "text": "顺便问一下" })).await, "case_closed");
        assert_eq!(say(json!({ "text": "还是不行", "solved": false })).await, "ok");
        assert_eq!(shop.case(&case).await["case"]["open"], true);
        let kinds: Vec<_> =
            shop.page(&ticket).await["cases"][0]["steps"].as_array().into_iter().flatten().map(|it| it["what"].clone()).collect();
        assert!(kinds.contains(&json!("case_closed")) && kinds.contains(&json!("case_reopened")) && kinds.contains(&json!("buyer_rated")));
    });
}

#[test]
fn a_ticket_does_not_fill_the_desk() {
    on_both(|world: World| async move {
        let shop = Shop::open(world, &["A1"]).await;
        let ticket = shop.ticket("A1").await;
        let case = shop.report(&ticket).await;
        let (spent, token) =
            ("UPDATE portal_ticket SET acts = 119 WHERE token_hash = $1", aftercare_store::vault::sha256(ticket.as_bytes()));
        let spend =
            shop.world.desk.store.write::<_, aftercare_app::Error, _>(move |tx| Ok(tx.execute(spent, &aftercare_store::values![token])?));
        assert_eq!(spend.await.expect("spent"), 1);
        let path = format!("/cases/{case}/messages");
        let say = async || shop.does(&ticket, &path, Some(json!({ "text": "在吗" }))).await.code().to_owned();
        assert_eq!((say().await, say().await), ("ok".to_owned(), "too_many_tries".to_owned()));
        assert_eq!(shop.does(&shop.ticket("A1").await, "/order", None).await.code(), "ok");
    });
}

#[test]
fn an_erased_buyer_is_found_no_more() {
    on_both(|world: World| async move {
        let shop = Shop::open(world, &["A1"]).await;
        let ticket = shop.ticket("A1").await;
        let desk = &shop.world.desk;
        let buyer = "SELECT id FROM buyer WHERE shop_id = $1 AND phone_tail_hash IS NOT NULL LIMIT 1";
        let id = aftercare_domain::id::ShopId(1);
        let read =
            desk.store.read(move |tx| Ok::<_, aftercare_app::Error>(tx.query_opt(buyer, &aftercare_store::values![id], |row| row.get(0))?));
        let buyer = read.await.expect("read").expect("a buyer");
        let erase = serde_json::from_value(json!({ "reason": "asked_by_buyer" })).expect("a reason");
        desk.erase_buyer(&Context::desk(desk.clock.now()), id, buyer, erase).await.expect("erased");
        assert_eq!(shop.does(&ticket, "/order", None).await.code(), "portal_ended");
        assert_eq!(shop.find("A1", TAIL).await.code(), "portal_not_found");
    });
}
