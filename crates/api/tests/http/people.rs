//! Running the desk over HTTP: people, tokens, shops, settings.

use crate::desk::{PASSWORD, World, on_both};
use aftercare_domain::people::Role;
use serde_json::json;

const EVERYTHING: &[&str] = &["manage_users", "manage_tokens", "manage_settings", "read_queue"];

#[test]
fn a_person_is_added_works_and_is_let_in_no_more() {
    on_both(|world: World| async move {
        world.staff(Role::Admin).await;
        let admin = world.token("admin", EVERYTHING).await;
        let person =
            json!({ "name": "lin", "display_name": "林", "agent_no": "K1", "role": "agent", "password": PASSWORD, "shops": ["tm"] });
        assert_eq!(world.call(&admin, "POST", "/api/v1/staff", Some(person.clone())).await.code(), "ok");
        assert_eq!(world.call(&admin, "POST", "/api/v1/staff", Some(person)).await.code(), "bad_input");
        let short = json!({ "name": "x", "display_name": "x", "agent_no": "x", "role": "agent", "password": "short" });
        assert_eq!(world.call(&admin, "POST", "/api/v1/staff", Some(short)).await.code(), "bad_input");
        let issue = json!({ "staff": "lin", "label": "phone", "scopes": ["read_queue"], "days": 1 });
        let issued = world.call(&admin, "POST", "/api/v1/tokens", Some(issue)).await;
        let token = issued.body["token"].as_str().expect("a token").to_owned();
        assert_eq!(world.call(&token, "GET", "/api/v1/me", None).await.body["role"], "agent");
        assert_eq!(world.call(&token, "GET", "/api/v1/me", None).await.body["may"], json!(["read_queue"]));
        let listed = world.call(&admin, "GET", "/api/v1/tokens", None).await;
        let phone = listed.body["items"].as_array().expect("a list").iter().find(|row| row["label"] == "phone").expect("the token");
        let id = phone["id"].as_str().expect("an id").to_owned();
        assert!(!listed.body.to_string().contains(&token));
        assert_eq!(world.call(&admin, "POST", &format!("/api/v1/tokens/{id}/revoke"), None).await.code(), "ok");
        assert_eq!(world.call(&token, "GET", "/api/v1/me", None).await.code(), "not_signed_in");
        assert_eq!(world.call(&admin, "POST", "/api/v1/staff/lin/disable", None).await.code(), "ok");
        let everybody = world.call(&admin, "GET", "/api/v1/staff", None).await;
        assert_eq!(everybody.body["items"][1]["disabled"], true);
        assert_eq!(world.call(&admin, "POST", "/api/v1/staff/admin/disable", None).await.code(), "bad_input");
    });
}

#[test]
fn a_new_password_ends_every_session() {
    on_both(|world: World| async move {
        world.staff(Role::Agent).await;
        let token = world.token("agent", &["read_queue"]).await;
        let secret = world.desk.sign_in("agent", PASSWORD).await.expect("signed in").secret;
        let change = |present: &str, new: &str| json!({ "present": present, "new": new });
        let set = async |body| world.call(&token, "POST", "/api/v1/me/password", Some(body)).await.code().to_owned();
        assert_eq!(set(change("wrong", "another good one")).await, "wrong_password");
        assert_eq!(set(change(PASSWORD, "short")).await, "bad_input");
        assert_eq!(set(change(PASSWORD, "another good one")).await, "ok");
        assert!(world.desk.signed_in(&secret).await.is_err());
        assert!(world.desk.sign_in("agent", "another good one").await.is_ok());
    });
}

#[test]
fn settings_take_sound_values_only_and_keep_what_is_not_named() {
    on_both(|world: World| async move {
        world.staff(Role::Admin).await;
        let admin = world.token("admin", EVERYTHING).await;
        let set = async |body| world.call(&admin, "POST", "/api/v1/shops/tm/settings", Some(body)).await;
        assert_eq!(
            set(json!({ "policy": { "promotion_on_partial_return": "recompute" }, "rules": { "agree_small": false } })).await.code(),
            "ok"
        );
        assert_eq!(set(json!({ "policy": { "promotion_on_partial_return": "sometimes" } })).await.code(), "bad_input");
        assert_eq!(set(json!({ "policy": { "promotion": "recompute" } })).await.code(), "bad_input");
        assert_eq!(set(json!({ "colour": "red" })).await.code(), "bad_input");
        let after = set(json!({ "rules": null })).await.body;
        assert_eq!(after, json!({ "policy": { "promotion_on_partial_return": "recompute" } }));
        assert_eq!(world.call(&admin, "GET", "/api/v1/shops/tm/settings", None).await.body, after);
        let shop = json!({ "code": "jd", "title": "棉屿京东店", "platform": "jd" });
        assert_eq!(world.call(&admin, "POST", "/api/v1/shops", Some(shop)).await.code(), "ok");
        assert_eq!(world.call(&admin, "GET", "/api/v1/me", None).await.body["shops"][1]["code"], "jd");
    });
}

#[test]
fn products_and_stock_are_taken_in_and_a_repeat_replaces_them() {
    on_both(|world: World| async move {
        world.staff(Role::Operations).await;
        let shop = world.token("operations", &["import", "read_case"]).await;
        let put = async |what: &str, body| world.call(&shop, "POST", &format!("/api/v1/shops/tm/{what}"), Some(body)).await;
        let coat = |title: &str| json!([{ "sku": "coat", "title": title, "category": "clothing", "card": { "flaws": "起球" } }]);
        assert_eq!(put("products", coat("大衣")).await.body["rows"], 1);
        assert_eq!(put("products", coat("羊毛大衣")).await.body["rows"], 1);
        let card = world.call(&shop, "GET", "/api/v1/shops/tm/products/coat", None).await.body;
        assert_eq!((&card["title"], &card["card"]["flaws"]), (&json!("羊毛大衣"), &json!("起球")));
        assert_eq!(put("stock", json!([{ "sku": "coat", "on_hand": 4 }])).await.code(), "ok");
        assert_eq!(put("stock", json!([{ "sku": "coat", "on_hand": -1 }])).await.code(), "bad_input");
        let stock = world.call(&shop, "GET", "/api/v1/shops/tm/stock", None).await.body;
        assert_eq!(stock["items"], json!([{ "sku": "coat", "on_hand": 4, "reserved": 0, "elsewhere": 0 }]));
        assert_eq!(put("products", json!([])).await.code(), "bad_input");
    });
}
