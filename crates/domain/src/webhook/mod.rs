//! Webhooks (事件推送): which events of a case a shop's other systems can be told of, and the states of telling. Owns the published names.
//!
//! What stands here is a promise to receivers: a kind is added, never renamed. Events that are not here stay inside the desk.

pub mod address;
pub mod retry;

use crate::names::names;
use crate::time::Span;

names! {
    /// Whether a subscription is told anything.
    State {
        Active, "active", "推送中";
        Paused, "paused", "已暂停";
    }
}

names! {
    /// Why a subscription is paused.
    Pause {
        ByPerson, "by_person", "手动暂停";
        Failing, "failing", "连续失败";
        Gone, "gone", "对方已停用";
    }
}

names! {
    /// How far one delivery is.
    Delivery {
        Waiting, "waiting", "待送达";
        Delivered, "delivered", "已送达";
        Failed, "failed", "失败";
    }
}

/// Subscriptions of one shop.
pub const MOST: i64 = 20;
/// A subscription that fails for so long without one success is paused.
pub const PATIENCE: Span = Span::hours(72);
/// The secret before the present one signs too for so long after a rotation.
pub const OVERLAP: Span = Span::hours(24);
/// Failed deliveries are kept for so long, to be replayed.
pub const KEPT: Span = Span::days(30);
/// Delivered ones are kept for so long.
pub const KEPT_DELIVERED: Span = Span::days(7);

/// The events that can be subscribed to: the name inside the desk, which is the published one too.
pub const EVENTS: &[&str] = &[
    "case_opened",
    "classified",
    "assigned",
    "stage_changed",
    "contact_in",
    "contact_out",
    "request_opened",
    "request_agreed",
    "request_refused",
    "request_ended",
    "offer_sent",
    "offer_accepted",
    "offer_refused",
    "refund_asked",
    "refund_done",
    "refund_rejected",
    "payout_asked",
    "payout_done",
    "payout_rejected",
    "promise_made",
    "promise_kept",
    "promise_broken",
    "task_opened",
    "task_ended",
    "return_shipped",
    "return_signed",
    "return_scanned",
    "goods_arrived",
    "case_closed",
    "case_reopened",
    "case_merged",
    "case_split",
];

/// The published event of this name.
pub fn event(name: &str) -> Option<&'static str> {
    EVENTS.iter().copied().find(|event| *event == name)
}

/// What a subscription wants to hear: names by spaces, everything when there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted(Vec<&'static str>);

impl Wanted {
    /// Of these names; the first one that is not published otherwise.
    pub fn of<'a>(names: impl IntoIterator<Item = &'a str>) -> Result<Self, String> {
        let mut wanted = Vec::new();
        for name in names {
            let event = event(name).ok_or_else(|| name.to_owned())?;
            if !wanted.contains(&event) {
                wanted.push(event);
            }
        }
        Ok(Self(wanted))
    }

    /// As it is stored; names this program does not know are left out.
    pub fn parse(text: &str) -> Self {
        Self(text.split_whitespace().filter_map(event).collect())
    }

    /// To be stored.
    pub fn text(&self) -> String {
        self.0.join(" ")
    }

    /// The names; none means every one.
    pub fn names(&self) -> &[&'static str] {
        &self.0
    }

    /// Whether this event is told.
    pub fn has(&self, kind: &str) -> bool {
        event(kind).is_some_and(|event| self.0.is_empty() || self.0.contains(&event))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told() {
        let check = |wanted: &str, kind: &str, expect: bool| assert_eq!(Wanted::parse(wanted).has(kind), expect, "{wanted}: {kind}");
        check("", "refund_done", true);
        check("", "buyer_revealed", false);
        check("refund_done case_closed", "case_closed", true);
        check("refund_done case_closed", "case_opened", false);
        check("buyer_revealed", "buyer_revealed", false);
    }

    #[test]
    fn names_are_checked_and_kept_once() {
        assert_eq!(Wanted::of(["refund_done", "refund_done"]).map(|it| it.text()), Ok("refund_done".to_owned()));
        assert_eq!(Wanted::of(["refund_done", "note_added"]), Err("note_added".to_owned()));
    }
}
