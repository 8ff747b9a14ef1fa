//! Who hears of a promise before it breaks: its owner, the lead, the supervisor, then the buyer.
//!
//! Owns the times, laid inside the owner's working hours so that each step still finds somebody at work.

use crate::deadline::Calendar;
use crate::names::names;
use crate::time::{Micros, Span};

names! {
    /// One step of the ladder.
    Rung {
        Owner, "owner", "提醒责任人";
        Lead, "lead", "升级组长";
        Supervisor, "supervisor", "升级主管";
        Buyer, "buyer", "告知买家";
    }
}

/// When each step is due, in order of time and never after the promise's own due time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Escalation {
    /// The steps.
    pub steps: Vec<(Micros, Rung)>,
    /// False where a calendar did not reach or holds no working time, and the times were laid on the wall clock.
    pub calendar_known: bool,
}

/// Working time left before the due time at which each of the three hears of it, where there is enough of it.
const LEFT: [Span; 3] = [Span::hours(4), Span::hours(2), Span::hours(1)];

/// The ladder of a promise made at `made` and due at `due`.
///
/// `owner` is the calendar of the team that has to keep it, `desk` the one of those who speak with the buyer. With less than
/// eight working hours in between, the steps stand at a half, a quarter and an eighth of it. The buyer is told once the
/// supervisor has heard of it and both owner and desk are at work again, or with the supervisor where that is too late.
pub fn escalation(made: Micros, due: Micros, owner: &Calendar, desk: &Calendar) -> Escalation {
    let working = owner.between(made, due).ok().filter(|span| span.0 > 0);
    let at_work = working.and_then(|whole| {
        let left = |i: usize| if whole >= Span::hours(8) { LEFT[i] } else { Span(whole.0 >> (i + 1)) };
        Some([owner.before(due, left(0)).ok()?, owner.before(due, left(1)).ok()?, owner.before(due, left(2)).ok()?])
    });
    let [first, second, third] = at_work.unwrap_or_else(|| [1, 2, 3].map(|i| due - Span((due - made).0 >> i)));
    let told = owner.next_open(third).and_then(|at| desk.next_open(at)).ok().filter(|at| *at < due).unwrap_or(third);
    let steps = [(first, Rung::Owner), (second, Rung::Lead), (third, Rung::Supervisor), (told, Rung::Buyer)];
    Escalation { steps: steps.map(|(at, rung)| (at.clamp(made, due), rung)).to_vec(), calendar_known: at_work.is_some() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deadline::{CalendarSpec, PublicDays};
    use proptest::prelude::*;

    fn at(text: &str) -> Micros {
        Micros::parse(&format!("{text}:00+08:00")).expect("a time")
    }

    fn office() -> Calendar {
        Calendar::new(CalendarSpec::office(), Some(&PublicDays::china())).expect("a calendar")
    }

    fn desk() -> Calendar {
        Calendar::new(CalendarSpec::desk(), None).expect("a calendar")
    }

    fn check(made: &str, due: &str, expect: [&str; 4]) {
        let ladder = escalation(at(made), at(due), &office(), &desk());
        let times: Vec<Micros> = ladder.steps.iter().map(|(at, _)| *at).collect();
        assert_eq!(times, expect.map(at), "{made} .. {due}");
    }

    #[test]
    fn the_cleaning_fee() {
        // finance works 9–18; the supervisor hears of it when finance leaves, the buyer in the morning, before asking
        let times = ["2026-11-24T15:00", "2026-11-24T17:00", "2026-11-24T18:00", "2026-11-25T09:00"];
        check("2026-11-24T10:40", "2026-11-25T10:00", times);
    }

    #[test]
    fn a_short_promise_and_one_over_a_weekend() {
        check("2026-11-24T10:00", "2026-11-24T14:00", ["2026-11-24T12:00", "2026-11-24T13:00", "2026-11-24T13:30", "2026-11-24T13:30"]);
        check("2026-11-27T09:00", "2026-11-30T09:30", ["2026-11-27T14:30", "2026-11-27T16:30", "2026-11-27T17:30", "2026-11-27T17:30"]);
    }

    #[test]
    fn without_working_time_the_wall_clock_serves() {
        let ladder = escalation(at("2026-11-28T10:00"), at("2026-11-28T18:00"), &office(), &desk());
        assert!(!ladder.calendar_known);
        assert_eq!(ladder.steps[0], (at("2026-11-28T14:00"), Rung::Owner));
        let beyond = escalation(at("2026-12-31T17:00"), at("2027-01-05T10:00"), &office(), &desk());
        assert!(!beyond.calendar_known);
    }

    proptest! {
        #[test]
        fn steps_are_in_order_and_before_the_end(start in 0..20_000i64, minutes in 1..20_000i64) {
            let made = at("2026-02-05T00:00") + Span::minutes(start);
            let due = made + Span::minutes(minutes);
            let ladder = escalation(made, due, &office(), &desk());
            prop_assert_eq!(ladder.steps.len(), 4);
            prop_assert!(ladder.steps.is_sorted_by_key(|(at, _)| *at), "{:?}", ladder);
            prop_assert!(ladder.steps.iter().all(|(at, _)| made <= *at && *at <= due), "{:?}", ladder);
        }
    }
}
