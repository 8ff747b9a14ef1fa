//! Figures for `/metrics`. Owns their names; labels are route templates and codes, never anything of a request's content.

use prometheus_client::encoding::{EncodeLabelSet, text::encode};
use prometheus_client::metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram};
use prometheus_client::registry::{Registry, Unit};
use std::time::Duration;

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Request {
    method: String,
    route: &'static str,
    status: u16,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Refused {
    code: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Of {
    route: &'static str,
}

pub(crate) struct Metrics {
    registry: Registry,
    requests: Family<Request, Counter>,
    refusals: Family<Refused, Counter>,
    lengths: Family<Of, Histogram, fn() -> Histogram>,
    pub(crate) streams: Gauge,
}

/// From half a millisecond to eight seconds.
fn histogram() -> Histogram {
    Histogram::new(std::iter::successors(Some(0.0005), |edge| Some(edge * 4.0)).take(8))
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let mut registry = Registry::with_prefix("aftercare");
        let (requests, refusals, streams) = (Family::default(), Family::default(), Gauge::default());
        let lengths: Family<Of, Histogram, fn() -> Histogram> = Family::new_with_constructor(histogram);
        registry.register("requests", "Requests answered", requests.clone());
        registry.register("refusals", "Refusals by code", refusals.clone());
        registry.register_with_unit("request_duration", "Time to the answer's head", Unit::Seconds, lengths.clone());
        registry.register("live_streams", "Open live streams", streams.clone());
        Self { registry, requests, refusals, lengths, streams }
    }

    pub(crate) fn answered(&self, method: &str, route: &'static str, status: u16, code: Option<&'static str>, took: Duration) {
        self.requests.get_or_create(&Request { method: method.to_owned(), route, status }).inc();
        self.lengths.get_or_create(&Of { route }).observe(took.as_secs_f64());
        if let Some(code) = code {
            self.refusals.get_or_create(&Refused { code }).inc();
        }
    }

    /// The exposition text.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        // Writing into a string cannot fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}
