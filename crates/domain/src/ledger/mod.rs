//! The money and goods of one order (钱货账): append-only entries, and totals that are a fold over them.
//!
//! Owns the rules of what may move (domain §3, rules 1, 2, 6, 8, 9). Every total changes in one place, [`Account::apply`], which
//! refuses an entry that would break a rule and then leaves the account as it was. Knows no platform, no approval, no reason.
//!
//! Two splits of the same money are kept apart and each sums to the whole once: over lines and freight, and over payments.
//! Payouts are a second total. Units are *held* by whoever makes them good: a request, or a refund that was decided without one.

mod account;
mod apply;
mod money;
pub mod policy;
mod units;

#[cfg(test)]
mod tests;

pub use account::{Account, Hold, Line, Payment};
pub use money::{Leg, Part, PlatformShare};
pub use policy::Policy;
pub use units::Wants;

pub(crate) use apply::over_line;

use crate::id::Id;
use crate::names::names;
use serde::{Deserialize, Serialize};

names! {
    /// What an entry records.
    Kind {
        Taken, "taken", "占用件数";
        GivenBack, "given_back", "释放件数";
        Received, "received", "收到退货";
        SentBack, "sent_back", "退还买家";
        Replaced, "replaced", "换补到位";
        RefundHeld, "refund_held", "退款在途";
        RefundDone, "refund_done", "退款成功";
        RefundFreed, "refund_freed", "退款未成";
        PlatformRefund, "platform_refund", "平台自行退款";
        ExternalRefund, "external_refund", "外部退款";
        PayoutHeld, "payout_held", "赔付在途";
        PayoutDone, "payout_done", "赔付成功";
        PayoutFreed, "payout_freed", "赔付未成";
    }
}

/// One entry. Amounts are minor units of the order's currency, positive; so are quantities.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// What happened.
    pub kind: Kind,
    /// In whose name units are held: a request, or the refund decided without one.
    pub holder: Option<Id>,
    /// The line; on an entry of refunded money without a line it is the freight.
    pub line_no: Option<i64>,
    /// Units.
    pub quantity: i64,
    /// Money.
    pub amount_minor: i64,
    /// The payment the money goes back to.
    pub payment_no: Option<String>,
    /// Of `taken`: the goods have to come back.
    pub back: bool,
}

impl Entry {
    /// Units of a line in somebody's name.
    pub(crate) fn units(kind: Kind, holder: Option<Id>, line_no: i64, quantity: i64) -> Self {
        Self { kind, holder, line_no: Some(line_no), quantity, amount_minor: 0, payment_no: None, back: false }
    }

    /// Money without goods.
    pub(crate) fn money(kind: Kind, amount_minor: i64) -> Self {
        Self { kind, holder: None, line_no: None, quantity: 0, amount_minor, payment_no: None, back: false }
    }
}
