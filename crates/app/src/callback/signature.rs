//! Whether a callback is from the platform: HMAC-SHA256 over `timestamp.body` under the shop's secret. Owns the check only.

use crate::error::Result;
use crate::safety::{Safety, holds};
use aftercare_domain::refusal::Code;
use aftercare_domain::time::{Micros, Span};
use aftercare_store::vault;
use subtle::ConstantTimeEq;

/// How far the platform's clock may be from ours.
const TOLERANCE: Span = Span::minutes(5);

/// A callback as it arrived.
#[derive(Clone, Copy, Debug)]
pub struct Signed<'a> {
    /// `X-Platform-Event-Id`.
    pub event_id: &'a str,
    /// `X-Platform-Timestamp`, Unix seconds.
    pub timestamp: &'a str,
    /// `X-Platform-Signature`, hexadecimal.
    pub signature: &'a str,
    /// The body, byte for byte.
    pub body: &'a [u8],
}

impl Signed<'_> {
    /// Refuses what is not signed, or (where the present is known to both sides) too old or from the future.
    pub(crate) fn check(&self, secret: &str, now: Option<Micros>) -> Result<()> {
        let fits = !holds(Safety::Signature) || self.signed_by(secret) && now.is_none_or(|now| self.is_fresh(now));
        if fits { Ok(()) } else { Err(Code::CallbackForged.into()) }
    }

    fn signed_by(&self, secret: &str) -> bool {
        let ours = vault::mac(secret.as_bytes(), &[self.timestamp.as_bytes(), b".", self.body]);
        let theirs = vault::unhex(self.signature).unwrap_or_default();
        ours.ct_eq(&theirs).into()
    }

    fn is_fresh(&self, now: Micros) -> bool {
        let Ok(seconds) = self.timestamp.parse::<i64>() else { return false };
        let sent = Micros(seconds.saturating_mul(1_000_000));
        (now - sent).0.abs() <= TOLERANCE.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Micros = Micros(1_700_000_000_000_000);

    #[test]
    fn only_what_the_platform_signed_just_now_is_believed() {
        // Computed independently: printf '1700000000.{"a":1}' | openssl dgst -sha256 -hmac s3cret
        let known = "1698a50bc74d1ff1db85c4e0a5297c2ad9fdba245d5737cdb789e4cc6e098940";
        let good = Signed { event_id: "E1", timestamp: "1700000000", signature: known, body: br#"{"a":1}"# };
        let check = |signed: Signed<'_>, secret: &str, now: Option<Micros>, expect: bool| {
            assert_eq!(signed.check(secret, now).is_ok(), expect, "{signed:?} {secret} {now:?}");
        };
        check(good, "s3cret", Some(NOW), true);
        check(good, "s3cret", Some(NOW + Span::minutes(5)), true);
        check(good, "s3cret", Some(NOW + Span::minutes(6)), false);
        check(good, "s3cret", Some(NOW - Span::minutes(6)), false);
        check(good, "s3cret", None, true);
        check(good, "other", Some(NOW), false);
        check(Signed { body: br#"{"a":2}"#, ..good }, "s3cret", Some(NOW), false);
        check(Signed { timestamp: "1700000001", ..good }, "s3cret", Some(NOW), false);
        check(Signed { signature: "", ..good }, "s3cret", Some(NOW), false);
    }
}
