//! The table as a whole: every route against every role, who may call without signing in, and the published document.

use crate::desk::{World, on_both};
use aftercare_api::route::{Access, Route};
use aftercare_api::routes;
use aftercare_domain::people::{Action, Role, policy};
use std::collections::BTreeSet;

fn allowed(route: &Route, role: Role) -> bool {
    let all: BTreeSet<Action> = Action::ALL.iter().copied().collect();
    let who =
        policy::Actor { id: aftercare_domain::id::Id::from_bytes([1; 16]), role, shops: BTreeSet::new(), only: Some(all), custom: None };
    match route.access {
        Access::Public | Access::Signed => true,
        Access::May(action) => policy::could(&who, action),
    }
}

#[test]
fn every_route_refuses_every_role_that_may_not() {
    on_both(|world: World| async move {
        let every: Vec<&str> = Action::ALL.iter().map(|action| action.as_str()).collect();
        for role in Role::ALL.iter().copied() {
            world.staff(role).await;
            let token = world.token(role.as_str(), &every).await;
            let other = world.token(role.as_str(), &[every[0]]).await;
            for route in routes::table() {
                let Access::May(action) = route.access else { continue };
                let path = address(&route);
                let code = world.call(&token, route.method.as_str(), &path, None).await.code().to_owned();
                assert_eq!(code != "not_allowed", allowed(&route, role), "{role} {} {path}: {code}", route.method);
                if action.as_str() != every[0] {
                    let code = world.call(&other, route.method.as_str(), &path, None).await.code().to_owned();
                    assert_eq!(code, "not_allowed", "a token without the scope: {role} {path}");
                }
            }
        }
    });
}

#[test]
fn every_route_but_the_public_ones_asks_for_a_sign_in() {
    on_both(|world: World| async move {
        for route in routes::table().into_iter().filter(|route| route.access != Access::Public) {
            let code = world.call("0000", route.method.as_str(), &address(&route), None).await.code().to_owned();
            assert_eq!(code, "not_signed_in", "{} {}", route.method, route.path);
        }
    });
}

#[test]
fn no_two_routes_share_an_address_and_public_ones_are_few() {
    let mut seen = BTreeSet::new();
    for route in routes::table() {
        assert!(seen.insert((route.method.to_string(), route.path)), "{} {} stands twice", route.method, route.path);
        assert!(route.about.len() > 10, "{} says nothing about itself", route.path);
    }
    let public: Vec<_> = routes::table().into_iter().filter(|route| route.access == Access::Public).map(|route| route.path).collect();
    let portal = |path: &&str| path.starts_with("/portal/");
    assert_eq!(
        public.iter().copied().filter(|path| !portal(path)).collect::<Vec<_>>(),
        ["/shops/{shop}/callbacks/platform", "/errors", "/session"]
    );
    assert_eq!(public.iter().filter(|path| portal(path)).count(), 7);
}

#[test]
fn the_published_document_names_every_route_and_resolves_its_references() {
    let text = routes::document();
    let document: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let mut names = BTreeSet::new();
    for route in routes::table() {
        let operation = &document["paths"][format!("/api/v1{}", route.path)][route.method.as_str().to_lowercase()];
        assert!(operation["responses"]["200"].is_object(), "{} {}", route.method, route.path);
        let id = operation["operationId"].as_str().expect("a name").to_owned();
        assert!(names.insert(id.clone()), "{id} names two routes");
    }
    for part in text.split("\"$ref\": \"#/components/schemas/").skip(1) {
        let name = part.split('"').next().expect("a name");
        assert!(document["components"]["schemas"][name].is_object(), "{name} is referred to but not there");
    }
}

/// Addresses that exist as far as they can: the shop does, everything below it does not.
fn address(route: &Route) -> String {
    let path = route.path.replace("{shop}", "tm");
    let parts: Vec<&str> =
        path.split('/').map(|part| if part.starts_with('{') { "00000000-0000-7000-8000-000000000000" } else { part }).collect();
    format!("/api/v1{}", parts.join("/"))
}

/// What others build on: every address with its body, and every field of every body. A change of it is seen in a review.
#[test]
fn the_published_interface() {
    let document: serde_json::Value = serde_json::from_str(&routes::document()).expect("JSON");
    let mut told = String::new();
    for (path, methods) in document["paths"].as_object().expect("paths") {
        for (method, call) in methods.as_object().expect("methods") {
            let body = kind(&call["requestBody"]["content"]["application/json"]["schema"]);
            told.push_str(format!("{:<6} {path} {body}", method.to_uppercase()).trim_end());
            told.push('\n');
        }
    }
    for (name, schema) in document["components"]["schemas"].as_object().expect("schemas") {
        let required = |field: &str| schema["required"].as_array().is_some_and(|all| all.iter().any(|it| it == field));
        let fields = schema["properties"].as_object().into_iter().flatten();
        let fields: Vec<_> = fields.map(|(field, of)| format!("{field}{}: {}", if required(field) { "" } else { "?" }, kind(of))).collect();
        told.push_str(&format!("{name} {{ {} }}\n", fields.join(", ")));
    }
    insta::assert_snapshot!("interface", told);
}

/// A schema in a word: what it refers to, its type, the type of its items.
fn kind(schema: &serde_json::Value) -> String {
    let any = || schema["oneOf"].as_array().and_then(|all| all.iter().find_map(|one| one["$ref"].as_str()));
    if let Some(name) = schema["$ref"].as_str().or_else(any) {
        return name.rsplit('/').next().unwrap_or_default().to_owned();
    }
    match (&schema["type"], &schema["items"]) {
        (serde_json::Value::String(kind), serde_json::Value::Null) => kind.clone(),
        (_, items @ serde_json::Value::Object(_)) => format!("[{}]", kind(items)),
        (serde_json::Value::Array(kinds), _) => kinds.iter().filter_map(|kind| kind.as_str()).collect::<Vec<_>>().join("|"),
        _ => String::new(),
    }
}
