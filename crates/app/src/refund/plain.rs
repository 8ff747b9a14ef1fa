//! Whether a refund may be agreed to as it was asked for, by somebody who does not open the case. Owns the question, not the answer:
//! what the buyer has a right to stands in the playbook.

use crate::case::open::LineQuantity;
use crate::command::Change;
use crate::error::Result;
use crate::ledger::Book;
use crate::playbook::after;
use aftercare_domain::refund::Wish;
use aftercare_domain::refusal::{Code, Refusal};
use aftercare_store::{Row, values};
use serde_json::Value;

/// What the buyer asked for, where it is money without sending anything back, the playbook gives it by right, and nothing else is under
/// way: the lines they named or the whole order, and no more than the amount they named.
///
/// # Errors
/// `refund_not_asked`, `offer_pending`, `refund_not_plain` with the lines that stand in the way.
pub(super) fn asked(change: &mut Change<'_, '_>) -> Result<Vec<Wish>> {
    change.must_be_open()?;
    let at = values![change.case.shop, change.case.id];
    if change.case.unknown_money {
        return Err(Refusal::new(Code::RefundNotPlain).with("lines", "本单有一笔钱的结果还未知").into());
    }
    let live =
        "SELECT kind, lines, amount_minor FROM request WHERE shop_id = $1 AND case_id = $2 AND ended_at IS NULL ORDER BY id DESC LIMIT 1";
    let read = |row: &Row| Ok((row.get::<String>(0)?, row.get::<Value>(1)?, row.get::<Option<i64>>(2)?));
    let request = change.tx.query_opt(live, &at, read)?.filter(|(kind, ..)| kind == "refund_only");
    let (_, lines, amount_minor) = request.ok_or(Code::RefundNotAsked)?;
    let lines: Vec<LineQuantity> = serde_json::from_value(lines).unwrap_or_default();
    let offers = "SELECT 1 FROM offer WHERE shop_id = $1 AND case_id = $2 AND state NOT IN ('refused', 'expired') LIMIT 1";
    if change.tx.query_opt(offers, &at, |_| Ok(()))?.is_some() {
        return Err(Code::OfferPending.into());
    }
    let lines = match after::look(change)? {
        None => vec!["本单没有适用的处理规则".to_owned()],
        Some(look) => match look.book.asking(&look.facts).plain_refund() {
            Ok(_) => return wishes(change, lines, amount_minor),
            Err(lines) if lines.is_empty() => vec!["本场景没有直接退款这一档".to_owned()],
            Err(lines) => lines.into_iter().map(|line| line.zh).collect(),
        },
    };
    Err(Refusal::new(Code::RefundNotPlain).with("lines", lines.join("；")).into())
}

/// The wishes of these lines; none named: every unit of the order that nobody has made good.
fn wishes(change: &mut Change<'_, '_>, lines: Vec<LineQuantity>, amount_minor: Option<i64>) -> Result<Vec<Wish>> {
    if !lines.is_empty() && amount_minor.is_none() {
        // What the request holds and was not refunded yet.
        return Ok(Vec::new());
    }
    let lines = if lines.is_empty() {
        let left = |line: &aftercare_domain::ledger::Line| (line.line_no, line.quantity - line.made_good);
        let left = Book::of(change)?.account.lines.iter().map(left).filter(|(_, quantity)| *quantity > 0).collect::<Vec<_>>();
        left.into_iter().map(|(line_no, quantity)| LineQuantity { line_no, quantity }).collect()
    } else {
        lines
    };
    if lines.is_empty() {
        return Err(Refusal::new(Code::RefundNotPlain).with("lines", "订单已没有可退的商品").into());
    }
    super::offered(change, &lines, amount_minor.unwrap_or(0), false)
}
