//! The live stream: what changed, in order, caught up after a break, and only to whom it belongs.

use crate::desk::{World, on_both};
use aftercare_app::shop::NewShop;
use aftercare_domain::people::Role;
use axum::body::{Body, BodyDataStream};
use axum::extract::ConnectInfo;
use axum::http::Request;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::time::Duration;
use tokio_stream::StreamExt;
use tower::ServiceExt;

struct Stream {
    data: BodyDataStream,
    text: String,
}

impl Stream {
    async fn open(world: &World, token: &str, query: &str) -> Self {
        let request = Request::get(format!("/api/v1/live{query}")).header("authorization", format!("Bearer {token}"));
        let mut request = request.body(Body::empty()).expect("a request");
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 4711))));
        let response = world.router.clone().oneshot(request).await.expect("an answer");
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self { data: response.into_body().into_data_stream(), text: String::new() }
    }

    /// The next event's name and data; `None` when none comes in time.
    async fn next(&mut self) -> Option<(String, Value)> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let line = |name: &str| event.lines().find_map(|line| line.strip_prefix(name)).map(|text| text.trim().to_owned());
                let found = line("event:").zip(line("data:").and_then(|data| serde_json::from_str(&data).ok()));
                self.text = rest.to_owned();
                if found.is_some() {
                    return found;
                }
                continue;
            }
            let chunk = tokio::time::timeout(Duration::from_secs(3), self.data.next()).await.ok()??;
            self.text.push_str(std::str::from_utf8(&chunk.expect("a chunk")).expect("text"));
        }
    }
}

#[test]
fn changes_are_told_in_order_and_caught_up_after_a_break() {
    on_both(|world: World| async move {
        world.staff(Role::Agent).await;
        let agent = world.token("agent", &["open_case", "read_queue", "note", "contact"]).await;
        let mut stream = Stream::open(&world, &agent, "").await;
        assert_eq!(stream.next().await.expect("a greeting").0, "here");
        let open = json!({ "channel": "chat", "text": "在吗" });
        let opened = world.call(&agent, "POST", "/api/v1/shops/tm/cases", Some(open)).await;
        let case = opened.body["case_id"].as_str().expect("a case").to_owned();
        let (name, first) = stream.next().await.expect("the opening");
        assert_eq!((name.as_str(), &first["case_id"], &first["version"]), ("case", &json!(case), &json!(1)));
        for _ in 0..3 {
            let note = json!({ "direction": "note", "channel": "agent", "text": "看过了" });
            assert_eq!(world.call(&agent, "POST", &format!("/api/v1/shops/tm/cases/{case}/contacts"), Some(note)).await.code(), "ok");
        }
        for version in 2..=4 {
            assert_eq!(stream.next().await.expect("a note").1["version"], version);
        }
        drop(stream);
        let mut again = Stream::open(&world, &agent, &format!("?after={}", first["seq"])).await;
        assert_eq!(again.next().await.expect("a greeting").0, "here");
        for version in 2..=4 {
            assert_eq!(again.next().await.expect("what was missed").1["version"], version);
        }
    });
}

#[test]
fn what_happens_in_other_shops_is_not_told() {
    on_both(|world: World| async move {
        world.staff(Role::Agent).await;
        world.desk.add_shop(NewShop { code: "jd".into(), title: "京东店".into(), platform: "jd".into() }).await.expect("a shop");
        world.staff(Role::Senior).await;
        let (agent, senior) = (world.token("agent", &["read_queue", "open_case"]).await, world.token("senior", &["open_case"]).await);
        let mut stream = Stream::open(&world, &agent, "?after=0").await;
        assert_eq!(stream.next().await.expect("a greeting").0, "here");
        let open = |text: &str| Some(json!({ "channel": "chat", "text": text }));
        assert_eq!(world.call(&senior, "POST", "/api/v1/shops/jd/cases", open("京东")).await.code(), "ok");
        assert_eq!(world.call(&senior, "POST", "/api/v1/shops/tm/cases", open("天猫")).await.code(), "ok");
        assert_eq!(stream.next().await.expect("the granted shop's").1["shop_id"], 1);
        assert!(stream.next().await.is_none());
    });
}
