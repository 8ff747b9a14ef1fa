//! The HTTP side as callers meet it, on both engines: sign-in, forged requests, keys, versions, errors, headers, limits.

use crate::desk::{PASSWORD, World, on_both, order};
use aftercare_domain::people::Role;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::json;

#[test]
fn a_problem_travels_from_order_to_archive() {
    on_both(|world: World| async move {
        world.staff(Role::Agent).await;
        world.staff(Role::Admin).await;
        let admin = world.token("admin", &["import"]).await;
        let agent = world.token("agent", &["open_case", "read_case", "read_queue", "note", "contact", "close", "reopen"]).await;
        let put = world.call(&admin, "POST", "/api/v1/shops/tm/orders", Some(order("A1"))).await;
        assert_eq!((put.code(), &put.body["created"]), ("ok", &json!(true)));
        let open =
            json!({ "order_no": "A1", "channel": "chat", "text": "有污渍！", "request": { "kind": "complaint", "reason": "defect" } });
        let opened = world.call(&agent, "POST", "/api/v1/shops/tm/cases", Some(open)).await;
        let case = format!("/api/v1/shops/tm/cases/{}", opened.body["case_id"].as_str().expect("a case"));
        let page = world.call(&agent, "GET", "/api/v1/queue?view=agent&limit=10", None).await;
        assert_eq!(page.body["items"][0]["order_no"], "A1");
        assert_eq!(page.body["items"][0]["buyer_masked"], "王**");
        let said = json!({ "direction": "out", "channel": "chat", "text": "非常抱歉", "marks": ["apology"] });
        assert_eq!(world.call(&agent, "POST", &format!("{case}/contacts"), Some(said)).await.code(), "ok");
        let close = json!({ "result": "explained", "confirmation": "buyer" });
        assert_eq!(world.call(&agent, "POST", &format!("{case}/close"), Some(close.clone())).await.code(), "version_missing");
        let versioned = |version: i64, key: &str| {
            let request = Request::post(format!("{case}/close")).header("authorization", format!("Bearer {agent}"));
            let request = request.header("idempotency-key", key).header("content-type", "application/json").header("if-match", version);
            request.body(Body::from(close.to_string())).expect("a request")
        };
        let stale = world.send(versioned(1, "k1")).await;
        assert_eq!((stale.code(), &stale.body["params"]["current"]), ("stale_version", &json!("2")));
        assert_eq!(stale.body["params"]["changes"][0]["kind"], "contact_out");
        let closed = world.send(versioned(2, "k2")).await;
        let again = world.send(versioned(2, "k2")).await;
        assert_eq!((closed.code(), closed.body == again.body), ("ok", true));
        assert_eq!(world.call(&agent, "POST", &format!("{case}/reopen"), Some(json!({ "reason": "objection" }))).await.code(), "ok");
        assert_eq!(world.call(&agent, "GET", &case, None).await.body["case"]["open"], true);
    });
}

#[test]
fn a_cookie_writes_only_from_our_own_page() {
    on_both(|world: World| async move {
        world.staff(Role::Agent).await;
        let cookie = world.cookie("agent").await;
        let write = |rows: &[(&str, &str)]| {
            let request = Request::post("/api/v1/shops/tm/cases").header("cookie", &cookie).header("host", "desk.example");
            let request = request.header("idempotency-key", "k").header("content-type", "application/json");
            let request = rows.iter().fold(request, |request, (name, value)| request.header(*name, *value));
            request.body(Body::from(json!({ "channel": "chat", "text": "在吗" }).to_string())).expect("a request")
        };
        let ours = ("x-requested-with", "aftercare");
        assert_eq!(world.send(write(&[])).await.code(), "cross_site");
        assert_eq!(world.send(write(&[ours, ("origin", "https://evil.example")])).await.code(), "cross_site");
        assert_eq!(world.send(write(&[ours, ("origin", "https://desk.example")])).await.code(), "ok");
        let me = Request::get("/api/v1/me").header("cookie", &cookie).body(Body::empty()).expect("a request");
        let me = world.send(me).await;
        assert_eq!((&me.body["role"], &me.body["shops"][0]["code"]), (&json!("agent"), &json!("tm")));
        let out = Request::delete("/api/v1/session").header("cookie", &cookie).header("host", "desk.example").header(ours.0, ours.1);
        let out = world.send(out.header("origin", "https://desk.example").body(Body::empty()).expect("a request")).await;
        assert!(out.headers["set-cookie"].to_str().expect("text").ends_with("Max-Age=0"));
        let gone = Request::get("/api/v1/me").header("cookie", &cookie).body(Body::empty()).expect("a request");
        assert_eq!(world.send(gone).await.code(), "not_signed_in");
    });
}

