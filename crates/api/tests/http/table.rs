//! The table as a whole: every route against every role, who may call without signing in, and the published document.

use crate::desk::{World, on_both};
use aftercare_api::route::{Access, Route};
use aftercare_api::routes;
use aftercare_domain::people::{Action, Role, policy};
use std::collections::BTreeSet;

fn allowed(route: &Route, role: Role) -> bool {
    let all: BTreeSet<Action> = Action::ALL.iter().copied().collect();
    let who = policy::Actor { id: aftercare_domain::id::Id::from_bytes([1; 16]), role, shops: BTreeSet::new(), only: Some(all) };
    match route.access {
        Access::Public | Access::Signed => true,
        Access::May(action) => policy::could(&who, action),
    }
}

#[test]
fn every_route_refuses_every_role_that_may_not() {
    on_both(|world: World| async move {
        let every: Vec<&str> = Action::ALL.iter().map(|action| action.as_str()).collect();
        for role in Role::ALL {
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
    assert_eq!(public, ["/shops/{shop}/callbacks/platform", "/errors", "/session"]);
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
