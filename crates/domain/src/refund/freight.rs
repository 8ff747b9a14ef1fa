//! Outbound freight in a refund: before shipping it goes back, afterwards by policy and fault. Owns which rule allows it.

use super::{Facts, Quote, What, Wish};
use crate::ledger::Part;
use crate::ledger::policy::FreightAfterShipping;
use crate::refusal::{Code, Refusal};

/// Adds the freight asked for, or the one that goes along by itself.
pub(super) fn add(facts: &Facts<'_>, wishes: &[Wish], asked: Option<i64>, quote: &mut Quote) -> Result<(), Refusal> {
    let rule = rule(facts);
    let left = facts.account.freight_left_minor();
    let amount = match asked {
        Some(amount) if amount < 0 => return Err(super::bad("freight_minor", "not negative")),
        Some(amount) => amount,
        None if rule.is_some() && leaves_nothing(facts, wishes) => left,
        None => 0,
    };
    if amount == 0 {
        return Ok(());
    }
    let rule = rule.ok_or_else(|| Refusal::new(Code::FreightNotRefundable).with("rule", facts.policy.freight_after_shipping))?;
    if amount > left {
        return Err(Refusal::new(Code::FreightOnce).with("amount_minor", amount).with("left_minor", left));
    }
    quote.add(What::Freight, None, 0, amount, rule);
    quote.parts.push(Part { line_no: None, quantity: 0, amount_minor: amount });
    Ok(())
}

/// The rule by which freight may go back now.
fn rule(facts: &Facts<'_>) -> Option<&'static str> {
    let shipped = facts.account.lines.iter().any(|line| line.shipped > 0);
    match facts.policy.freight_after_shipping {
        _ if !shipped => Some("freight.before_shipping"),
        FreightAfterShipping::Always => Some("freight.always"),
        FreightAfterShipping::ShopFault if facts.shop_fault => Some("freight.shop_fault"),
        FreightAfterShipping::ShopFault | FreightAfterShipping::Never => None,
    }
}

fn leaves_nothing(facts: &Facts<'_>, wishes: &[Wish]) -> bool {
    facts.account.lines.iter().all(|line| {
        let now: i64 = wishes.iter().filter(|wish| wish.line_no == line.line_no).map(|wish| wish.quantity).sum();
        line.refunded_units + line.in_flight_units + line.external_units + now >= line.quantity
    })
}
