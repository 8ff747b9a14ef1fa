//! When a delivery is tried again, and when it and its subscription are given up. Owns the schedule; it has no clock.
//!
//! The pauses are those proposed by Standard Webhooks (github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md,
//! "Deliverability and reliability"): at once, then after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h.

use super::{PATIENCE, Pause};
use crate::time::{Micros, Span};

/// Before the second, third … try.
const PAUSES: &[Span] = &[
    Span::seconds(5),
    Span::minutes(5),
    Span::minutes(30),
    Span::hours(2),
    Span::hours(5),
    Span::hours(10),
    Span::hours(14),
    Span::hours(20),
    Span::hours(24),
];

/// Tries of one delivery before it counts as failed.
pub const TRIES: i64 = PAUSES.len() as i64 + 1;

/// The longest pause that a receiver may ask for.
const LONGEST_ASKED: Span = Span::hours(24);

/// After so many tries that failed: how long until the next one; nothing when it is given up.
///
/// `spread`, any number of the delivery's own, takes up to a tenth off, so that a receiver that was down does not meet all its deliveries in
/// one moment. `asked` is what the receiver itself asked for; it is waited for at least so long, up to a day.
pub fn next(tries: i64, spread: u8, asked: Option<Span>) -> Option<Span> {
    let pause = PAUSES.get(usize::try_from(tries).ok()?.checked_sub(1)?)?.0;
    let spread_out = pause - pause / 10 * i64::from(spread) / i64::from(u8::MAX);
    let asked = asked.map_or(0, |asked| asked.0.min(LONGEST_ASKED.0));
    Some(Span(spread_out.max(asked)))
}

/// What a `Retry-After` asks for (RFC 9110, 10.2.3): seconds, or a date. Nothing for what is neither, or has passed.
pub fn asked(header: &str, now: Micros) -> Option<Span> {
    let header = header.trim();
    if let Ok(seconds) = header.parse::<u32>() {
        return Some(Span::seconds(i64::from(seconds)));
    }
    let until = jiff::fmt::rfc2822::parse(header).ok()?.timestamp().as_microsecond();
    (until > now.0).then(|| Span(until - now.0))
}

/// What an answer means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Taken in.
    Taken,
    /// To be tried again.
    Again,
    /// The receiver wants nothing more, ever (410).
    Gone,
}

/// By the status of the answer, 0 where none came. A redirect is a failure: the address is the administrator's to change.
pub fn verdict(status: u16) -> Verdict {
    match status {
        200..=299 => Verdict::Taken,
        410 => Verdict::Gone,
        _ => Verdict::Again,
    }
}

/// Whether a subscription is to be paused: it failed since `since` without one success, or the receiver is gone.
pub fn pause(verdict: Verdict, since: Option<Micros>, now: Micros) -> Option<Pause> {
    match verdict {
        Verdict::Taken => None,
        Verdict::Gone => Some(Pause::Gone),
        Verdict::Again => since.is_some_and(|since| now - since >= PATIENCE).then_some(Pause::Failing),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_end_after_three_days() {
        let check = |tries: i64, expect: Option<Span>| assert_eq!(next(tries, 0, None), expect, "{tries}");
        check(0, None);
        check(1, Some(Span::seconds(5)));
        check(2, Some(Span::minutes(5)));
        check(9, Some(Span::hours(24)));
        check(TRIES, None);
        check(i64::MAX, None);
        assert!(PAUSES.windows(2).all(|pair| pair[0].0 < pair[1].0));
        let all: i64 = PAUSES.iter().map(|pause| pause.0).sum();
        assert!(all > Span::hours(75).0 && all < Span::hours(76).0);
    }

    #[test]
    fn pauses_are_spread_and_a_receiver_may_ask_for_longer_ones() {
        let check = |tries: i64, spread: u8, asked: Option<Span>, expect: Span| {
            assert_eq!(next(tries, spread, asked), Some(expect), "{tries} {spread} {asked:?}");
        };
        check(3, 255, None, Span::minutes(27));
        check(3, 51, None, Span::seconds(1_764));
        check(1, 0, Some(Span::minutes(1)), Span::minutes(1));
        check(2, 0, Some(Span::seconds(1)), Span::minutes(5));
        check(2, 0, Some(Span::days(30)), Span::hours(24));
        assert_eq!(next(TRIES, 0, Some(Span::minutes(1))), None, "no answer makes more tries");
    }

    #[test]
    fn what_a_receiver_asks_for_is_read() {
        let now = Micros(784_111_777_000_000);
        let check = |header: &str, expect: Option<Span>| assert_eq!(asked(header, now), expect, "{header}");
        check("120", Some(Span::minutes(2)));
        check(" 0 ", Some(Span::seconds(0)));
        check("Sun, 06 Nov 1994 08:51:37 GMT", Some(Span::minutes(2)));
        check("Sun, 06 Nov 1994 08:49:37 GMT", None);
        check("-5", None);
        check("soon", None);
        check("", None);
    }

    #[test]
    fn an_answer_is_taken_tried_again_or_the_end() {
        let check = |status: u16, expect: Verdict| assert_eq!(verdict(status), expect, "{status}");
        check(200, Verdict::Taken);
        check(204, Verdict::Taken);
        check(0, Verdict::Again);
        check(301, Verdict::Again);
        check(400, Verdict::Again);
        check(429, Verdict::Again);
        check(503, Verdict::Again);
        check(410, Verdict::Gone);
    }

    #[test]
    fn three_days_without_success_pause() {
        let now = Micros(1_800_000_000_000_000);
        let check = |verdict: Verdict, since: Option<Micros>, expect: Option<Pause>| assert_eq!(pause(verdict, since, now), expect);
        check(Verdict::Again, None, None);
        check(Verdict::Again, Some(now - Span::hours(71)), None);
        check(Verdict::Again, Some(now - Span::hours(72)), Some(Pause::Failing));
        check(Verdict::Taken, Some(now - Span::hours(99)), None);
        check(Verdict::Gone, None, Some(Pause::Gone));
    }
}
