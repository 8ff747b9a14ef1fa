//! Windows counted in civil days, such as the seven days of returning without a reason. Owns the counting, not the number of days.

use crate::time::{Micros, Span};

/// Midnight at the end of the local day that holds `at`, `offset_min` minutes east of UTC.
pub fn day_end(at: Micros, offset_min: i32) -> Micros {
    let (offset, day) = (Span::minutes(i64::from(offset_min)).0, Span::days(1).0);
    let local = at.0.saturating_add(offset);
    Micros((local.div_euclid(day) + 1) * day - offset)
}

/// The end of a window of `days` days that starts on the day after `anchor` (signed on Monday, seven days: next Monday 24:00).
pub fn window_end(anchor: Micros, days: u16, offset_min: i32) -> Micros {
    day_end(anchor, offset_min) + Span::days(i64::from(days))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seven_days_from_the_day_after_signing() {
        let check = |signed: &str, expect: &str| {
            let end = window_end(Micros::parse(signed).expect("a time"), 7, 480);
            assert_eq!(end, Micros::parse(expect).expect("a time"), "{signed}");
        };
        check("2026-11-16T15:00:00+08:00", "2026-11-24T00:00:00+08:00");
        check("2026-11-16T00:00:00+08:00", "2026-11-24T00:00:00+08:00");
        check("2026-11-16T23:59:59+08:00", "2026-11-24T00:00:00+08:00");
        check("2026-11-16T16:30:00Z", "2026-11-25T00:00:00+08:00"); // already Tuesday in China
    }
}
