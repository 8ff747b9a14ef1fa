//! What the shop told a buyer it will do (承诺): an owner, a due time, a state, and who hears of it before it breaks.
//!
//! Owns the state machine; the sealed words of the promise live elsewhere. A promise without an end cannot be made.

mod escalation;

pub use escalation::{Escalation, Rung, escalation};

use crate::id::Id;
use crate::names::names;
use crate::people::Team;
use crate::refusal::{Code, Refusal};
use crate::time::Micros;

names! {
    /// Where a promise stands.
    State {
        Open, "open", "待兑现";
        Kept, "kept", "已兑现";
        Broken, "broken", "已失约";
        Renegotiated, "renegotiated", "已改约";
    }
}

/// A promise as it is judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promise {
    /// Its id.
    pub id: Id,
    /// The team that has to keep it.
    pub team: Team,
    /// The person, where one is named.
    pub owner: Option<Id>,
    /// When it was made.
    pub made_at: Micros,
    /// When it has to be kept.
    pub due_at: Micros,
    /// Where it stands.
    pub state: State,
    /// What was promised was done, be it late.
    pub done: bool,
    /// The promise that took its place.
    pub successor: Option<Id>,
    /// How often it was put off before, along the chain.
    pub put_off: u32,
}

impl Promise {
    /// A new promise.
    ///
    /// # Errors
    /// `promise_without_end`; `promise_due_past` for an end that is not after `now`.
    pub fn make(id: Id, team: Team, owner: Option<Id>, now: Micros, due_at: Option<Micros>) -> Result<Self, Refusal> {
        let due_at = due_at.ok_or(Code::PromiseWithoutEnd)?;
        if due_at <= now {
            return Err(Refusal::new(Code::PromiseDuePast).with("due_at", due_at));
        }
        Ok(Self { id, team, owner, made_at: now, due_at, state: State::Open, done: false, successor: None, put_off: 0 })
    }

    /// It was done, with proof. After its due time it stays broken and is only made good.
    ///
    /// # Errors
    /// `promise_ended` when it was done already or another promise took its place.
    pub fn keep(mut self, now: Micros) -> Result<Self, Refusal> {
        self.must_bind()?;
        self.state = if self.state == State::Open && now <= self.due_at { State::Kept } else { State::Broken };
        self.done = true;
        Ok(self)
    }

    /// Its due time has come; `None` while it has not, or when it is settled.
    pub fn run_out(mut self, now: Micros) -> Option<Self> {
        if self.state != State::Open || now < self.due_at {
            return None;
        }
        self.state = State::Broken;
        Some(self)
    }

    /// A new time was agreed with the buyer: the old promise names its successor. A broken one stays broken.
    ///
    /// # Errors
    /// `promise_ended`; those of [`Promise::make`].
    pub fn renegotiate(mut self, successor: Id, now: Micros, due_at: Option<Micros>) -> Result<(Self, Self), Refusal> {
        self.must_bind()?;
        let mut next = Self::make(successor, self.team, self.owner, now, due_at)?;
        next.put_off = self.put_off + 1;
        if self.state == State::Open && now <= self.due_at {
            self.state = State::Renegotiated;
        } else {
            self.state = State::Broken;
        }
        self.successor = Some(successor);
        Ok((self, next))
    }

    /// A payment is to keep this promise, which was given in words: it still binds, no other payment keeps it, and the amount is the one
    /// that was promised (words without an amount fit any). One promise then, not two about the same money.
    ///
    /// # Errors
    /// `promise_ended`; `promise_other_payment`.
    pub fn joins(&self, promised_minor: Option<i64>, by_payment: bool, paid_minor: i64) -> Result<(), Refusal> {
        self.must_bind()?;
        if by_payment || promised_minor.is_some_and(|promised| promised != paid_minor) {
            return Err(Code::PromiseOtherPayment.into());
        }
        Ok(())
    }

    /// Whether the buyer still waits for it: open, or broken and neither made good nor followed by another. Such a case cannot close.
    pub fn binds(&self) -> bool {
        matches!(self.state, State::Open | State::Broken) && !self.done && self.successor.is_none()
    }

