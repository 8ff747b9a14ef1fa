//! A binding yes or no of a second person (审批), bound to an amount and to the state of the case it was asked on.
//!
//! Owns the machine. What amounts need one and who may give it stands in `people::authority` and `people::policy`.

use crate::id::Id;
use crate::names::names;
use crate::refusal::{Code, Refusal};
use crate::time::Micros;

names! {
    /// Where an approval stands.
    State {
        Pending, "pending", "待审批";
        Approved, "approved", "已同意";
        Declined, "declined", "已拒绝";
        Void, "void", "已作废";
        Expired, "expired", "已过期";
    }
}

names! {
    /// What it is about.
    Subject {
        Offer, "offer", "方案";
        Refund, "refund", "退款";
        Payout, "payout", "赔付";
    }
}

/// An approval.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approval {
    /// What it is about.
    pub subject: Subject,
    /// The exact amount, minor units.
    pub amount_minor: i64,
    /// The version of the case it was asked on.
    pub case_version: i64,
    /// Where it stands.
    pub state: State,
    /// Who asked.
    pub asked_by: Id,
    /// Who decided.
    pub decided_by: Option<Id>,
    /// From then on it is worth nothing, decided or not.
    pub expires_at: Micros,
}

/// One use of an approval: what is about to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Use {
    /// What is done.
    pub subject: Subject,
    /// How much, minor units.
    pub amount_minor: i64,
    /// The last version of the case that changed its money, goods or remedy; notes and talk do not count.
    pub material_version: i64,
    /// When.
    pub now: Micros,
}

impl Approval {
    /// Asks for one.
    pub fn ask(subject: Subject, amount_minor: i64, case_version: i64, asked_by: Id, expires_at: Micros) -> Self {
        Self { subject, amount_minor, case_version, state: State::Pending, asked_by, decided_by: None, expires_at }
    }

    /// `by` decides.
    ///
    /// # Errors
    /// `approval_decided`, `own_approval`, `approval_expired`; `approval_void` where the matter changed after it was asked. The
    /// last two leave the approval to be closed with [`Approval::settle`].
    pub fn decide(mut self, by: Id, yes: bool, now: Micros, material_version: i64) -> Result<Self, Refusal> {
        if self.state != State::Pending {
            return Err(Refusal::new(Code::ApprovalDecided).with("state", self.state));
        }
        if by == self.asked_by {
            return Err(Refusal::new(Code::OwnApproval).with("action", self.subject));
        }
        self.must_hold(now, material_version)?;
        self.state = if yes { State::Approved } else { State::Declined };
        self.decided_by = Some(by);
        Ok(self)
    }

    /// Whether this approval allows exactly that use.
    ///
    /// # Errors
    /// `approval_missing` where it was not given or is about something else; `approval_void` for another amount or a changed
    /// matter; `approval_expired`.
    pub fn covers(&self, about: Use) -> Result<(), Refusal> {
        if self.state != State::Approved || self.subject != about.subject {
            return Err(Code::ApprovalMissing.into());
        }
        if self.amount_minor != about.amount_minor {
            return Err(Code::ApprovalVoid.into());
        }
        self.must_hold(about.now, about.material_version)
    }

    /// Whether it serves once more, when what it was used for on version `used_on` is taken back before anything left: nothing else has
    /// changed the matter since, and its time is not up.
    pub fn serves_again(&self, used_on: i64, now: Micros, material_version: i64) -> bool {
        self.state == State::Approved && material_version <= used_on && now < self.expires_at
    }

    /// What time and change have made of it.
    #[must_use]
    pub fn settle(mut self, now: Micros, material_version: i64) -> Self {
        if matches!(self.state, State::Pending | State::Approved) {
            if material_version > self.case_version {
                self.state = State::Void;
            } else if now >= self.expires_at {
                self.state = State::Expired;
            }
        }
        self
    }

    fn must_hold(&self, now: Micros, material_version: i64) -> Result<(), Refusal> {
        if material_version > self.case_version {
            return Err(Code::ApprovalVoid.into());
        }
        if now >= self.expires_at {
            return Err(Code::ApprovalExpired.into());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn id(n: u8) -> Id {
        Id::from_bytes([n; 16])
    }

    fn asked() -> Approval {
        Approval::ask(Subject::Payout, 5_000, 7, id(1), Micros(1_000))
    }

    fn exact() -> Use {
        Use { subject: Subject::Payout, amount_minor: 5_000, material_version: 7, now: Micros(20) }
    }

    #[test]
    fn deciding() {
        let check = |by: u8, now: i64, version: i64, expect: Result<State, Code>| {
            let got = asked().decide(id(by), true, Micros(now), version);
            assert_eq!(got.map(|a| a.state).map_err(|no| no.code), expect, "{by} {now} {version}");
        };
        check(2, 10, 7, Ok(State::Approved));
        check(2, 10, 5, Ok(State::Approved));
        check(1, 10, 7, Err(Code::OwnApproval));
        check(2, 10, 8, Err(Code::ApprovalVoid));
        check(2, 1_000, 7, Err(Code::ApprovalExpired));
        let declined = asked().decide(id(2), false, Micros(10), 7).expect("pending");
        assert_eq!(declined.clone().decide(id(3), true, Micros(11), 7).map_err(|no| no.code), Err(Code::ApprovalDecided));
        assert_eq!(declined.covers(exact()).map_err(|no| no.code), Err(Code::ApprovalMissing));
    }

    #[test]
    fn it_covers_that_amount_of_that_matter_only() {
        let approved = asked().decide(id(2), true, Micros(10), 7).expect("pending");
        let check = |about: Use, expect: Result<(), Code>| {
            assert_eq!(approved.covers(about).map_err(|no| no.code), expect, "{about:?}");
        };
        check(exact(), Ok(()));
        check(Use { amount_minor: 5_001, ..exact() }, Err(Code::ApprovalVoid));
        check(Use { amount_minor: 4_999, ..exact() }, Err(Code::ApprovalVoid));
        check(Use { material_version: 9, ..exact() }, Err(Code::ApprovalVoid));
        check(Use { subject: Subject::Refund, ..exact() }, Err(Code::ApprovalMissing));
        check(Use { now: Micros(1_000), ..exact() }, Err(Code::ApprovalExpired));
    }

    #[test]
    fn it_serves_again_when_nothing_came_of_its_use() {
        let approved = asked().decide(id(2), true, Micros(10), 7).expect("pending");
        let check = |of: &Approval, now: i64, material: i64, expect: bool| {
            assert_eq!(of.serves_again(9, Micros(now), material), expect, "{now} {material}");
        };
        check(&approved, 20, 9, true);
        check(&approved, 20, 10, false);
        check(&approved, 1_000, 9, false);
        check(&asked(), 20, 9, false);
    }

    proptest! {
        #[test]
        fn what_settles_as_void_or_expired_covers_nothing(version in 5..10i64, now in 0..2_000i64, yes in any::<bool>()) {
            let decided = asked().decide(id(2), yes, Micros(1), 7).expect("pending");
            let settled = decided.clone().settle(Micros(now), version);
            let about = Use { now: Micros(now), material_version: version, ..exact() };
            prop_assert_eq!(decided.covers(about).is_ok(), settled.state == State::Approved);
            prop_assert_eq!(settled.state == State::Declined, !yes);
        }
    }
}
