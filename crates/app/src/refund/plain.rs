//! Whether a refund may be agreed to as it was asked for, by somebody who does not open the case. Owns the question, not the answer:
//! what the buyer has a right to stands in the playbook.

use crate::command::Change;
use crate::error::Result;
use crate::playbook::after;
use aftercare_domain::refusal::{Code, Refusal};
use aftercare_store::values;

/// Passes where the buyer asks for money without sending anything back, the playbook gives it by right, and nothing else is under way.
///
/// # Errors
/// `refund_not_asked`, `offer_pending`, `refund_not_plain` with the lines that stand in the way.
pub(super) fn check(change: &mut Change<'_, '_>) -> Result<()> {
    change.must_be_open()?;
    let at = values![change.case.shop, change.case.id];
    if change.case.unknown_money {
        return Err(Refusal::new(Code::RefundNotPlain).with("lines", "本单有一笔钱的结果还未知").into());
    }
    let live = "SELECT kind FROM request WHERE shop_id = $1 AND case_id = $2 AND ended_at IS NULL ORDER BY id DESC LIMIT 20";
    let kinds = change.tx.query(live, &at, |row| row.get::<String>(0))?;
    if kinds.first().is_none_or(|kind| kind != "refund_only") {
        return Err(Code::RefundNotAsked.into());
    }
    let offers = "SELECT 1 FROM offer WHERE shop_id = $1 AND case_id = $2 AND state NOT IN ('refused', 'expired') LIMIT 1";
    if change.tx.query_opt(offers, &at, |_| Ok(()))?.is_some() {
        return Err(Code::OfferPending.into());
    }
    let lines = match after::look(change)? {
        None => vec!["本单没有适用的处理规则".to_owned()],
        Some(look) => match look.book.asking(&look.facts).plain_refund() {
            Ok(_) => return Ok(()),
            Err(lines) if lines.is_empty() => vec!["本场景没有直接退款这一档".to_owned()],
            Err(lines) => lines.into_iter().map(|line| line.zh).collect(),
        },
    };
    Err(Refusal::new(Code::RefundNotPlain).with("lines", lines.join("；")).into())
}
