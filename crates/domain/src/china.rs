//! China's time, which the shops keep: one zone, no summer time. Owns the offset; nothing else in the code names it.

use crate::time::{Micros, Span};
use jiff::civil::DateTime;
use jiff::tz::Offset;

/// Hours east of UTC.
const HOURS: i8 = 8;
/// Minutes east of UTC.
pub const OFFSET_MIN: i32 = HOURS as i32 * 60;
/// The same as a length of time.
pub const OFFSET: Span = Span::minutes(OFFSET_MIN as i64);

const HERE: Offset = jiff::tz::offset(HOURS);

/// What a clock on the wall shows.
pub fn local(at: Micros) -> DateTime {
    HERE.to_datetime(at.to_timestamp())
}

/// The shop's day, `2026-11-24`.
pub fn day(at: Micros) -> String {
    local(at).date().to_string()
}

/// Days since the epoch of the shop's day.
pub const fn day_number(at: Micros) -> i64 {
    at.0.saturating_add(OFFSET.0).div_euclid(Span::days(1).0)
}

/// The start of the shop's day that `at` is in.
pub const fn midnight(at: Micros) -> Micros {
    Micros(day_number(at) * Span::days(1).0 - OFFSET.0)
}

/// When a day of the shop (`2026-11-24`) begins.
pub fn begin(day: &str) -> Option<Micros> {
    day.parse().ok().and_then(first)
}

/// When a day of the shop begins.
pub fn first(day: jiff::civil::Date) -> Option<Micros> {
    HERE.to_timestamp(day.at(0, 0, 0, 0)).ok().map(|at| Micros(at.as_microsecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_is_the_shops() {
        let check = |at: &str, expect: &str| {
            let at = Micros::parse(at).expect("a time");
            assert_eq!(day(at), expect);
            assert_eq!(begin(expect), Some(midnight(at)));
        };
        check("2026-11-24T15:59:59Z", "2026-11-24");
        check("2026-11-24T16:00:00Z", "2026-11-25");
        check("1969-12-31T23:59:59Z", "1970-01-01");
        assert_eq!(begin("2026-11-25"), Micros::parse("2026-11-24T16:00:00Z"));
        assert_eq!(begin("yesterday"), None);
        assert_eq!(local(Micros(0)).to_string(), "1970-01-01T08:00:00");
    }
}
