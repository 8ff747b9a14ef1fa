//! What a refund is made of (退款明细): paid shares, freight, deductions, each with its rule and the rule's version.
//!
//! Owns the arithmetic and its explanation. The values come from the sale as it was imported (allocation is frozen, the last part of a
//! line takes the remainder); whether the account bears it is the ledger's answer, who may spend it authority's.

mod freight;
mod promotion;
mod refuse;

pub use promotion::Promotion;
pub use refuse::may_refuse;

use crate::ledger::{Account, Line, Part, Policy};
use crate::names::names;
use crate::refusal::{Code, Refusal};
use serde::{Deserialize, Serialize};

names! {
    /// What a component stands for.
    What {
        PaidShare, "paid_share", "实付分摊";
        PriceReduction, "price_reduction", "降价补退";
        AgreedDeduction, "agreed_deduction", "协商扣减";
        PromotionLost, "promotion_lost", "优惠不再满足";
        PromotionReturned, "promotion_returned", "优惠扣减退回";
        GradeProposal, "grade_proposal", "定级建议扣减";
        Freight, "freight", "运费";
    }
}

/// Version of the rules below; a component carries it, so that an old refund can be explained by the rules of its day.
pub const RULES: i64 = 1;

/// What is asked for on one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    /// The line.
    pub line_no: i64,
    /// Units made good; zero: the buyer keeps everything and gets part of the price back.
    pub quantity: i64,
    /// Minor units; absent: what the units are worth.
    pub amount_minor: Option<i64>,
}

/// One component. Proposals are shown and not counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Component {
    /// What it stands for.
    pub what: What,
    /// The line; absent: the order.
    pub line_no: Option<i64>,
    /// Units.
    pub quantity: i64,
    /// Minor units; negative where it takes off.
    pub amount_minor: i64,
    /// The rule.
    pub rule: String,
    /// Its version.
    pub rule_version: i64,
}

/// Everything the arithmetic needs.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The order's totals before the refund.
    pub account: &'a Account,
    /// The switches in force.
    pub policy: &'a Policy,
    /// The shop's side is responsible (shop, warehouse, supplier, carrier).
    pub shop_fault: bool,
    /// The order's promotion, where its terms are known.
    pub promotion: Option<&'a Promotion>,
    /// Grades of inspected units: line and percent off, as the shop's table has it.
    pub graded: &'a [(i64, i64)],
}

/// A refund worked out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    /// What the buyer gets, minor units.
    pub amount_minor: i64,
    /// Why exactly that; they sum to the amount, proposals aside.
    pub components: Vec<Component>,
    /// How it is booked.
    pub parts: Vec<Part>,
    /// What is taken off the worth of units and needs the buyer's yes, minor units, positive.
    pub deducted_minor: i64,
    /// What is taken off because a promotion no longer holds, minor units, positive.
    pub promotion_lost_minor: i64,
}

/// Works a refund out. `freight_minor` absent: the freight goes along where policy lets it and nothing of the order is left.
///
/// # Errors
/// `bad_input` for wishes that cannot be; `already_made_good`, `over_line`, `freight_not_refundable`, `freight_once`, `over_refund`.
pub fn quote(facts: &Facts<'_>, wishes: &[Wish], freight_minor: Option<i64>) -> Result<Quote, Refusal> {
    let mut quote = Quote { amount_minor: 0, components: Vec::new(), parts: Vec::new(), deducted_minor: 0, promotion_lost_minor: 0 };
    let left = facts.account.refundable_minor(facts.policy.payouts_reduce_refundable);
    if left == 0 && facts.account.paid_minor > 0 {
        // What has gone back entirely is told as such, whatever was wished for.
        let asked = wishes.iter().filter_map(|wish| wish.amount_minor).sum::<i64>();
        return Err(Refusal::new(Code::OverRefund).with("amount_minor", asked).with("left_minor", left));
    }
    let mut seen = std::collections::BTreeSet::new();
    for wish in wishes {
        if !seen.insert(wish.line_no) {
            return Err(bad("lines", "each line once"));
        }
        quote.add_line(facts, wish)?;
    }
    promotion::recompute(facts, wishes, &mut quote)?;
    freight::add(facts, wishes, freight_minor, &mut quote)?;
    quote.amount_minor = quote.parts.iter().map(|part| part.amount_minor).sum();
    if quote.amount_minor <= 0 {
        return Err(bad("amount_minor", "nothing is left to refund here"));
    }
    if quote.amount_minor > left {
        return Err(Refusal::new(Code::OverRefund).with("amount_minor", quote.amount_minor).with("left_minor", left));
    }
    Ok(quote)
}

impl Quote {
    fn add_line(&mut self, facts: &Facts<'_>, wish: &Wish) -> Result<(), Refusal> {
        let line = facts.account.line(wish.line_no)?;
        if wish.quantity < 0 || wish.amount_minor.is_some_and(|amount| amount < 0) {
            return Err(bad("lines", "quantities and amounts are not negative"));
        }
        if wish.quantity == 0 {
            return self.add_reduction(line, wish.amount_minor.filter(|amount| *amount > 0));
        }
        let left = line.quantity - line.refunded_units - line.in_flight_units - line.external_units;
        if wish.quantity > left {
            let no = Refusal::new(Code::AlreadyMadeGood).with("line_no", wish.line_no).with("quantity", wish.quantity);
            return Err(no.with("left", left.max(0)));
        }
        let worth = line.share(wish.quantity);
        let amount = wish.amount_minor.unwrap_or(worth);
        if amount > worth {
            return Err(crate::ledger::over_line(wish.line_no, amount, worth));
        }
        let rule = if wish.quantity == left { "refund.last_part_takes_remainder" } else { "refund.paid_share" };
        self.add(What::PaidShare, Some(wish.line_no), wish.quantity, worth, rule);
        if amount < worth {
            self.add(What::AgreedDeduction, Some(wish.line_no), 0, amount - worth, "refund.deduction_by_agreement");
            self.deducted_minor += worth - amount;
        } else {
            self.propose_grade(facts, wish.line_no, worth);
        }
        self.parts.push(Part { line_no: Some(wish.line_no), quantity: wish.quantity, amount_minor: amount });
        Ok(())
    }

    fn add_reduction(&mut self, line: &Line, amount: Option<i64>) -> Result<(), Refusal> {
        let amount = amount.ok_or_else(|| bad("lines", "without units the amount has to be named"))?;
        if amount > line.refundable_minor() {
            return Err(crate::ledger::over_line(line.line_no, amount, line.refundable_minor()));
        }
        self.add(What::PriceReduction, Some(line.line_no), 0, amount, "refund.price_reduction");
        self.parts.push(Part { line_no: Some(line.line_no), quantity: 0, amount_minor: amount });
        Ok(())
    }

    fn propose_grade(&mut self, facts: &Facts<'_>, line_no: i64, worth: i64) {
        let off = facts.graded.iter().find(|(line, _)| *line == line_no).map_or(0, |(_, percent)| worth * percent / 100);
        if off > 0 {
            self.add(What::GradeProposal, Some(line_no), 0, -off, "refund.grade_table");
        }
    }

    fn add(&mut self, what: What, line_no: Option<i64>, quantity: i64, amount_minor: i64, rule: &str) {
        self.components.push(Component { what, line_no, quantity, amount_minor, rule: rule.to_owned(), rule_version: RULES });
    }
}

fn bad(field: &'static str, problem: &'static str) -> Refusal {
    Refusal::new(Code::BadInput).with("field", field).with("problem", problem)
}

#[cfg(test)]
mod tests;
