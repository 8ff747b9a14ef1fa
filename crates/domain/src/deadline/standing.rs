//! What a deadline means: who set it, what happens at zero, and which of several comes next.

use super::Due;
use crate::names::names;
use crate::time::Micros;
use serde::{Deserialize, Serialize};

names! {
    /// What happens when the time is up.
    AtZero {
        AutoRefund, "auto_refund", "平台自动退款";
        AutoAgree, "auto_agree", "平台自动同意";
        AutoClose, "auto_close", "平台自动关闭";
        PlatformDecides, "platform_decides", "平台判定";
        PlatformPays, "platform_pays", "平台垫付并扣款";
        Escalate, "escalate", "升级给上一级";
        Notify, "notify", "提醒";
        Release, "release", "释放锁库";
        PromiseBreaks, "promise_breaks", "承诺失约";
    }
}

impl AtZero {
    /// Whether money or goods are lost by doing nothing until then.
    pub const fn costs(self) -> bool {
        matches!(self, Self::AutoRefund | Self::AutoAgree | Self::PlatformDecides | Self::PlatformPays | Self::PromiseBreaks)
    }
}

names! {
    /// Who set the time.
    SourceKind {
        Platform, "platform", "平台规则";
        Regulation, "regulation", "法规";
        Sla, "sla", "内部时效";
        Promise, "promise", "承诺";
        FollowUp, "follow_up", "跟进";
    }
}

/// Where a length comes from, for whoever doubts it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Who set it.
    pub kind: SourceKind,
    /// The rule's number or name; empty where there is none.
    #[serde(default)]
    pub rule: String,
    /// When the rule was read, `YYYY-MM-DD`; empty where it does not apply.
    #[serde(default)]
    pub read: String,
}

/// The next thing to happen among the clocks of a case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Nearest {
    /// Position of the earliest running clock in the input, and its due time.
    pub next: Option<(usize, Micros)>,
    /// Start of the oldest running clock whose length is not known.
    pub unknown_since: Option<Micros>,
}

/// Picks the earliest running clock and notes the oldest one of unknown length. Input: start and due of each clock.
pub fn nearest(clocks: impl IntoIterator<Item = (Micros, Due)>) -> Nearest {
    let mut found = Nearest::default();
    for (position, (started, due)) in clocks.into_iter().enumerate() {
        match due {
            Due::At(at) if found.next.is_none_or(|(_, best)| at < best) => found.next = Some((position, at)),
            Due::Unknown | Due::CalendarUnknown => {
                found.unknown_since = Some(found.unknown_since.map_or(started, |oldest| oldest.min(started)));
            }
            Due::At(_) | Due::Paused { .. } | Due::Ended => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Span;

    #[test]
    fn names_read_back() {
        for zero in AtZero::ALL {
            assert_eq!(AtZero::parse(zero.as_str()), Some(*zero));
            assert_eq!(serde_json::to_value(zero).expect("json"), zero.as_str());
        }
        for kind in SourceKind::ALL {
            assert_eq!(serde_json::to_value(kind).expect("json"), kind.as_str());
        }
    }

    #[test]
    fn the_earliest_running_clock_is_next() {
        let clocks = [
            (Micros(5), Due::Paused { left: Span(1) }),
            (Micros(9), Due::At(Micros(70))),
            (Micros(3), Due::Unknown),
            (Micros(2), Due::At(Micros(60))),
            (Micros(1), Due::Ended),
            (Micros(8), Due::CalendarUnknown),
        ];
        assert_eq!(nearest(clocks), Nearest { next: Some((3, Micros(60))), unknown_since: Some(Micros(3)) });
        assert_eq!(nearest([]), Nearest::default());
    }
}
