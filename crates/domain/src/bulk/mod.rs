//! Bulk jobs (批量办理): one action on many cases, looked at first, then done row by row through the command of a single case.
//!
//! Owns which group a row belongs to, what became of it, whether trying again can help, and the words that move a job. Decides nothing
//! about a case: that is asked of the single command, in a rehearsal beforehand and in earnest afterwards.

mod pace;
mod state;

pub use pace::{Pace, Paced, shelf, starts};
pub use state::{State, Word, next};

use crate::names::names;
use crate::refusal::{Code, Refusal};

/// Cases of one job.
pub const LIMIT: usize = 1_000;
/// Above this sum the total is typed in before anything starts, minor units; a shop sets its own.
pub const CONFIRM_ABOVE_MINOR: i64 = 500_000;

names! {
    /// What the rehearsal said of a row.
    Group {
        Can, "can", "可办理";
        Approval, "approval", "需审批";
        Cannot, "cannot", "不可办理";
    }
}

names! {
    /// What became of a row.
    RowState {
        New, "new", "待预检";
        Ready, "ready", "待办理";
        Done, "done", "已办理";
        Waiting, "waiting", "等审批";
        Refused, "refused", "未办理";
        Stale, "stale", "已变化";
    }
}

/// The group of a row by what its rehearsal ended with.
pub fn group(outcome: Result<(), &Refusal>) -> Group {
    match outcome {
        Ok(()) => Group::Can,
        Err(refusal) if refusal.code == Code::ApprovalNeeded => Group::Approval,
        Err(_) => Group::Cannot,
    }
}

/// What became of a row by what the command ended with; an approval that was asked for is the caller's to tell.
pub fn ended(outcome: Result<(), &Refusal>) -> RowState {
    match outcome {
        Ok(()) => RowState::Done,
        Err(refusal) if refusal.code == Code::StaleVersion => RowState::Stale,
        Err(_) => RowState::Refused,
    }
}

/// Whether the same thing, asked again later and unchanged, may pass: what was in the way goes away by itself or by somebody else's yes.
/// A row that changed is looked at anew, never tried again.
pub fn retryable(state: RowState, code: Option<Code>) -> bool {
    match state {
        RowState::Waiting => true,
        RowState::Refused => matches!(
            code,
            Some(
                Code::Busy
                    | Code::OutcomeUnknown
                    | Code::Internal
                    | Code::ApprovalNeeded
                    | Code::ApprovalPending
                    | Code::ApprovalExpired
                    | Code::EffectRunning
                    | Code::NotAllowed
            )
        ),
        _ => false,
    }
}

/// Whether a job of this sum is confirmed: below the bound by its start alone, above it by the very sum.
///
/// # Errors
/// `bulk_confirm` with the sum and the bound.
pub fn confirmed(total_minor: i64, above_minor: i64, given_minor: Option<i64>) -> Result<(), Refusal> {
    if total_minor <= above_minor || given_minor == Some(total_minor) {
        return Ok(());
    }
    Err(Refusal::new(Code::BulkConfirm).with("total_minor", total_minor).with("above_minor", above_minor))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_belongs_to_one_of_three_groups() {
        let check = |code: Option<Code>, expect: Group, after: RowState| {
            let refusal = code.map(Refusal::new);
            let outcome = || refusal.as_ref().map_or(Ok(()), Err);
            assert_eq!((group(outcome()), ended(outcome())), (expect, after), "{code:?}");
        };
        check(None, Group::Can, RowState::Done);
        check(Some(Code::ApprovalNeeded), Group::Approval, RowState::Refused);
        check(Some(Code::NotAllowed), Group::Cannot, RowState::Refused);
        check(Some(Code::GoodsNotBack), Group::Cannot, RowState::Refused);
        check(Some(Code::OverHardLimit), Group::Cannot, RowState::Refused);
        check(Some(Code::StaleVersion), Group::Cannot, RowState::Stale);
    }

    #[test]
    fn only_what_may_pass_later_is_tried_again() {
        let check = |state: RowState, code: Option<Code>, expect: bool| assert_eq!(retryable(state, code), expect, "{state} {code:?}");
        check(RowState::Done, None, false);
        check(RowState::Ready, None, false);
        check(RowState::Stale, Some(Code::StaleVersion), false);
        check(RowState::Waiting, None, true);
        check(RowState::Refused, Some(Code::Busy), true);
        check(RowState::Refused, Some(Code::NotAllowed), true);
        check(RowState::Refused, Some(Code::ApprovalExpired), true);
        check(RowState::Refused, Some(Code::ApprovalDecided), false);
        check(RowState::Refused, Some(Code::OverRefund), false);
        check(RowState::Refused, Some(Code::CaseClosed), false);
        check(RowState::Refused, None, false);
    }

    #[test]
    fn a_large_sum_is_typed_in() {
        let check = |total: i64, given: Option<i64>, expect: bool| {
            assert_eq!(confirmed(total, 500_000, given).is_ok(), expect, "{total} {given:?}");
        };
        check(500_000, None, true);
        check(500_001, None, false);
        check(500_001, Some(500_000), false);
        check(500_001, Some(500_001), true);
        check(0, Some(7), true);
    }
}
