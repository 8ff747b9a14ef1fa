//! What becomes of a promotion when part of an order goes back. Owns the recomputation; by default the allocation stays as it was sold.
//!
//! Recomputed: once what is left no longer reaches the threshold, the discount that lies on it is taken off this refund. It is not
//! lost to the buyer for ever: when the rest goes back too, so does it, and all of it sums to what was paid.

use super::{Facts, Quote, What, Wish};
use crate::ledger::policy::Promotion as Switch;
use crate::ledger::{Line, Part};
use crate::refusal::Refusal;
use serde::{Deserialize, Serialize};

/// A discount that depends on how much is bought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promotion {
    /// The goods' list value that has to be reached, minor units.
    pub threshold_minor: i64,
    /// List value of each line by its number, minor units.
    pub list_minor: Vec<(i64, i64)>,
    /// What earlier refunds of the order were short of because of it, minor units.
    pub lost_before_minor: i64,
}

/// Takes the discount of what is left off the refund, where the shop's policy says so.
pub(super) fn recompute(facts: &Facts<'_>, wishes: &[Wish], quote: &mut Quote) -> Result<(), Refusal> {
    let Some(promotion) = facts.promotion.filter(|_| facts.policy.promotion_on_partial_return == Switch::Recompute) else {
        return Ok(());
    };
    let (mut before, mut after, mut discount) = (0, 0, 0);
    for (line_no, list) in &promotion.list_minor {
        let line = facts.account.line(*line_no)?;
        let now: i64 = wishes.iter().filter(|wish| wish.line_no == *line_no).map(|wish| wish.quantity).sum();
        let (here, stays) = (left(line), (left(line) - now).max(0));
        before += list * here / line.quantity;
        after += list * stays / line.quantity;
        discount += (list - line.paid_minor).max(0) * stays / line.quantity;
    }
    if after == 0 {
        return give_back(facts, promotion.lost_before_minor, quote);
    }
    if after >= promotion.threshold_minor || before < promotion.threshold_minor {
        return Ok(());
    }
    let off = discount.min(quote.parts.iter().map(|part| part.amount_minor).sum());
    let mut open = off;
    for part in quote.parts.iter_mut().rev() {
        let piece = open.min(part.amount_minor);
        part.amount_minor -= piece;
        open -= piece;
    }
    if off > 0 {
        quote.promotion_lost_minor = off;
        quote.add(What::PromotionLost, None, 0, -off, "promotion.recomputed");
    }
    Ok(())
}

/// Nothing of the order is left: what was taken off before goes back to the lines it was taken from.
fn give_back(facts: &Facts<'_>, mut open: i64, quote: &mut Quote) -> Result<(), Refusal> {
    for line in &facts.account.lines {
        let now: i64 = quote.parts.iter().filter(|part| part.line_no == Some(line.line_no)).map(|part| part.amount_minor).sum();
        let amount_minor = open.min(line.refundable_minor() - now);
        if amount_minor > 0 {
            quote.add(What::PromotionReturned, Some(line.line_no), 0, amount_minor, "promotion.returned_with_the_rest");
            quote.parts.push(Part { line_no: Some(line.line_no), quantity: 0, amount_minor });
            open -= amount_minor;
        }
    }
    Ok(())
}

fn left(line: &Line) -> i64 {
    (line.quantity - line.refunded_units - line.in_flight_units - line.external_units).max(0)
}
