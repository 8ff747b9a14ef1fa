//! Several identities of one buyer: what speaks for two being one person, and when that is enough to ask somebody. Never decides it.

use crate::names::names;
use crate::time::{Micros, Span};
use std::collections::BTreeSet;

names! {
    /// What two identities share.
    Signal {
        Account, "account", "同一个平台账号";
        Phone, "phone", "同一个手机号";
        PhoneTail, "phone_tail", "手机尾号相同";
        Name, "name", "姓名相同";
        Order, "order", "出现在同一个订单";
    }
}

names! {
    /// A mark on a buyer, for people to read.
    Mark {
        Risk, "risk", "风险提示";
        Block, "block", "黑名单";
    }
}

/// Whether this is enough to propose that they are one person. A tail of four digits is shared by many; with the name it says something.
pub fn proposes(signals: &BTreeSet<Signal>) -> bool {
    let has = |signal| signals.contains(&signal);
    has(Signal::Account) || has(Signal::Phone) || has(Signal::Order) || (has(Signal::PhoneTail) && has(Signal::Name))
}

/// Days a mark may stand before somebody has to look at it again.
pub const LONGEST_DAYS: i64 = 365;

/// When a mark ends, for so many days; nothing where it would stand too long or not at all.
pub fn ends(now: Micros, days: i64) -> Option<Micros> {
    (1..=LONGEST_DAYS).contains(&days).then(|| now + Span::days(days))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_enough_to_ask() {
        use Signal::{Account, Name, Order, Phone, PhoneTail};
        let check = |signals: &[Signal], expect: bool| assert_eq!(proposes(&signals.iter().copied().collect()), expect, "{signals:?}");
        check(&[], false);
        check(&[Name], false);
        check(&[PhoneTail], false);
        check(&[PhoneTail, Name], true);
        check(&[Phone], true);
        check(&[Account], true);
        check(&[Order], true);
    }

    #[test]
    fn a_mark_ends() {
        assert_eq!(ends(Micros(0), 90), Some(Micros(0) + Span::days(90)));
        assert_eq!(ends(Micros(0), 0), None);
        assert_eq!(ends(Micros(0), 366), None);
    }
}