    fn must_bind(&self) -> Result<(), Refusal> {
        if self.binds() { Ok(()) } else { Err(Refusal::new(Code::PromiseEnded).with("state", self.state)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Span;
    use proptest::prelude::*;

    const T0: Micros = Micros(1_795_485_900_000_000);

    fn id(n: u8) -> Id {
        Id::from_bytes([n; 16])
    }

    fn promise() -> Promise {
        Promise::make(id(1), Team::Finance, None, T0, Some(T0 + Span::hours(24))).expect("a promise")
    }

    fn hour(h: i64) -> Micros {
        T0 + Span::hours(h)
    }

    #[test]
    fn no_promise_without_an_end_ahead() {
        let make = |due| Promise::make(id(1), Team::Finance, None, T0, due).map_err(|no| no.code);
        assert_eq!(make(None), Err(Code::PromiseWithoutEnd));
        assert_eq!(make(Some(T0)), Err(Code::PromiseDuePast));
    }

    #[test]
    fn a_payment_joins_the_words_it_keeps() {
        let check = |promise: Promise, promised, by_payment, expect: Result<(), Code>| {
            assert_eq!(promise.joins(promised, by_payment, 5_000).map_err(|no| no.code), expect, "{promised:?} {by_payment}");
        };
        check(promise(), Some(5_000), false, Ok(()));
        check(promise(), None, false, Ok(()));
        check(promise().run_out(hour(24)).expect("run out"), Some(5_000), false, Ok(()));
        check(promise(), Some(4_999), false, Err(Code::PromiseOtherPayment));
        check(promise(), Some(5_000), true, Err(Code::PromiseOtherPayment));
        check(promise().keep(hour(1)).expect("bound"), Some(5_000), false, Err(Code::PromiseEnded));
    }

    #[test]
    fn kept_in_time_late_or_never() {
        let check = |hours: i64, expect: State| {
            let kept = promise().keep(hour(hours)).expect("bound");
            assert_eq!((kept.state, kept.binds()), (expect, false), "after {hours} h");
        };
        check(23, State::Kept);
        check(24, State::Kept);
        check(25, State::Broken);
        assert_eq!(promise().run_out(hour(23)), None);
        let broken = promise().run_out(hour(24)).expect("run out");
        assert!(broken.binds(), "the buyer still waits");
        let late = broken.clone().keep(hour(27)).expect("bound");
        assert_eq!((late.state, late.binds()), (State::Broken, false));
        assert_eq!(late.keep(hour(28)).map_err(|no| no.code), Err(Code::PromiseEnded));
        assert_eq!(broken.run_out(hour(30)), None, "breaks once");
    }

    #[test]
    fn putting_off_names_the_successor() {
        let (old, next) = promise().renegotiate(id(2), hour(20), Some(hour(48))).expect("bound");
        assert_eq!((old.state, old.successor, old.binds()), (State::Renegotiated, Some(id(2)), false));
        assert_eq!((next.put_off, next.due_at, next.team), (1, hour(48), Team::Finance));
        let (late, again) = next.renegotiate(id(3), hour(50), Some(hour(60))).expect("bound");
        assert_eq!((late.state, late.successor, again.put_off), (State::Broken, Some(id(3)), 2));
        assert!(promise().renegotiate(id(2), hour(20), None).is_err());
    }

    proptest! {
        /// Whatever is tried in whatever order: exactly one promise of the chain binds until one is done, then none.
        #[test]
        fn one_promise_of_a_chain_binds_until_it_is_done(steps in prop::collection::vec((0..3u8, 1..30i64), 1..20)) {
            let mut chain = vec![promise()];
            let mut now = T0;
            for (n, (what, hours)) in steps.into_iter().enumerate() {
                now = now + Span::hours(hours);
                let last = chain.pop().expect("never empty");
                match what {
                    0 => chain.push(last.clone().keep(now).unwrap_or(last)),
                    1 => chain.push(last.clone().run_out(now).unwrap_or(last)),
                    _ => match last.clone().renegotiate(id(n as u8 + 2), now, Some(now + Span::hours(10))) {
                        Ok((old, next)) => chain.extend([old, next]),
                        Err(_) => chain.push(last),
                    },
                }
                let done = chain.iter().any(|p| p.done);
                prop_assert_eq!(chain.iter().filter(|p| p.binds()).count(), usize::from(!done));
            }
        }
    }
}
