//! The second factor: codes by time (RFC 6238, six digits, thirty seconds), recovery codes, and when one has to be given again.
//!
//! Owns which code counts, and that it counts once. Secrets are the store's; what a code of a step is, the caller works out.

use crate::time::{Micros, Span};
use serde::{Deserialize, Serialize};

use super::Role;

/// Seconds a code is shown.
pub const STEP_S: i64 = 30;
/// Digits of a code.
pub const DIGITS: u32 = 6;
/// Steps a clock may be ahead or behind.
const DRIFT: i64 = 1;
/// Recovery codes made together.
pub const RECOVERY_CODES: usize = 10;
/// Letters of a recovery code: no digit or letter that is read as another.
const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz23456789x";

/// What a shop demands of the second factor.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Demand {
    /// Whose sign-in needs one: without it they may do nothing but set it up.
    pub roles: Vec<Role>,
    /// Approvals above this amount need it afresh; absent: none does.
    pub step_up_above_minor: Option<i64>,
    /// How fresh, in minutes; absent: ten.
    pub step_up_within_min: Option<i64>,
}

impl Demand {
    /// How old the last proof may be.
    pub fn within(&self) -> Span {
        Span::minutes(self.step_up_within_min.unwrap_or(10))
    }

    /// Whether a decision over this amount at `now` needs the factor again, last given at `given_at`.
    pub fn wants_again(&self, amount_minor: i64, given_at: Option<Micros>, now: Micros) -> bool {
        let fresh = given_at.is_some_and(|at| now - at <= self.within());
        self.step_up_above_minor.is_some_and(|above| amount_minor > above) && !fresh
    }
}

/// The step of time that a moment lies in.
pub fn step(at: Micros) -> i64 {
    at.0.div_euclid(1_000_000 * STEP_S)
}

/// The step whose code was given, newer than the last one used; nothing when the code is wrong, too old, or was used before.
pub fn accepted(given: &str, now: Micros, last_step: i64, code_of: impl Fn(i64) -> u32) -> Option<i64> {
    let given = digits(given)?;
    let here = step(now);
    (here - DRIFT..=here + DRIFT).filter(|step| *step > last_step).find(|step| code_of(*step) == given)
}

/// Six digits, however they were grouped.
fn digits(text: &str) -> Option<u32> {
    let plain: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    let right = plain.len() == DIGITS as usize && plain.bytes().all(|b| b.is_ascii_digit());
    right.then(|| plain.parse().ok()).flatten()
}

/// A recovery code from random bytes: two groups of five letters.
pub fn recovery_code(random: [u8; 10]) -> String {
    let letters: Vec<char> = random.iter().map(|byte| LETTERS[usize::from(byte % 32)] as char).collect();
    let (left, right): (String, String) = (letters[..5].iter().collect(), letters[5..].iter().collect());
    format!("{left}-{right}")
}

/// A recovery code as it is compared: without what people add or leave out in writing it down. Nothing when it cannot be one.
pub fn recovery_key(given: &str) -> Option<String> {
    let key: String = given.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    (key.len() == 10).then_some(key)
}

/// The secret as authenticators take it when it is typed (RFC 4648 base 32, without padding).
pub fn base32(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let (mut text, mut held, mut bits) = (String::new(), 0u32, 0);
    for byte in bytes {
        held = held << 8 | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(ALPHABET[(held >> bits & 31) as usize] as char);
        }
    }
    if bits > 0 {
        text.push(ALPHABET[(held << (5 - bits) & 31) as usize] as char);
    }
    text
}

/// What authenticators read from the picture.
pub fn address(issuer: &str, account: &str, secret: &[u8]) -> String {
    let (issuer, account) = (escaped(issuer), escaped(account));
    format!("otpauth://totp/{issuer}:{account}?secret={}&issuer={issuer}&algorithm=SHA1&digits={DIGITS}&period={STEP_S}", base32(secret))
}

/// Escapes whatever an address cannot hold.
fn escaped(text: &str) -> String {
    text.bytes().map(|b| if b.is_ascii_alphanumeric() { (b as char).to_string() } else { format!("%{b:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: Micros = Micros(1_000_000 * STEP_S * 1_000 + 7_000_000);

    /// A code that tells its step.
    fn code_of(step: i64) -> u32 {
        step as u32 % 1_000_000
    }

    fn check(given: &str, last_step: i64, expect: Option<i64>) {
        assert_eq!(accepted(given, NOW, last_step, code_of), expect, "{given} after {last_step}");
    }

    #[test]
    fn a_code_counts_near_its_time_and_once() {
        check("001000", 0, Some(1_000));
        check("001 000", 0, Some(1_000));
        check("000999", 0, Some(999));
        check("001001", 0, Some(1_001));
        check("001002", 0, None);
        check("000998", 0, None);
        check("001000", 1_000, None);
        check("000999", 1_000, None);
        check("001001", 1_000, Some(1_001));
        check("1000", 0, None);
        check("00100０", 0, None);
        check("", 0, None);
    }

    #[test]
    fn the_secret_as_the_standard_writes_it() {
        let check = |bytes: &[u8], expect: &str| assert_eq!(base32(bytes), expect);
        check(b"", "");
        check(b"f", "MY");
        check(b"foobar", "MZXW6YTBOI");
        check(b"12345678901234567890", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        let address = address("Aftercare", "林", b"foobar");
        assert_eq!(address, "otpauth://totp/Aftercare:%E6%9E%97?secret=MZXW6YTBOI&issuer=Aftercare&algorithm=SHA1&digits=6&period=30");
    }

    #[test]
    fn a_recovery_code_is_read_however_it_was_written_down() {
        let code = recovery_code([0, 1, 2, 3, 4, 5, 6, 7, 8, 255]);
        assert_eq!(code, "abcde-fghjx");
        let check = |given: &str, expect: Option<&str>| assert_eq!(recovery_key(given).as_deref(), expect, "{given}");
        check(&code, Some("abcdefghjx"));
        check(" ABCDE FGHJX ", Some("abcdefghjx"));
        check("abcde", None);
        check("123456", None);
    }

    #[test]
    fn above_the_amount_the_proof_has_to_be_fresh() {
        let demand = Demand { step_up_above_minor: Some(50_000), step_up_within_min: Some(5), ..Demand::default() };
        let check = |amount: i64, ago_min: Option<i64>, expect: bool| {
            let given_at = ago_min.map(|min| NOW - Span::minutes(min));
            assert_eq!(demand.wants_again(amount, given_at, NOW), expect, "{amount} {ago_min:?}");
        };
        check(50_000, None, false);
        check(50_001, None, true);
        check(50_001, Some(5), false);
        check(50_001, Some(6), true);
        assert!(!Demand::default().wants_again(i64::MAX, None, NOW));
    }

    proptest! {
        #[test]
        fn no_code_is_good_twice(steps in prop::collection::vec(0..5i64, 1..30)) {
            let mut last = 0;
            let mut used = std::collections::BTreeSet::new();
            for ahead in steps {
                let now = Micros(NOW.0 + ahead * STEP_S * 1_000_000);
                let given = format!("{:06}", code_of(step(now)));
                if let Some(step) = accepted(&given, now, last, code_of) {
                    prop_assert!(used.insert(step) && step > last);
                    last = step;
                }
            }
        }
    }
}
