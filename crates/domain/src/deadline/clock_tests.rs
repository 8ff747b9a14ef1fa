//! Clocks of the written cases, and every clock against one that ticks minute by minute.

use super::*;
use crate::refusal::Code;
use crate::time::{Micros, Span};
use proptest::prelude::*;

const T0: Micros = Micros(1_795_485_900_000_000); // 2026-11-24T02:05:00Z

fn after(hours: i64) -> Micros {
    T0 + Span::hours(hours)
}

fn pause(on: &str) -> Change {
    Change::Pause { on: on.into() }
}

fn check(length_h: Option<i64>, changes: &[(i64, Change)], expect: Due) {
    let changes: Vec<_> = changes.iter().map(|(hour, change)| (after(*hour), change.clone())).collect();
    let clock = Clock::replay(T0, length_h.map(Span::hours), &changes).expect("legal changes");
    assert_eq!(clock.due(Measure::Wall), expect, "{changes:?}");
}

#[test]
fn pauses_extensions_restarts() {
    let extend = |h| Change::Extend { by: "seller".into(), add: Span::hours(h) };
    check(Some(36), &[], Due::At(after(36)));
    check(Some(36), &[(10, pause("platform"))], Due::Paused { left: Span::hours(26) });
    check(Some(36), &[(10, pause("platform")), (50, Change::Resume)], Due::At(after(76)));
    check(Some(36), &[(10, pause("platform")), (20, pause("buyer")), (50, Change::Resume)], Due::At(after(76)));
    check(Some(36), &[(10, extend(240))], Due::At(after(276)));
    check(Some(36), &[(10, pause("buyer")), (12, extend(4)), (14, Change::Resume)], Due::At(after(44)));
    check(Some(36), &[(10, extend(-30))], Due::At(after(6)));
    check(Some(24), &[(10, Change::Restart { length: Some(Span::hours(48)) })], Due::At(after(58)));
    check(Some(24), &[(10, pause("buyer")), (20, Change::Restart { length: Some(Span::hours(48)) })], Due::At(after(68)));
    check(Some(24), &[(10, Change::End { how: End::Met })], Due::Ended);
    check(Some(5), &[(10, pause("buyer"))], Due::At(after(5)));
}

#[test]
fn an_unknown_length_stays_unknown_until_somebody_tells() {
    check(None, &[], Due::Unknown);
    check(None, &[(3, pause("buyer"))], Due::Unknown);
    check(None, &[(3, Change::Extend { by: "seller".into(), add: Span::hours(1) })], Due::Unknown);
    check(None, &[(3, Change::Learn { length: Span::hours(24) })], Due::At(after(24)));
    check(Some(24), &[(3, Change::Restart { length: None })], Due::Unknown);
    assert_eq!(Due::Unknown.state(), "unknown");
}

#[test]
fn the_platform_names_another_time() {
    for length in [None, Some(Span::hours(36))] {
        let mut clock = Clock::start(T0, length);
        let change = clock.move_to(after(5), after(20), "platform", Measure::Wall).expect("moves");
        clock.change(after(5), change).expect("open");
        assert_eq!(clock.due(Measure::Wall), Due::At(after(20)));
        assert_eq!(clock.left(after(15), Measure::Wall), Some(Span::hours(5)));
    }
}

#[test]
fn an_ended_clock_and_an_earlier_time_are_refused() {
    let mut clock = Clock::start(T0, Some(Span::hours(1)));
    clock.change(after(5), pause("buyer")).expect("open");
    let before = clock.clone();
    assert_eq!(clock.change(after(4), Change::Resume).map_err(|no| no.code), Err(Code::BadInput));
    assert_eq!(clock, before);
    clock.change(after(6), Change::End { how: End::Cancelled }).expect("open");
    assert_eq!(clock.change(after(7), Change::Resume).map_err(|no| no.code), Err(Code::ClockEnded));
}

#[test]
fn it_reads_back_as_stored() {
    let clock = Clock::replay(T0, None, &[(after(1), pause("buyer")), (after(2), Change::Restart { length: Some(Span::hours(3)) })])
        .expect("legal");
    let text = serde_json::to_string(&clock).expect("json");
    assert_eq!(serde_json::from_str::<Clock>(&text).expect("a clock"), clock);
}

#[derive(Clone, Debug)]
struct Step {
    minutes: i64,
    change: Change,
}

fn step() -> impl Strategy<Value = Step> {
    let change = prop_oneof![
        prop_oneof![Just("buyer"), Just("platform")].prop_map(pause),
        Just(Change::Resume),
        (-300..600i64).prop_map(|m| Change::Extend { by: "seller".into(), add: Span::minutes(m) }),
        (1..2_000i64).prop_map(|m| Change::Restart { length: Some(Span::minutes(m)) }),
    ];
    (0..900i64, change).prop_map(|(minutes, change)| Step { minutes, change })
}

/// The same clock by ticking: what is left at the end of the changes, counted minute by minute.
fn ticked(length: i64, steps: &[Step], counts: impl Fn(Micros) -> bool) -> (i64, bool, Micros) {
    let (mut left, mut running, mut now) = (length, true, T0);
    for step in steps {
        for _ in 0..step.minutes {
            left -= i64::from(running && counts(now));
            now = now + Span::minutes(1);
        }
        match &step.change {
            Change::Pause { .. } => running = false,
            Change::Resume => running = true,
            Change::Extend { add, .. } => left += add.0 / Span::minutes(1).0,
            Change::Restart { length } => (left, running) = (length.map_or(0, |l| l.0 / Span::minutes(1).0), true),
            Change::Learn { .. } | Change::End { .. } => {}
        }
    }
    (left, running, now)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn time_left_agrees_with_ticking(length in 1..3_000i64, steps in prop::collection::vec(step(), 0..8), business in any::<bool>()) {
        let calendar = Calendar::new(CalendarSpec::office(), Some(&PublicDays::china())).expect("a calendar");
        let measure = if business { Measure::Business(&calendar) } else { Measure::Wall };
        let (left, running, now) = ticked(length, &steps, |at| !business || calendar.is_open(at).expect("known"));
        let mut at = T0;
        let changes: Vec<_> = steps.iter().map(|step| { at = at + Span::minutes(step.minutes); (at, step.change.clone()) }).collect();
        let clock = Clock::replay(T0, Some(Span::minutes(length)), &changes).expect("legal");

        prop_assert_eq!(clock.left(now, measure), Some(Span::minutes(left)));
        match clock.due(measure) {
            Due::At(due) if due > now => {
                prop_assert!(running && left > 0);
                prop_assert_eq!(clock.left(due, measure), Some(Span(0)), "never early");
                prop_assert!(clock.left(due - Span(1), measure).is_some_and(|left| left > Span(0)), "never late");
            }
            Due::At(_) => prop_assert!(left <= 0),
            Due::Paused { left: rest } => {
                prop_assert!(!running);
                prop_assert_eq!(rest, Span::minutes(left));
            }
            other => prop_assert!(false, "{:?}", other),
        }
    }

    #[test]
    fn replaying_gives_the_clock_that_lived(steps in prop::collection::vec(step(), 0..10)) {
        let mut at = T0;
        let mut lived = Clock::start(T0, Some(Span::hours(8)));
        let mut changes = Vec::new();
        for step in steps {
            at = at + Span::minutes(step.minutes);
            lived.change(at, step.change.clone()).expect("legal");
            changes.push((at, step.change));
        }
        prop_assert_eq!(Clock::replay(T0, Some(Span::hours(8)), &changes).expect("legal"), lived);
    }
}
