//! Working-time arithmetic against a slow oracle that looks at every minute, and the shipped days against an independent list.

use super::*;
use crate::refusal::{Code, Refusal};
use crate::time::{Micros, Span};
use jiff::civil::Date;
use proptest::prelude::*;

fn at(text: &str) -> Micros {
    Micros::parse(&format!("{text}:00+08:00")).expect("a time")
}

fn office() -> Calendar {
    Calendar::new(CalendarSpec::office(), Some(&PublicDays::china())).expect("a calendar")
}

fn code<T>(answer: Result<T, Refusal>) -> Result<T, Code> {
    answer.map_err(|no| no.code)
}

#[test]
fn adding_working_hours() {
    let check = |from: &str, hours: i64, expect: &str| {
        assert_eq!(office().add(at(from), Span::hours(hours)), Ok(at(expect)), "{from} + {hours} h");
    };
    check("2026-11-24T10:00", 4, "2026-11-24T14:00");
    check("2026-11-24T10:00", 8, "2026-11-24T18:00");
    check("2026-11-24T10:00", 9, "2026-11-25T10:00");
    check("2026-11-27T17:00", 2, "2026-11-30T10:00"); // over a weekend
    check("2026-02-13T17:00", 2, "2026-02-14T10:00"); // a Saturday worked before Spring Festival
    check("2026-02-14T17:00", 2, "2026-02-24T10:00"); // and nine days off after it
    check("2026-11-24T03:00", 0, "2026-11-24T03:00");
}

#[test]
fn the_earliest_instant_with_that_much_left() {
    let check = |until: &str, hours: i64, expect: &str| {
        assert_eq!(office().before(at(until), Span::hours(hours)), Ok(at(expect)), "{hours} h before {until}");
    };
    check("2026-11-25T10:00", 1, "2026-11-24T18:00");
    check("2026-11-25T10:00", 2, "2026-11-24T17:00");
    check("2026-11-25T10:00", 4, "2026-11-24T15:00");
    check("2026-11-25T22:00", 0, "2026-11-25T18:00");
}

#[test]
fn beyond_the_data_nothing_is_guessed() {
    let late = at("2026-12-31T17:00");
    assert_eq!(code(office().add(late, Span::hours(1))), Ok(at("2026-12-31T18:00")));
    assert_eq!(code(office().add(late, Span::hours(2))), Err(Code::CalendarUnknown));
    assert_eq!(code(office().is_open(at("2027-01-04T10:00"))), Err(Code::CalendarUnknown));
    assert_eq!(code(office().between(late, at("2027-01-01T00:00"))), Ok(Span::hours(1)));
    assert_eq!(code(office().between(late, at("2027-01-01T00:01"))), Err(Code::CalendarUnknown));
    assert_eq!(code(office().before(at("2025-01-02T09:00"), Span::hours(0))), Err(Code::CalendarUnknown));
}

#[test]
fn hours_must_make_sense() {
    let check = |hours: &[(u16, u16)], good: bool| {
        let day = hours.iter().map(|(from_min, to_min)| Hours { from_min: *from_min, to_min: *to_min }).collect();
        let mut spec = CalendarSpec::desk();
        spec.week[2] = day;
        assert_eq!(Calendar::new(spec, None).is_ok(), good, "{hours:?}");
    };
    check(&[(540, 720), (780, 1440)], true);
    check(&[(540, 720), (719, 800)], false);
    check(&[(720, 720)], false);
    check(&[(540, 1441)], false);
    assert!(Calendar::new(CalendarSpec::office(), None).is_err(), "public days were asked for and not given");
}

#[test]
fn a_calendar_that_never_opens_answers() {
    let mut spec = CalendarSpec::desk();
    spec.week = Default::default();
    let never = Calendar::new(spec, None).expect("legal, if odd");
    assert_eq!(code(never.add(at("2026-01-01T00:00"), Span::minutes(1))), Err(Code::CalendarUnknown));
    assert_eq!(code(never.next_open(at("2026-01-01T00:00"))), Err(Code::CalendarUnknown));
}

#[test]
#[expect(clippy::print_stderr, reason = "a comparison that could not be made has to say so")]
fn shipped_days_agree_with_an_independent_list() {
    let folder = std::env::var("AFTERCARE_DATA").unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data").into());
    let days = PublicDays::china();
    let date = |text: &str| text.parse::<Date>().expect("a date");
    assert_eq!(days.is_workday(date("2027-01-04")), None);
    assert_eq!(days.is_workday(date("2026-02-28")), Some(true));
    let Ok(list) = std::fs::read_to_string(format!("{folder}/calendar/workday_calendar_2004_2026.csv")) else {
        eprintln!("no list under {folder}: only the days above were compared");
        return;
    };
    let mut seen = 0;
    for row in list.lines().filter(|row| row.starts_with("2025") || row.starts_with("2026")) {
        let cells: Vec<&str> = row.split(',').collect();
        assert_eq!(days.is_workday(date(cells[0])), Some(cells[2] == "1"), "{row}");
        seen += 1;
    }
    assert_eq!(seen, 730);
}

/// A week with gaps, a night shift and an exception, five hours and three quarters east of Greenwich.
fn odd_calendar(cuts: &[Vec<u16>]) -> Calendar {
    let day = |cuts: &Vec<u16>| {
        let mut sorted = cuts.clone();
        sorted.sort_unstable();
        sorted.dedup();
        sorted.chunks_exact(2).map(|pair| Hours { from_min: pair[0], to_min: pair[1] }).collect::<Vec<_>>()
    };
    let mut spec = CalendarSpec { offset_min: 345, public_days: true, ..CalendarSpec::desk() };
    for (weekday, hours) in spec.week.iter_mut().enumerate() {
        *hours = day(&cuts[weekday]);
    }
    spec.exceptions.insert(Date::constant(2026, 2, 18), day(&cuts[7]));
    Calendar::new(spec, Some(&PublicDays::china())).expect("a calendar")
}

const MINUTE: Span = Span::minutes(1);

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn arithmetic_agrees_with_counting_minutes(
        cuts in prop::collection::vec(prop::collection::vec(0..1440u16, 0..7), 8), start in 0..15_000i64, length in 0..4_000i64,
    ) {
        let calendar = odd_calendar(&cuts);
        let from = at("2026-02-10T00:00") + Span::minutes(start);
        let mut now = from;
        let mut counted = 0;
        while counted < length && now < from + Span::days(20) {
            counted += i64::from(calendar.is_open(now).expect("known"));
            now = now + MINUTE;
        }
        prop_assert_eq!(calendar.between(from, now), Ok(Span::minutes(counted)));
        if counted == length {
            prop_assert_eq!(calendar.add(from, Span::minutes(length)), Ok(now));
        }
        // backwards: from `now`, the earliest instant with no more than that much left
        if let Ok(back) = calendar.before(now, Span::minutes(counted)) {
            prop_assert!(back <= from);
            prop_assert_eq!(calendar.between(back, now), Ok(Span::minutes(counted)));
            prop_assert!(calendar.between(back - MINUTE, now).expect("known") > Span::minutes(counted));
        }
    }

    #[test]
    fn the_next_opening_is_open_and_nothing_is_before_it(cuts in prop::collection::vec(prop::collection::vec(0..1440u16, 2..5), 8), start in 0..15_000i64) {
        let calendar = odd_calendar(&cuts);
        let from = at("2026-02-10T00:00") + Span::minutes(start);
        if let Ok(open) = calendar.next_open(from) {
            prop_assert!(calendar.is_open(open).expect("known"));
            prop_assert_eq!(calendar.between(from, open), Ok(Span(0)));
        }
    }
}
