//! A parcel's state from all its events. Owns what outruns what: a late scan does not pull a parcel back, a signature stays.

use super::{Event, Signer, State};
use crate::time::Micros;

/// What the whole trace says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Journey {
    /// Where the parcel is.
    pub state: State,
    /// The carrier's first scan: only then is it shipped.
    pub picked_up_at: Option<Micros>,
    /// The last scan.
    pub last_event_at: Option<Micros>,
    /// First signature at the address.
    pub signed_at: Option<Micros>,
    /// Who signed then.
    pub signer: Option<Signer>,
    /// Back in the sender's hands.
    pub returned_at: Option<Micros>,
    /// The buyer refused it.
    pub refused: bool,
    /// Some event had no usable date.
    pub dates_broken: bool,
}

/// Folds events, oldest first as [`super::read`] gives them, into one journey. `None` when nothing could be read.
pub fn journey(events: &[Event]) -> Option<Journey> {
    let mut known = events.iter().filter_map(|event| event.state.map(|state| (event, state)));
    let (first, state) = known.next()?;
    let mut trip = Journey {
        state,
        picked_up_at: None,
        last_event_at: None,
        signed_at: None,
        signer: None,
        returned_at: None,
        refused: false,
        dates_broken: events.iter().any(|event| event.at.is_none()),
    };
    trip.take(first, state);
    for (event, state) in known {
        trip.take(event, state);
    }
    Some(trip)
}

impl Journey {
    fn take(&mut self, event: &Event, state: State) {
        self.last_event_at = self.last_event_at.max(Some(event.place));
        let moving =
            state.step().is_some_and(|step| step >= 2) || !matches!(state, State::Created | State::AwaitingPickup | State::Cancelled);
        if moving && self.picked_up_at.is_none() {
            self.picked_up_at = Some(event.place);
        }
        if state.is_signed() && self.signed_at.is_none() {
            (self.signed_at, self.signer) = (Some(event.place), event.signer);
        }
        if state == State::ReturnSigned && self.returned_at.is_none() {
            self.returned_at = Some(event.place);
        }
        self.refused |= state == State::Refused;
        if outruns(self.state, state) {
            self.state = state;
        }
    }
}

/// Whether `next`, reported after `now`, is where the parcel stands.
fn outruns(now: State, next: State) -> bool {
    match (now, next) {
        // Once back, it is back. Signed gives way to coming back and to the finer word for the same.
        (State::ReturnSigned, _) => false,
        (now, next) if now.is_signed() => next.comes_back() || now.allows(next),
        (now, next) if now.comes_back() => next.comes_back() || next.is_signed() || next == State::Lost,
        (State::Lost, next) => next.is_signed() || next.comes_back() || next.step().is_some_and(|step| step >= 3),
        (now, next) => match (now.step(), next.step()) {
            (Some(before), Some(after)) => after >= before,
            _ => true,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parcel::{Report, read};
    use proptest::prelude::*;

    fn trip(states: &[&str]) -> Journey {
        let reports: Vec<Report> = states
            .iter()
            .enumerate()
            .map(|(n, state)| Report {
                at: Some(format!("2026-11-{:02} 10:00:00", n + 1)),
                state: Some((*state).into()),
                ..Report::default()
            })
            .collect();
        journey(&read(&reports, 480, Micros::parse("2026-11-30T10:00:00+08:00").expect("a time"))).expect("a journey")
    }

    fn check(states: &[&str], expect: State) {
        assert_eq!(trip(states).state, expect, "{states:?}");
    }

    #[test]
    fn where_a_parcel_stands() {
        check(&["picked_up", "in_transit", "out_for_delivery", "in_transit"], State::OutForDelivery); // a late scan
        check(&["picked_up", "out_for_delivery", "held", "in_transit"], State::InTransit); // sent on after trouble
        check(&["picked_up", "at_locker", "signed_locker"], State::SignedLocker);
        check(&["signed_other", "out_for_delivery"], State::SignedOther);
        check(&["signed", "signed_self"], State::SignedSelf);
        check(&["signed_self", "returning", "return_signed", "in_transit"], State::ReturnSigned);
        check(&["refused", "in_transit"], State::Refused);
        check(&["refused", "returning", "out_for_delivery"], State::Returning);
        check(&["stale", "lost", "in_transit"], State::InTransit); // turned up
        check(&["lost", "stale"], State::Lost);
    }

    #[test]
    fn the_moments_that_count() {
        let trip = trip(&["created", "picked_up", "out_for_delivery", "refused", "returning", "return_signed"]);
        let day = |n: i64| Some(Micros::parse(&format!("2026-11-{n:02}T10:00:00+08:00")).expect("a time"));
        assert_eq!((trip.picked_up_at, trip.signed_at, trip.returned_at, trip.last_event_at), (day(2), None, day(6), day(6)));
        assert!(trip.refused && !trip.dates_broken);
    }

    fn state() -> impl Strategy<Value = Option<State>> {
        (0..State::ALL.len() + 2).prop_map(|n| State::ALL.get(n).copied())
    }

    proptest! {
        /// Whatever a feed says: a signature is never lost, and more of the same events change nothing.
        #[test]
        fn a_signature_stays_and_repeats_change_nothing(states in prop::collection::vec(state(), 1..12)) {
            let events: Vec<Event> = states.iter().enumerate().map(|(n, state)| {
                let at = Micros(n as i64);
                Event { at: Some(at), place: at, state: *state, signer: None, n }
            }).collect();
            let Some(once) = journey(&events) else { return Ok(()) };
            let signed = states.iter().flatten().any(|state| state.is_signed());
            prop_assert_eq!(once.signed_at.is_some(), signed);
            let mut twice: Vec<Event> = events.iter().flat_map(|event| [event.clone(), event.clone()]).collect();
            twice.sort_by_key(|event| event.place);
            prop_assert_eq!(journey(&twice), Some(once));
        }
    }
}
