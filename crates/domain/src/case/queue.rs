//! A case's place in the queue: one number, written when the case is saved, so that the queue can be paged.
//!
//! Owns how much what is at stake weighs against time. The number never depends on the reader or on the present.

use crate::time::{Micros, Span};

/// What is at stake, in the units of the case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stake {
    /// The amount in question, minor units of the order's currency.
    pub amount_minor: i64,
    /// 1 gravest … 4 slight.
    pub severity: u8,
    /// Somebody was hurt or is in danger: injury, allergy, fire.
    pub safety: bool,
    /// A best-selling product of the shop.
    pub best_seller: bool,
}

/// The times a place in the queue comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    /// The next running deadline with a known length.
    pub next_deadline_at: Option<Micros>,
    /// The start of the oldest running clock whose length nobody knows yet.
    pub unknown_since: Option<Micros>,
    /// When the case was opened.
    pub opened_at: Micros,
}

/// A clock of unknown length is treated as this long for ordering only; it is never shown as a due time.
const UNKNOWN_STANDS_FOR: Span = Span::hours(24);
/// A case without any clock stands as if due this long after it was opened.
const WITHOUT_CLOCK: Span = Span::hours(48);

/// The key: smaller is more urgent. Microseconds since the epoch of the effective due time, less the bonus for the stake.
pub fn key(times: Times, stake: Stake) -> i64 {
    let unknown = times.unknown_since.map(|since| since + UNKNOWN_STANDS_FOR);
    let due = [times.next_deadline_at, unknown].into_iter().flatten().min();
    (due.unwrap_or(times.opened_at + WITHOUT_CLOCK) - bonus(stake)).0
}

/// How much earlier than its due time a case is placed.
pub fn bonus(stake: Stake) -> Span {
    let severity = match stake.severity {
        0 | 1 => Span::hours(12),
        2 => Span::hours(3),
        _ => Span(0),
    };
    // half an hour for each doubling above 50.00, at most six hours
    let doublings = (stake.amount_minor.max(0) / 5_000 + 1).ilog2();
    let amount = Span::minutes(i64::from(doublings.min(12)) * 30);
    let best_seller = if stake.best_seller { Span::hours(1) } else { Span(0) };
    let safety = if stake.safety { Span::days(30) } else { Span(0) };
    Span(severity.0 + amount.0 + best_seller.0 + safety.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: Micros = Micros(1_700_000_000_000_000);

    fn due_in(hours: i64) -> Times {
        Times { next_deadline_at: Some(NOW + Span::hours(hours)), unknown_since: None, opened_at: NOW }
    }

    /// `first` stands before `second`.
    fn check(first: (Times, Stake), second: (Times, Stake)) {
        assert!(key(first.0, first.1) < key(second.0, second.1), "{first:?} before {second:?}");
    }

    #[test]
    fn order() {
        let plain = Stake { severity: 3, ..Stake::default() };
        check((due_in(1), plain), (due_in(2), plain));
        check((due_in(36), Stake { safety: true, ..plain }), (due_in(1), Stake { severity: 1, amount_minor: 1_000_000, ..plain }));
        check((due_in(4), Stake { amount_minor: 128_000, ..plain }), (due_in(5), plain));
        check((due_in(5), plain), (due_in(10), Stake { amount_minor: 59_800, ..plain }));
        check((due_in(5), Stake { severity: 2, ..plain }), (due_in(7), plain));
        check((due_in(10), plain), (Times { next_deadline_at: None, ..due_in(0) }, plain));
        let unknown = Times { next_deadline_at: None, unknown_since: Some(NOW), opened_at: NOW };
        check((unknown, plain), (Times { unknown_since: None, ..unknown }, plain));
        check((Times { unknown_since: Some(NOW), ..due_in(30) }, plain), (due_in(30), plain));
    }

    proptest! {
        #[test]
        fn more_at_stake_never_stands_later(amount in 0..i64::MAX, more in 0..1_000_000_000i64, severity in 1..5u8) {
            let low = Stake { amount_minor: amount, severity, ..Stake::default() };
            let high = Stake { amount_minor: amount.saturating_add(more), severity: severity - 1, ..low };
            prop_assert!(key(due_in(5), high) <= key(due_in(5), low));
        }
    }
}
