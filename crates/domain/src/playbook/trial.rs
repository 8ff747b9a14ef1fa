//! A playbook tried on a past case (回测): what it would have offered first, or done by itself, beside what happened.
//!
//! Owns the comparison and the sums. Evaluates with the same answers as the case page; changes nothing.

use super::answer::Asking;
use super::table::{Act, Remedy};
use crate::names::names;
use serde::Serialize;

names! {
    /// What a solution comes to for the buyer; finer differences are not told apart.
    Gives {
        Refund, "refund", "退款";
        Return, "return_refund", "退货退款";
        Goods, "goods", "换货补寄";
        Payout, "payout", "补偿";
        Work, "work", "维修上门";
        Nothing, "nothing", "解释或处理";
    }
}

impl Gives {
    /// What a remedy comes to.
    pub const fn of(remedy: Remedy) -> Self {
        match remedy {
            Remedy::Refund => Self::Refund,
            Remedy::ReturnRefund => Self::Return,
            Remedy::Exchange | Remedy::Reship => Self::Goods,
            Remedy::Compensation | Remedy::FreightReimbursement => Self::Payout,
            Remedy::Repair | Remedy::OnsiteVisit => Self::Work,
            Remedy::Intercept | Remedy::OrderChange | Remedy::Explanation => Self::Nothing,
        }
    }

    /// Whether the buyer gets back what was paid.
    const fn pays_back(self) -> bool {
        matches!(self, Self::Refund | Self::Return)
    }
}

/// What a playbook would have answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Would {
    /// The rung; empty where a rule would have acted.
    pub rung: String,
    /// What it gives.
    pub gives: Gives,
    /// Minor units; for money back without an amount of its own what is at stake.
    pub amount_minor: i64,
    /// A rule would have done it without a person.
    pub by_itself: bool,
}

/// What was done, as the case's rows tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Happened {
    /// What the buyer got.
    pub gives: Gives,
    /// Minor units that went to the buyer.
    pub amount_minor: i64,
}

names! {
    /// How both compare.
    Verdict {
        Same, "same", "一致";
        Amount, "amount", "金额不同";
        Other, "other", "做法不同";
        Silent, "silent", "没有方案";
    }
}

/// The first thing the playbook would do: a rule that moves money, else the first rung that is possible.
pub fn would(asking: Asking<'_>, at_stake_minor: i64, on: impl Fn(&super::table::Rule) -> bool) -> Option<Would> {
    let back = |gives: Gives, amount: Option<i64>| amount.unwrap_or(if gives.pays_back() { at_stake_minor } else { 0 });
    let by_rule = asking.rules(on).into_iter().find_map(|fires| {
        let gives = match fires.rule.act {
            Act::Refund => Gives::Refund,
            Act::AgreeReturn => Gives::Return,
            Act::Payout => Gives::Payout,
            _ => return None,
        };
        Some(Would { rung: String::new(), gives, amount_minor: back(gives, fires.amount_minor), by_itself: true })
    });
    by_rule.or_else(|| {
        let rung = asking.ladder(&[]).into_iter().find(|rung| rung.next)?;
        let gives = Gives::of(rung.remedy);
        Some(Would { rung: rung.rung.to_owned(), gives, amount_minor: back(gives, rung.amount_minor), by_itself: false })
    })
}

/// How an answer compares with what happened.
pub fn compare(would: Option<&Would>, happened: Happened) -> Verdict {
    match would {
        None if happened.gives == Gives::Nothing => Verdict::Same,
        None => Verdict::Silent,
        Some(would) if would.gives != happened.gives => Verdict::Other,
        Some(would) if would.amount_minor != happened.amount_minor => Verdict::Amount,
        Some(_) => Verdict::Same,
    }
}

/// Sums over many cases; those of parts add up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Sums {
    /// Cases compared.
    pub cases: i64,
    /// The same, with the same amount.
    pub same: i64,
    /// The same with another amount.
    pub amount: i64,
    /// Something else.
    pub other: i64,
    /// The playbook had nothing to offer.
    pub silent: i64,
    /// Without a person.
    pub by_itself: i64,
    /// What the playbook would have given, minor units.
    pub would_minor: i64,
    /// What was given, minor units.
    pub given_minor: i64,
}

impl Sums {
    /// Adds one case.
    pub fn add(&mut self, would: Option<&Would>, happened: Happened, verdict: Verdict) {
        self.cases += 1;
        match verdict {
            Verdict::Same => self.same += 1,
            Verdict::Amount => self.amount += 1,
            Verdict::Other => self.other += 1,
            Verdict::Silent => self.silent += 1,
        }
        self.by_itself += i64::from(would.is_some_and(|would| would.by_itself));
        self.would_minor += would.map_or(0, |would| would.amount_minor);
        self.given_minor += happened.amount_minor;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offer(gives: Gives, amount_minor: i64) -> Would {
        Would { rung: "r".into(), gives, amount_minor, by_itself: false }
    }

    #[test]
    fn answers_and_what_happened_are_compared() {
        let check = |would: Option<Would>, gives: Gives, amount_minor: i64, expect: Verdict| {
            assert_eq!(compare(would.as_ref(), Happened { gives, amount_minor }), expect, "{would:?}");
        };
        check(None, Gives::Nothing, 0, Verdict::Same);
        check(None, Gives::Refund, 5, Verdict::Silent);
        check(Some(offer(Gives::Refund, 5)), Gives::Refund, 5, Verdict::Same);
        check(Some(offer(Gives::Refund, 5)), Gives::Refund, 6, Verdict::Amount);
        check(Some(offer(Gives::Payout, 5)), Gives::Refund, 5, Verdict::Other);
        check(Some(offer(Gives::Refund, 5)), Gives::Nothing, 0, Verdict::Other);
    }

    #[test]
    fn sums_add_up() {
        let mut sums = Sums::default();
        let happened = Happened { gives: Gives::Refund, amount_minor: 700 };
        for would in [Some(offer(Gives::Refund, 700)), Some(Would { by_itself: true, ..offer(Gives::Payout, 100) }), None] {
            let verdict = compare(would.as_ref(), happened);
            sums.add(would.as_ref(), happened, verdict);
        }
        let expect = Sums { cases: 3, same: 1, amount: 0, other: 1, silent: 1, by_itself: 1, would_minor: 800, given_minor: 2_100 };
        assert_eq!(sums, expect);
    }

    #[test]
    fn every_remedy_gives_something_that_is_named() {
        for remedy in Remedy::ALL {
            assert!(Gives::ALL.contains(&Gives::of(*remedy)));
        }
    }
}
