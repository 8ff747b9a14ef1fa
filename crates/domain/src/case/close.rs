//! When a case may end, and when it comes back. Owns the list of what stands in the way; changes nothing itself.

use super::Stage;
use crate::refusal::{Code, Refusal};
use serde::{Deserialize, Serialize};

/// What counts as the end being agreed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confirmation {
    /// The buyer said so.
    Buyer,
    /// The platform's own success or close.
    Platform,
    /// The buyer did not answer in the time given to them; the run-out wait is on record.
    Timeout,
}

impl Confirmation {
    /// The name in storage and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Buyer => "buyer",
            Self::Platform => "platform",
            Self::Timeout => "timeout",
        }
    }
    /// Reads the storage name.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Buyer, Self::Platform, Self::Timeout].into_iter().find(|c| c.as_str() == text)
    }
}

/// What the closing of a case is judged by: counts of what is still open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CloseFacts {
    /// What came out of it; empty text counts as none.
    pub result: Option<String>,
    /// How the end was agreed.
    pub confirmation: Option<Confirmation>,
    /// A wait for the buyer has run out and is on record (needed by `Confirmation::Timeout`).
    pub wait_ran_out: bool,
    /// The platform's success or close is on record (needed by `Confirmation::Platform`).
    pub platform_ended: bool,
    /// Promises that still bind: open, or broken and neither made good nor followed by another.
    pub open_promises: usize,
    /// Effects whose result is not known, or which need a person to say.
    pub unknown_effects: usize,
    /// Effects held, queued, in flight, or waiting for a person to execute them.
    pub running_effects: usize,
    /// Open tasks that move money or goods.
    pub money_tasks: usize,
    /// Approvals that nobody has decided.
    pub pending_approvals: usize,
    /// Stock still held for the case.
    pub live_reservations: usize,
    /// Requests of the buyer that were neither met, refused nor withdrawn.
    pub open_requests: usize,
}

/// Everything that stands in the way of closing, gravest first; empty when the case may close.
pub fn obstacles(stage: Stage, facts: &CloseFacts) -> Vec<Refusal> {
    if !stage.is_open() {
        return vec![Code::CaseClosed.into()];
    }
    let counted = [
        (facts.unknown_effects, Code::EffectUnknown),
        (facts.open_promises, Code::PromiseOpen),
        (facts.running_effects, Code::EffectRunning),
        (facts.money_tasks, Code::MoneyTaskOpen),
        (facts.pending_approvals, Code::ApprovalPending),
        (facts.live_reservations, Code::ReservationLive),
        (facts.open_requests, Code::RequestOpen),
    ];
    let mut found: Vec<Refusal> =
        counted.into_iter().filter(|(count, _)| *count > 0).map(|(count, code)| Refusal::new(code).with("count", count)).collect();
    if facts.result.as_deref().is_none_or(|result| result.trim().is_empty()) {
        found.push(Code::ResultMissing.into());
    }
    match facts.confirmation {
        None => found.push(Code::ConfirmationMissing.into()),
        Some(Confirmation::Timeout) if !facts.wait_ran_out => found.push(Code::TimeoutNotOnRecord.into()),
        Some(Confirmation::Platform) if !facts.platform_ended => found.push(Code::PlatformEndNotOnRecord.into()),
        Some(_) => {}
    }
    found
}

/// Whether the case may close.
///
/// # Errors
/// The gravest of [`obstacles`].
pub fn may_close(stage: Stage, facts: &CloseFacts) -> Result<(), Refusal> {
    obstacles(stage, facts).into_iter().next().map_or(Ok(()), Err)
}

/// Whether the case may be opened again: whenever it is closed and was not merged into another one.
///
/// # Errors
/// `case_not_closed`; `case_merged` where the work goes on in another case.
pub fn may_reopen(stage: Stage, merged: bool) -> Result<Stage, Refusal> {
    if merged {
        return Err(Code::CaseMerged.into());
    }
    stage.after(super::Happened::Reopened)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn clean() -> CloseFacts {
        CloseFacts { result: Some("refunded".into()), confirmation: Some(Confirmation::Buyer), ..CloseFacts::default() }
    }

    fn check(facts: CloseFacts, expect: Result<(), Code>) {
        assert_eq!(may_close(Stage::Confirmation, &facts).map_err(|no| no.code), expect, "{facts:?}");
    }

    #[test]
    fn what_stands_in_the_way() {
        check(clean(), Ok(()));
        check(CloseFacts { open_promises: 1, ..clean() }, Err(Code::PromiseOpen));
        check(CloseFacts { unknown_effects: 1, open_promises: 1, ..clean() }, Err(Code::EffectUnknown));
        check(CloseFacts { running_effects: 1, ..clean() }, Err(Code::EffectRunning));
        check(CloseFacts { running_effects: 1, open_promises: 1, ..clean() }, Err(Code::PromiseOpen));
        check(CloseFacts { money_tasks: 1, ..clean() }, Err(Code::MoneyTaskOpen));
        check(CloseFacts { pending_approvals: 1, ..clean() }, Err(Code::ApprovalPending));
        check(CloseFacts { live_reservations: 2, ..clean() }, Err(Code::ReservationLive));
        check(CloseFacts { open_requests: 1, ..clean() }, Err(Code::RequestOpen));
        check(CloseFacts { result: Some("  ".into()), ..clean() }, Err(Code::ResultMissing));
        check(CloseFacts { confirmation: None, ..clean() }, Err(Code::ConfirmationMissing));
        check(CloseFacts { confirmation: Some(Confirmation::Timeout), ..clean() }, Err(Code::TimeoutNotOnRecord));
        check(CloseFacts { confirmation: Some(Confirmation::Timeout), wait_ran_out: true, ..clean() }, Ok(()));
        check(CloseFacts { confirmation: Some(Confirmation::Platform), ..clean() }, Err(Code::PlatformEndNotOnRecord));
    }

    #[test]
    fn closed_once_and_reopened_while_it_is_its_own_case() {
        assert_eq!(may_close(Stage::Closed, &clean()).map_err(|no| no.code), Err(Code::CaseClosed));
        assert_eq!(may_reopen(Stage::Closed, false), Ok(Stage::Negotiation));
        assert_eq!(may_reopen(Stage::Execution, false).map_err(|no| no.code), Err(Code::CaseNotClosed));
        assert_eq!(may_reopen(Stage::Closed, true).map_err(|no| no.code), Err(Code::CaseMerged));
    }

    proptest! {
        #[test]
        fn nothing_that_moves_money_is_ever_left_behind(promises in 0..3usize, unknown in 0..3usize, running in 0..3usize, tasks in 0..3usize) {
            let facts = CloseFacts { open_promises: promises, unknown_effects: unknown, running_effects: running, money_tasks: tasks, ..clean() };
            prop_assert_eq!(may_close(Stage::Execution, &facts).is_ok(), promises + unknown + running + tasks == 0);
        }
    }
}
