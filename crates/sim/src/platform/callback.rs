//! Signed callbacks to the merchant. Owns the signature and the repeats; knows nothing of why an event happened.
//!
//! Headers: `X-Platform-Timestamp` (Unix seconds), `X-Platform-Event-Id`, and `X-Platform-Signature`: the hexadecimal
//! HMAC-SHA256 of `timestamp.body` under the shared secret. Delivery is at least once: without a 2xx it is tried five times.

use super::Platform;
use hmac::{Hmac, KeyInit, Mac};
use serde::Deserialize;
use serde_json::Value;
use sha2::Sha256;
use std::time::Duration;

/// Where callbacks go.
#[derive(Clone, Debug, Deserialize)]
pub struct Target {
    /// The address; `{shop}` in it is replaced by the order's shop code.
    pub url: String,
    /// The secret shared with the merchant.
    pub secret: String,
}

/// One event to tell; a repeat carries the same id and body.
#[derive(Clone, Debug)]
pub struct Event {
    /// The platform's number of the event.
    pub event_id: String,
    /// Its kind, for the books.
    pub event: String,
    /// The order concerned.
    pub order_no: String,
    /// The shop code for the address.
    pub shop: String,
    /// The body, as JSON.
    pub body: Value,
}

/// The hexadecimal HMAC-SHA256 of `timestamp.body`.
pub fn signature(secret: &str, timestamp: &str, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("a key of any length");
    mac.update(format!("{timestamp}.{body}").as_bytes());
    mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

const TRIES: u32 = 5;

/// Tells the merchant, with repeats until it is taken; nothing happens where no address is set.
pub(crate) async fn deliver(platform: &Platform, event: &Event) {
    let Some(target) = platform.state().target.clone() else { return };
    let body = event.body.to_string();
    for attempt in 0..TRIES {
        let status = post(platform, &target, event, &body).await;
        platform.state().books.note_callback(&event.event_id, &event.event, &event.order_no, status);
        if (200..300).contains(&status) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100 << (2 * attempt))).await;
    }
}

async fn post(platform: &Platform, target: &Target, event: &Event, body: &str) -> u16 {
    let timestamp = platform.now().as_second().to_string();
    let sent = platform
        .client()
        .post(target.url.replace("{shop}", &event.shop))
        .header("content-type", "application/json")
        .header("x-platform-timestamp", &timestamp)
        .header("x-platform-event-id", &event.event_id)
        .header("x-platform-signature", signature(&target.secret, &timestamp, body))
        .timeout(Duration::from_secs(10))
        .body(body.to_owned())
        .send()
        .await;
    sent.map_or(0, |answer| answer.status().as_u16())
}

#[cfg(test)]
mod tests {
    use super::signature;

    #[test]
    fn the_signature_covers_time_and_body() {
        // Computed independently: printf '1700000000.{"a":1}' | openssl dgst -sha256 -hmac s3cret
        let known = signature("s3cret", "1700000000", r#"{"a":1}"#);
        assert_eq!(known, "1698a50bc74d1ff1db85c4e0a5297c2ad9fdba245d5737cdb789e4cc6e098940");
        assert_ne!(known, signature("s3cret", "1700000001", r#"{"a":1}"#));
        assert_ne!(known, signature("other", "1700000000", r#"{"a":1}"#));
    }
}
