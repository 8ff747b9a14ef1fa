//! A sales platform over HTTP: three kinds of refund call, service calls by name, questions where the platform answers them.
//!
//! Owns the mapping of what comes back (or does not) to succeeded, rejected, accepted, nothing known, lost. It never repeats a call:
//! redirects, retries and pooled connections that went stale would all be a second act that nobody decided.

mod wire;

use aftercare_app::platform::{Call, Platform, Reply, Replying};
use aftercare_domain::effect::{Answer, Class, Kind};
use reqwest::{Client, StatusCode};
use std::time::Duration;
use wire::{AnswerIn, CallOut, RefundOut};

/// One platform at one address.
#[derive(Clone, Debug)]
pub struct HttpPlatform {
    base: String,
    client: Client,
}

impl HttpPlatform {
    /// The platform at `base`, e.g. `http://127.0.0.1:7200`, whose answers are waited for as long as `patience`.
    ///
    /// # Errors
    /// When the HTTP client cannot be made.
    pub fn new(base: impl Into<String>, patience: Duration) -> Result<Self, reqwest::Error> {
        let client = Client::builder()
            .timeout(patience)
            .connect_timeout(patience)
            .redirect(reqwest::redirect::Policy::none())
            // A request sent over an idle connection that the other side has closed would be sent again by the client itself.
            .pool_max_idle_per_host(0)
            .retry(reqwest::retry::never())
            .build()?;
        Ok(Self { base: base.into().trim_end_matches('/').to_owned(), client })
    }

    async fn send(&self, call: &Call) -> Reply {
        let name = call.effect.to_string();
        let key = (call.class == Class::Keyed).then_some(name.as_str());
        let request = if call.kind == Kind::Refund {
            let body = RefundOut {
                idempotency_key: key,
                order_no: &call.order_no,
                payment_no: call.payment_no.as_deref(),
                merchant_ref: &name,
                amount_minor: call.amount_minor,
            };
            self.client.post(format!("{}/refunds/{}", self.base, call.class)).json(&body)
        } else {
            let body = CallOut {
                class: call.class.as_str(),
                idempotency_key: key,
                order_no: &call.order_no,
                merchant_ref: &name,
                amount_minor: (call.amount_minor > 0).then_some(call.amount_minor),
                text: call.text.as_deref(),
                data: &call.data,
            };
            self.client.post(format!("{}/calls/{}", self.base, call.kind)).json(&body)
        };
        match request.send().await {
            Err(error) => Reply::lost(silence(&error)),
            Ok(answer) => match answer.status() {
                StatusCode::OK => match answer.json::<AnswerIn>().await {
                    Ok(answer) => answer.into(),
                    Err(error) => Reply::lost(silence(&error)),
                },
                // The form of the request was refused before anything was looked at.
                status @ (StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY) => {
                    Reply { answer: Answer::Rejected, platform_ref: None, code: format!("http_{}", status.as_u16()) }
                }
                status => Reply::lost(format!("http_{}", status.as_u16())),
            },
        }
    }

    async fn question(&self, call: &Call) -> Reply {
        let address = if call.kind == Kind::Refund {
            format!("{}/refunds/queryable/{}", self.base, call.effect)
        } else {
            format!("{}/calls/{}/{}", self.base, call.kind, call.effect)
        };
        match self.client.get(address).send().await {
            Err(error) => Reply::lost(silence(&error)),
            Ok(answer) => match answer.status() {
                StatusCode::OK => answer.json::<AnswerIn>().await.map_or_else(|error| Reply::lost(silence(&error)), Into::into),
                StatusCode::NOT_FOUND => Reply { answer: Answer::NothingKnown, platform_ref: None, code: "unknown_ref".into() },
                status => Reply::lost(format!("http_{}", status.as_u16())),
            },
        }
    }
}

impl Platform for HttpPlatform {
    fn call<'a>(&'a self, call: &'a Call) -> Replying<'a> {
        Box::pin(self.send(call))
    }

    fn ask<'a>(&'a self, call: &'a Call) -> Replying<'a> {
        Box::pin(self.question(call))
    }
}

/// Which kind of silence it was.
fn silence(error: &reqwest::Error) -> &'static str {
    if error.is_timeout() {
        "timeout"
    } else if error.is_connect() {
        "no_connection"
    } else if error.is_decode() {
        "unreadable"
    } else {
        "reset"
    }
}
