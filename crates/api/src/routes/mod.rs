//! The table of routes: every address of the desk, who may use it, and the one function of `app` it calls.
//!
//! One file per noun; a row is `kind(path, access, about, handler)`. `docs/API-DESIGN.md` tells how to add one.

use crate::openapi;
use crate::route::Route;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use std::sync::LazyLock;

/// Names the files of this folder once: each becomes a module whose `routes()` joins the table.
macro_rules! nouns {
    ($($noun:ident;)*) => {
        $(mod $noun;)*

        /// Every route under `/api/v1`.
        pub fn table() -> Vec<Route> {
            let named = |noun, routes: Vec<Route>| routes.into_iter().map(move |route| Route { noun, ..route });
            std::iter::empty()$(.chain(named(stringify!($noun), $noun::routes())))*.collect()
        }
    };
}

nouns! {
    approvals;
    bulk;
    buyers;
    callbacks;
    cases;
    clock;
    colleagues;
    contacts;
    desk;
    exports;
    facts;
    factor;
    figures;
    findings;
    goods;
    imports;
    knowledge;
    money;
    offers;
    orders;
    parcels;
    people;
    persons;
    playbooks;
    portal;
    promises;
    quality;
    queue;
    requests;
    roles;
    session;
    shifts;
    tasks;
    third_parties;
    together;
    webhooks;
}

/// The OpenAPI document as text.
pub fn document() -> String {
    let document = openapi::document(&table());
    serde_json::to_string_pretty(&document).unwrap_or_default() + "\n"
}

pub(crate) async fn openapi() -> Response {
    static TEXT: LazyLock<String> = LazyLock::new(document);
    ([(CONTENT_TYPE, "application/json")], TEXT.as_str()).into_response()
}
