//! HTTP for the desk: the table of routes, sign-in, error answers, the live stream, OpenAPI, the workbench's files.
//!
//! Owns what travels over the wire and who may call what. Must not decide anything about cases: each route calls one function of `app`.
//!
//! Start reading in [`routes`]: one row per route, one file per noun.

pub mod call;
mod device;
mod guard;
mod headers;
mod health;
mod language;
mod live;
mod metrics;
pub mod openapi;
mod problem;
pub mod route;
pub mod routes;
mod serve;
mod signed;
mod web;

pub use problem::Problem;

use aftercare_app::Desk;
use aftercare_domain::id::ShopId;
use std::collections::HashMap;
use std::sync::{Arc, RwLock};
use tokio::sync::watch;

/// What the outer program decides about the HTTP side.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The cookie is sent over TLS only, and browsers are told to use TLS. Off when listening on loopback.
    pub secure: bool,
}

/// Everything a route can reach. Cheap to clone.
#[derive(Clone)]
pub struct Api {
    inner: Arc<Inner>,
}

struct Inner {
    desk: Desk,
    options: Options,
    metrics: metrics::Metrics,
    live: live::Live,
    /// Codes seen so far; a shop's code never changes.
    shops: RwLock<HashMap<String, ShopId>>,
    closing: watch::Sender<bool>,
}

impl Api {
    /// The HTTP side of a desk. Starts the reader of the feed behind the live streams, so it needs a runtime.
    pub fn new(desk: Desk, options: Options) -> Self {
        let live = live::Live::start(desk.clone());
        let closing = watch::Sender::new(false);
        Self { inner: Arc::new(Inner { desk, options, metrics: metrics::Metrics::new(), live, shops: RwLock::default(), closing }) }
    }

    /// The desk behind it.
    pub fn desk(&self) -> &Desk {
        &self.inner.desk
    }

    /// Ends the live streams and answers `/readyz` with no, so that a drain comes to its end.
    pub fn close(&self) {
        self.inner.closing.send_replace(true);
    }

    /// The service to listen with.
    pub fn router(&self) -> axum::Router {
        serve::router(self.clone())
    }
}
