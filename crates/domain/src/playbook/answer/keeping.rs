//! How a stored clock follows its playbook's answer: started, moved, begun again, paused, resumed; never patched.

use super::clocks::End;
use crate::deadline::{Change, Clock, Due, Measure};
use crate::time::{Micros, Span};

/// A clock as it is stored: its segments and the anchor it counts from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The anchor.
    pub anchor: Micros,
    /// The segments.
    pub clock: Clock,
}

impl Kept {
    /// A clock that starts at its anchor; it may lie in the past.
    pub fn start(anchor: Micros, end: End) -> Self {
        Self { anchor, clock: Clock::start(anchor, length(anchor, end)) }
    }

    /// The clock after what is known now. `pause` names whom it waits for, when that stops it.
    #[must_use]
    pub fn follow(mut self, now: Micros, anchor: Micros, end: End, pause: Option<&str>, measure: Measure<'_>) -> Self {
        let at = now.max(self.clock.last_change());
        // a time that the platform names holds as it is named, whoever is waited for
        let pause = if matches!(end, End::Named(_)) { None } else { pause };
        if anchor != self.anchor && self.clock.last_change() > now {
            // it had not begun yet, so there is nothing to keep
            self = Self::start(anchor, end);
        } else if anchor != self.anchor {
            // a new anchor may lie ahead, as when a carrier names a later time
            let at = at.max(anchor);
            let spent = if matches!(end, End::Working(_)) { Span(0) } else { Span((at - anchor).0.max(0)) };
            let left = length(anchor, end).map(|length| Span((length.0 - spent.0).max(0)));
            self.apply(at, Change::Restart { length: left });
            self.anchor = anchor;
        } else if let End::Named(due) = end {
            self.apply(at, Change::Resume);
            if self.clock.due(measure) != Due::At(due)
                && let Ok(change) = self.clock.move_to(at, due, "platform", measure)
            {
                self.apply(at, change);
            }
        } else if let Some(wanted) = length(anchor, end) {
            self.lengthen(at, wanted);
        }
        match pause {
            Some(on) => self.apply(now, Change::Pause { on: on.to_owned() }),
            None => self.apply(now, Change::Resume),
        }
        self
    }

    fn lengthen(&mut self, at: Micros, wanted: Span) {
        // after a restart the length counts from there
        let wanted = Span(wanted.0 - (self.counted_from() - self.anchor).0.max(0));
        match self.clock.total() {
            None => self.apply(at, Change::Learn { length: wanted }),
            Some(total) if total != wanted => self.apply(at, Change::Extend { by: "facts".into(), add: Span(wanted.0 - total.0) }),
            Some(_) => {}
        }
    }

    fn counted_from(&self) -> Micros {
        self.clock.restarted().unwrap_or(self.anchor)
    }

    /// Nothing can happen before the clock's last change, which may lie ahead when its anchor does.
    fn apply(&mut self, now: Micros, change: Change) {
        let at = now.max(self.clock.last_change());
        // only an ended clock or an earlier time is refused, and neither comes here
        let _ = self.clock.change(at, change);
    }
}

fn length(anchor: Micros, end: End) -> Option<Span> {
    match end {
        End::At(due) | End::Named(due) => Some(due - anchor),
        End::Working(span) => Some(span),
        End::Unknown => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deadline::{Calendar, CalendarSpec};

    fn hour(h: i64) -> Micros {
        Micros::parse("2026-11-24T10:00:00+08:00").expect("a time") + Span::hours(h)
    }

    /// Follows these answers from hour 0 on and tells where the clock stands.
    fn check(start: End, answers: &[(i64, i64, End, Option<&str>)], expect: Due) {
        let mut kept = Kept::start(hour(0), start);
        for (now, anchor, end, pause) in answers {
            kept = kept.follow(hour(*now), hour(*anchor), *end, *pause, Measure::Wall);
        }
        assert_eq!(kept.clock.due(Measure::Wall), expect, "{answers:?}");
    }

    #[test]
    fn a_clock_follows_its_answer() {
        let at = |h: i64| End::At(hour(h));
        check(at(36), &[], Due::At(hour(36)));
        check(at(36), &[(1, 0, at(36), None)], Due::At(hour(36)));
        check(at(168), &[(10, 0, at(60), None)], Due::At(hour(60)));
        check(at(36), &[(10, 0, End::Named(hour(20)), None)], Due::At(hour(20)));
        check(End::Unknown, &[(10, 0, End::Unknown, None)], Due::Unknown);
        check(End::Unknown, &[(10, 0, End::Named(hour(20)), None)], Due::At(hour(20)));
        check(at(24), &[(10, 10, at(34), None)], Due::At(hour(34)));
        check(at(24), &[(12, 10, at(34), None)], Due::At(hour(34)));
        check(at(24), &[(12, 10, at(34), None), (13, 10, at(40), None)], Due::At(hour(40)));
        check(at(24), &[(1, 30, at(34), None)], Due::At(hour(34)));
        check(at(24), &[(1, 30, at(34), None), (2, 40, at(44), None), (3, 20, at(24), None)], Due::At(hour(24)));
    }

    #[test]
    fn waiting_stops_it_and_a_named_time_does_not_wait() {
        let at = |h: i64| End::At(hour(h));
        check(at(24), &[(10, 0, at(24), Some("buyer"))], Due::Paused { left: Span::hours(14) });
        check(at(24), &[(10, 0, at(24), Some("buyer")), (15, 0, at(24), None)], Due::At(hour(29)));
        check(at(24), &[(10, 0, at(24), Some("buyer")), (15, 0, at(24), None), (16, 0, at(24), None)], Due::At(hour(29)));
        check(at(24), &[(10, 0, at(24), Some("platform")), (15, 0, End::Named(hour(30)), Some("platform"))], Due::At(hour(30)));
        check(at(24), &[(10, 10, at(34), Some("buyer"))], Due::Paused { left: Span::hours(24) });
    }

    #[test]
    fn working_time_is_counted_by_the_calendar() {
        let calendar = Calendar::new(CalendarSpec::desk(), None).expect("a calendar");
        let kept = Kept::start(hour(10), End::Working(Span::hours(2)));
        assert_eq!(kept.clock.due(Measure::Business(&calendar)), Due::At(hour(24)), "one hour until 21:00, one from 9:00");
        let moved = kept.follow(hour(24), hour(24), End::Working(Span::hours(2)), None, Measure::Business(&calendar));
        assert_eq!(moved.clock.due(Measure::Business(&calendar)), Due::At(hour(26)));
    }
}
