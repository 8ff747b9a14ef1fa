//! Words to the buyer that leave at a later time (定时发送). Owns what becomes of them when that time has come; sends nothing.

use super::Channel;
use crate::names::names;
use crate::time::{Micros, Span};

/// How far ahead words can be written.
pub const AHEAD: Span = Span::days(30);

names! {
    /// Where words stand that leave later.
    Later {
        Waiting, "waiting", "待发送";
        Held, "held", "没有发出";
        Sent, "sent", "已发出";
        Ready, "ready", "待粘贴";
        Cancelled, "cancelled", "已取消";
    }
}

names! {
    /// Why words were held back although the gate had nothing against them.
    Hindrance {
        CaseClosed, "case_closed", "工单已归档";
        CaseMerged, "case_merged", "工单已并入另一单";
        BuyerWrote, "buyer_wrote", "写好以后买家来过消息";
        BuyerErased, "buyer_erased", "买家资料已删除";
        TextUnfit, "text_unfit", "话术已改动或不再适用";
    }
}

impl Hindrance {
    /// The English text shown to users.
    pub const fn en(self) -> &'static str {
        match self {
            Self::CaseClosed => "the case is closed",
            Self::CaseMerged => "the case was merged into another one",
            Self::BuyerWrote => "the buyer wrote after this was written",
            Self::BuyerErased => "the buyer’s data were erased",
            Self::TextUnfit => "the script was changed or suits no longer",
        }
    }
}

/// The case at the time when words are to leave.
#[derive(Clone, Copy, Debug)]
pub struct Due {
    /// Whether it is open.
    pub open: bool,
    /// When the words were written or last changed.
    pub written_at: Micros,
    /// When the buyer spoke last.
    pub buyer_spoke_at: Option<Micros>,
    /// Whether they leave only if the buyer has not spoken since.
    pub unless_answered: bool,
}

impl Due {
    /// What stands in the way before the gate is asked again.
    pub fn hindrance(self) -> Option<Hindrance> {
        if !self.open {
            return Some(Hindrance::CaseClosed);
        }
        let answered = self.unless_answered && self.buyer_spoke_at.is_some_and(|at| at > self.written_at);
        answered.then_some(Hindrance::BuyerWrote)
    }
}

/// Whether the time is one at which words can be set to leave.
pub fn is_ahead(now: Micros, send_at: Micros) -> bool {
    send_at >= now && send_at <= now + AHEAD
}

/// Whether the desk itself brings words to the buyer by this channel; elsewhere a person pastes them.
pub const fn by_itself(channel: Channel) -> bool {
    matches!(channel, Channel::Portal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_the_way() {
        let at = |hours: i64| Micros(0) + Span::hours(hours);
        let check = |open: bool, spoke: Option<i64>, unless_answered: bool, expect: Option<Hindrance>| {
            let due = Due { open, written_at: at(10), buyer_spoke_at: spoke.map(at), unless_answered };
            assert_eq!(due.hindrance(), expect, "{due:?}");
        };
        check(true, None, true, None);
        check(true, Some(9), true, None);
        check(true, Some(11), true, Some(Hindrance::BuyerWrote));
        check(true, Some(11), false, None);
        check(false, None, true, Some(Hindrance::CaseClosed));
    }

    #[test]
    fn how_far_ahead() {
        let now = Micros(0);
        let check = |hours: i64, expect: bool| assert_eq!(is_ahead(now, now + Span::hours(hours)), expect, "{hours}");
        check(-1, false);
        check(0, true);
        check(24 * 30, true);
        check(24 * 30 + 1, false);
    }

    #[test]
    fn only_the_own_page_needs_nobody() {
        let own: Vec<_> = Channel::ALL.iter().filter(|channel| by_itself(**channel)).collect();
        assert_eq!(own, [&Channel::Portal]);
    }
}
