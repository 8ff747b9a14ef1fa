//! The signature of a delivery, as Standard Webhooks 1.0 has it. Owns the form of secrets and headers.
//!
//! github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md: `webhook-signature` holds, by spaces, `v1,` and the base64
//! HMAC-SHA256 of `{webhook-id}.{webhook-timestamp}.{body}` for every secret in force; a secret is `whsec_` and 24 to 64 bytes in base64.

use aftercare_store::vault;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

const PREFIX: &str = "whsec_";
const BYTES: usize = 32;

/// A new secret, to be shown once.
pub fn new_secret() -> String {
    format!("{PREFIX}{}", STANDARD.encode(vault::random::<BYTES>()))
}

/// One signature; nothing for what is no secret.
pub fn signature(secret: &str, id: &str, timestamp: i64, body: &str) -> Option<String> {
    let key = STANDARD.decode(secret.strip_prefix(PREFIX)?).ok()?;
    let signed = format!("{id}.{timestamp}.");
    Some(format!("v1,{}", STANDARD.encode(vault::mac(&key, &[signed.as_bytes(), body.as_bytes()]))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_example_comes_out() {
        let sign = |id: &str, timestamp: i64, body: &str| signature("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", id, timestamp, body);
        let (id, at, body) = ("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        let expect = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        assert_eq!(sign(id, at, body).as_deref(), Some(expect));
        assert_ne!(sign("msg_other", at, body).as_deref(), Some(expect));
        assert_ne!(sign(id, at + 1, body).as_deref(), Some(expect));
        assert_ne!(sign(id, at, "{}").as_deref(), Some(expect));
        assert_eq!(signature("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", id, at, body), None);
    }

    #[test]
    fn a_new_secret_signs_and_differs() {
        let (one, other) = (new_secret(), new_secret());
        assert_ne!(one, other);
        assert_ne!(signature(&one, "a", 0, "b").expect("signs"), signature(&other, "a", 0, "b").expect("signs"));
    }
}
