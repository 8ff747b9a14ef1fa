//! Times as carriers write them. Owns which texts are an instant and which are broken; a broken one is never guessed.

use crate::time::{Micros, Span};
use jiff::civil::DateTime;
use jiff::tz::Offset;

/// Nobody shipped before this year what is after-sales work now.
const FIRST_YEAR: i16 = 2000;
/// Clocks of carriers run ahead by this much at most.
const AHEAD: Span = Span::days(1);

/// The instant that `text` names, `offset_min` minutes east of UTC where it does not say.
///
/// `None` when it is no complete and possible time, lies before 2000 or more than a day after `now`: such an event is kept, untimed.
pub fn read_time(text: &str, offset_min: i32, now: Micros) -> Option<Micros> {
    let at = instant(text.trim(), offset_min)?;
    let year = jiff::tz::offset(0).to_datetime(at.to_timestamp()).year();
    (year >= FIRST_YEAR && at <= now + AHEAD).then_some(at)
}

fn instant(text: &str, offset_min: i32) -> Option<Micros> {
    if let Some(at) = Micros::parse(text) {
        return Some(at);
    }
    if text.bytes().all(|b| b.is_ascii_digit()) {
        let number: i64 = text.parse().ok()?;
        return match text.len() {
            10 => Some(Micros(number * 1_000_000)),
            13 => Some(Micros(number * 1_000)),
            14 => civil(&digits(text), offset_min),
            _ => None,
        };
    }
    civil(&fields(text)?, offset_min)
}

/// `20201231104024`
fn digits(text: &str) -> Vec<i16> {
    [0..4, 4..6, 6..8, 8..10, 10..12, 12..14].into_iter().filter_map(|part| text[part].parse().ok()).collect()
}

/// The numbers of `2020/1/2 3:04`, `2020年1月2日 03:04:05`, `2020.01.02T03:04:05.000`; `None` when something else stands in it.
fn fields(text: &str) -> Option<Vec<i16>> {
    let whole = text.split_once('.').filter(|(head, _)| head.contains(':')).map_or(text, |(head, _)| head);
    if whole.chars().any(|letter| !letter.is_ascii_digit() && !"-/.:T 年月日时分秒\u{3000}：".contains(letter)) {
        return None;
    }
    let numbers = whole.split(|letter: char| !letter.is_ascii_digit()).filter(|part| !part.is_empty());
    numbers.map(|part| part.parse().ok()).collect()
}

fn civil(parts: &[i16], offset_min: i32) -> Option<Micros> {
    let (date, time) = parts.split_at_checked(3)?;
    let [hour, minute] = [*time.first()?, *time.get(1)?];
    let second = time.get(2).copied().unwrap_or(0);
    let small = |n: i16| i8::try_from(n).ok();
    let at = DateTime::new(date[0], small(date[1])?, small(date[2])?, small(hour)?, small(minute)?, small(second)?, 0).ok()?;
    let zone = Offset::from_seconds(offset_min * 60).ok()?;
    Some(Micros(zone.to_timestamp(at).ok()?.as_microsecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: Option<&str>) {
        let now = Micros::parse("2026-11-24T10:00:00+08:00").expect("a time");
        let got = read_time(text, 480, now).map(|at| at.to_string());
        assert_eq!(got.as_deref(), expect, "{text}");
    }

    #[test]
    fn whole_times_are_read_in_every_spelling() {
        let same = Some("2020-01-02T05:05:27Z");
        for text in [
            "2020-01-02 13:05:27",
            "2020/1/2 13:05:27",
            "2020.01.02 13:05:27",
            "2020年1月2日 13时05分27秒",
            "2020-01-02T13:05:27",
            "2020-01-02T13:05:27.000",
            "2020-01-02T05:05:27Z",
            "2020-01-02T13:05:27+08:00",
            "1577941527",
            "1577941527000",
            "20200102130527",
            "  2020-01-02 13：05：27 ",
        ] {
            check(text, same);
        }
        check("2020-01-02 13:05", Some("2020-01-02T05:05:00Z"));
    }

    #[test]
    fn broken_times_are_not_guessed() {
        for text in [
            "",
            "2020-02-30 10:00:00",
            "2020-13-01 10:00:00",
            "0000-00-00 00:00:00",
            "1970-01-01 08:00:00",
            "2020-01-02",
            "01-02 13:05:27",
            "13:05:27",
            "2020-01-02 25:05:27",
            "2027-01-01 00:00:00",
            "昨天 13:05",
            "null",
            "99999999999999",
        ] {
            check(text, None);
        }
    }
}