#[test]
fn guessing_is_slowed_down_per_name_and_per_address() {
    on_both(|world: World| async move {
        world.staff(Role::Agent).await;
        let try_in = async |name: &str, password: &str| {
            let body = json!({ "name": name, "password": password });
            let request = Request::post("/api/v1/session").header("content-type", "application/json").body(Body::from(body.to_string()));
            world.send(request.expect("a request")).await
        };
        for _ in 0..5 {
            assert_eq!(try_in("agent", "wrong").await.code(), "wrong_password");
        }
        let blocked = try_in("agent", PASSWORD).await;
        assert_eq!((blocked.code(), blocked.headers.contains_key("retry-after")), ("too_many_tries", true));
        for n in 0..25 {
            assert_eq!(try_in(&format!("nobody{n}"), "wrong").await.code(), "wrong_password");
        }
        assert_eq!(try_in("somebody else", "wrong").await.code(), "too_many_tries");
    });
}

#[test]
fn refusals_speak_the_callers_language_and_answers_carry_their_guards() {
    on_both(|world: World| async move {
        let ask = |language: &str| {
            Request::get("/api/v1/me").header("accept-language", language).header("x-request-id", "abc-1").body(Body::empty())
        };
        let chinese = world.send(ask("zh-CN").expect("a request")).await;
        assert_eq!((chinese.status, &chinese.body["message"]), (StatusCode::UNAUTHORIZED, &json!("请先登录")));
        assert_eq!(world.send(ask("en").expect("a request")).await.body["message"], "please sign in first");
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "no-referrer"),
            ("cache-control", "no-store"),
            ("strict-transport-security", "max-age=31536000"),
            ("x-request-id", "abc-1"),
        ] {
            assert_eq!(chinese.headers[name], value);
        }
        let page = world.send(Request::get("/queue").body(Body::empty()).expect("a request")).await;
        assert!(page.headers["content-security-policy"].to_str().expect("text").contains("script-src 'self';"));
        let nowhere = world.send(Request::get("/api/v1/nowhere").body(Body::empty()).expect("a request")).await;
        assert_eq!(nowhere.code(), "not_found");
        let wrong = world.send(Request::put("/api/v1/me").body(Body::empty()).expect("a request")).await;
        assert_eq!(wrong.code(), "not_found");
        let errors = world.send(Request::get("/api/v1/errors").body(Body::empty()).expect("a request")).await;
        assert_eq!(errors.body.as_array().map(Vec::len), Some(aftercare_domain::refusal::CATALOGUE.len()));
    });
}

#[test]
fn limits_hold_before_anything_is_done() {
    on_both(|world: World| async move {
        world.staff(Role::Agent).await;
        let agent = world.token("agent", &["open_case"]).await;
        let send = async |key: Option<&str>, kind: &str, body: String| {
            let request = Request::post("/api/v1/shops/tm/cases").header("authorization", format!("Bearer {agent}"));
            let request = key.into_iter().fold(request, |request, key| request.header("idempotency-key", key));
            world.send(request.header("content-type", kind).body(Body::from(body)).expect("a request")).await
        };
        let good = json!({ "channel": "chat", "text": "在吗" }).to_string();
        let kind = "application/json; charset=utf-8";
        assert_eq!(send(None, kind, good.clone()).await.code(), "idempotency_key_missing");
        assert_eq!(send(Some(&"k".repeat(256)), kind, good.clone()).await.code(), "bad_input");
        assert_eq!(send(Some("k"), "text/plain", good.clone()).await.code(), "bad_input");
        assert_eq!(send(Some("k"), kind, "x".repeat(300_000)).await.code(), "too_large");
        assert_eq!(send(Some("k"), kind, "[".repeat(100_000)).await.code(), "bad_input");
        let odd = json!({ "channel": "chat", "role": "owner" });
        assert!(send(Some("k"), kind, odd.to_string()).await.body["message"].as_str().expect("text").contains("unknown field `role`"));
        assert_eq!(send(Some("k"), kind, good).await.code(), "ok");
        let twice = json!({ "channel": "chat", "text": "别的" }).to_string();
        assert_eq!(send(Some("k"), kind, twice).await.code(), "idempotency_key_reused");
    });
}
