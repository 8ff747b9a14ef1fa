//! Times as stories write them. Owns the forms: lengths from now, o'clock in Shanghai, days of the story, RFC 3339.

use aftercare_domain::china::OFFSET;
use aftercare_domain::time::{Micros, Span};
use serde_json::Value;

const DAY: i64 = Span::days(1).0;

/// An RFC 3339 instant.
pub fn instant_of(value: &Value) -> Result<Micros, String> {
    let text = value.as_str().unwrap_or_default();
    Micros::parse(text).ok_or_else(|| format!("expected a time such as 2026-11-24T10:05:00+08:00, got {value}"))
}

/// A length such as `+30 m`, `-5 d`, `1 d 2 h`.
pub fn length(text: &str) -> Option<Span> {
    let (sign, rest) = match text.trim() {
        text if text.starts_with('-') => (-1, &text[1..]),
        text => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let words: Vec<&str> = rest.split_whitespace().collect();
    let mut sum = 0;
    for pair in words.chunks(2) {
        let n: i64 = pair[0].parse().ok()?;
        sum += match *pair.get(1)? {
            "s" => Span::seconds(n),
            "m" => Span::minutes(n),
            "h" => Span::hours(n),
            "d" => Span::days(n),
            _ => return None,
        }
        .0;
    }
    (!words.is_empty()).then_some(Span(sign * sum))
}

/// A time in any form; `None` when the text is not one.
pub fn instant(text: &str, now: Micros, start: Micros) -> Option<Micros> {
    if let Some(at) = Micros::parse(text) {
        return Some(at);
    }
    if text.starts_with(['+', '-']) {
        return length(text).map(|length| now + length);
    }
    if let Some(rest) = text.strip_prefix("day ") {
        let (n, clock) = rest.trim().split_once(' ')?;
        let n: i64 = n.parse().ok()?;
        return Some(midnight(start) + Span((n - 1) * DAY) + oclock(clock)?);
    }
    let today = midnight(now) + oclock(text)?;
    Some(if today >= now { today } else { today + Span(DAY) })
}

/// The last midnight in Shanghai.
fn midnight(at: Micros) -> Micros {
    let local = at + OFFSET;
    Micros(local.0 - local.0.rem_euclid(DAY)) - OFFSET
}

fn oclock(text: &str) -> Option<Span> {
    let mut parts = text.trim().split(':');
    let mut next = |limit: i64| parts.next()?.parse::<i64>().ok().filter(|n| (0..limit).contains(n));
    let (hour, minute) = (next(25)?, next(60)?);
    let second = parts.next().map_or(Some(0), |text| text.parse::<i64>().ok())?;
    (text.len() >= 4).then_some(Span(Span::hours(hour).0 + Span::minutes(minute).0 + Span::seconds(second).0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_read() {
        let start = Micros::parse("2026-11-24T10:05:00+08:00").expect("a time");
        let now = start + Span::hours(2);
        let check = |text: &str, expect: &str| {
            assert_eq!(instant(text, now, start), Micros::parse(expect), "{text}");
        };
        check("+30 m", "2026-11-24T12:35:00+08:00");
        check("-5 d", "2026-11-19T12:05:00+08:00");
        check("+1 d 2 h", "2026-11-25T14:05:00+08:00");
        check("13:00", "2026-11-24T13:00:00+08:00");
        check("09:00", "2026-11-25T09:00:00+08:00");
        check("day 2 09:00", "2026-11-25T09:00:00+08:00");
        check("day 1 24:00", "2026-11-25T00:00:00+08:00");
        check("2026-12-01T00:00:00Z", "2026-12-01T08:00:00+08:00");
        for text in ["soon", "1", "+1", "+1 y", "25:61", "day 2", ""] {
            assert_eq!(instant(text, now, start), None, "{text}");
        }
        assert_eq!(length("24 h"), Some(Span::hours(24)));
    }
}
