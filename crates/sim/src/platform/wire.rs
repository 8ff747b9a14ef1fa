//! What travels to and from the platform: plain JSON shapes. Owns the words of the wire, decides nothing.
//!
//! All amounts are minor units (fen) of the order's one currency; all times RFC 3339.

use serde::{Deserialize, Serialize};

/// How a call can be told apart from its own repetition.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// A repeat with the same key and content gets the first answer; with other content it is rejected.
    Keyed,
    /// A repeat is a second act; but what became of a merchant reference can be asked.
    Queryable,
    /// A repeat is a second act, and nothing can be asked.
    #[default]
    Blind,
}

/// An order as the platform knows it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OrderIn {
    /// The platform's number of the order.
    pub order_no: String,
    /// Code of the shop; stands in callback addresses for `{shop}`.
    #[serde(default)]
    pub shop: String,
    /// What was captured, one row per payment.
    pub payments: Vec<PaymentIn>,
    /// The goods; kept for the record, never computed with.
    #[serde(default)]
    pub lines: Vec<serde_json::Value>,
    /// Whether the parcel is out already: a later freeze is answered `already_out`.
    #[serde(default)]
    pub shipped: bool,
    /// Whether an intercept will fail.
    #[serde(default)]
    pub intercept_fails: bool,
}

/// One payment of an order.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PaymentIn {
    /// The platform's number of the payment.
    pub payment_no: String,
    /// What was captured; the upper limit of all its refunds.
    pub captured_minor: i64,
}

/// What may change about an order from outside; absent fields stay.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct OrderChange {
    /// The parcel left (`true`) or came back (`false`); a frozen order does not leave.
    pub shipped: Option<bool>,
    /// Whether an intercept will fail.
    pub intercept_fails: Option<bool>,
}

/// A refund the merchant asks for.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct RefundIn {
    /// Honoured by the keyed call only.
    #[serde(default)]
    pub idempotency_key: Option<String>,
    /// The order to refund.
    pub order_no: String,
    /// The payment to refund; the order's first when absent.
    #[serde(default)]
    pub payment_no: Option<String>,
    /// The merchant's own name of the act.
    pub merchant_ref: String,
    /// How much, positive.
    pub amount_minor: i64,
}

/// Any other service call; which one is said by the path.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CallIn {
    /// `keyed` when absent and a key is given, else `blind`.
    #[serde(default)]
    pub class: Option<Class>,
    /// Honoured in class `keyed`.
    #[serde(default)]
    pub idempotency_key: Option<String>,
    /// The order concerned.
    pub order_no: String,
    /// The merchant's own name of the act.
    pub merchant_ref: String,
    /// For calls that cost something.
    #[serde(default)]
    pub amount_minor: Option<i64>,
    /// For remarks and messages.
    #[serde(default)]
    pub text: Option<String>,
    /// Anything else; recorded as given.
    #[serde(default)]
    pub data: serde_json::Value,
}

/// How an act ended, as far as the platform says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Done.
    Succeeded,
    /// Not done, and it will not be.
    Rejected,
    /// Taken; the result comes by callback or can be asked for.
    Accepted,
}

/// The platform's answer to a refund or another call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// How it ended.
    pub result: Outcome,
    /// The platform's number of the act; absent when rejected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refund_id: Option<String>,
    /// Why it was rejected (`balance_too_low`, `over_refund`, …), or what was found (`stopped`, `already_out`, …).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<&'static str>,
}

impl Answer {
    /// Done, under this number.
    pub fn done(id: String) -> Self {
        Self { result: Outcome::Succeeded, refund_id: Some(id), code: None }
    }

    /// Not done.
    pub fn rejected(code: &'static str) -> Self {
        Self { result: Outcome::Rejected, refund_id: None, code: Some(code) }
    }
}

/// Something the platform, the buyer or the carrier does by itself.
#[derive(Clone, Debug, Deserialize)]
pub struct ActIn {
    /// `auto_refund` and `ruling` move money when an amount is given; the others only announce.
    pub kind: String,
    /// The order concerned.
    pub order_no: String,
    /// The payment refunded; the order's first when absent.
    #[serde(default)]
    pub payment_no: Option<String>,
    /// How much the platform refunds.
    #[serde(default)]
    pub amount_minor: Option<i64>,
    /// Anything else; passed on as given.
    #[serde(default)]
    pub data: serde_json::Value,
    /// How often the callback is sent, once when absent.
    #[serde(default)]
    pub times: Option<u32>,
    /// How long the callback waits, in milliseconds.
    #[serde(default)]
    pub late_ms: Option<u64>,
}
