//! The platform's own ledger: what it captured, refunded and did. Owns the limits the platform enforces on its side.
//!
//! Must not know of faults on the way to the caller, of HTTP, or of the desk.

use super::wire::{ActIn, Answer, CallIn, Class, OrderChange, OrderIn, Outcome, RefundIn};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};

/// One refund that really happened.
#[derive(Clone, Debug, Serialize)]
pub struct Refund {
    /// The platform's number.
    pub refund_id: String,
    /// The order.
    pub order_no: String,
    /// The payment the money came from.
    pub payment_no: String,
    /// The merchant's name of it; absent when the platform acted by itself.
    pub merchant_ref: Option<String>,
    /// Minor units, positive.
    pub amount_minor: i64,
    /// `merchant`, or the kind of act of the platform.
    pub origin: String,
    /// When, RFC 3339.
    pub at: String,
}

/// One service call that really happened, or was rejected.
#[derive(Clone, Debug, Serialize)]
pub struct Call {
    /// Which call.
    pub kind: String,
    /// The platform's number of it.
    pub call_id: String,
    /// The order.
    pub order_no: String,
    /// The merchant's name of it.
    pub merchant_ref: String,
    /// The key it came with.
    pub idempotency_key: Option<String>,
    /// Minor units, where it costs something.
    pub amount_minor: Option<i64>,
    /// Words, for remarks and messages.
    pub text: Option<String>,
    /// Anything else, as given.
    pub data: Value,
    /// What was answered.
    pub result: Outcome,
    /// What was found (`stopped`, `already_out`, …).
    pub code: Option<&'static str>,
    /// When, RFC 3339.
    pub at: String,
}

struct Order {
    given: OrderIn,
    shipped: bool,
    frozen: bool,
    flag: Option<String>,
    remarks: Vec<String>,
}

/// Everything the platform holds.
pub struct Books {
    run: String,
    last: u64,
    orders: BTreeMap<String, Order>,
    refunds: Vec<Refund>,
    of_order: HashMap<String, Vec<usize>>,
    rejected: Vec<Value>,
    calls: Vec<Call>,
    keys: HashMap<String, (String, Answer)>,
    by_ref: HashMap<String, Vec<Answer>>,
    requests: u64,
    callbacks: Vec<Value>,
}

impl Books {
    /// Empty books; `run` goes into every number given out.
    pub fn new(run: String) -> Self {
        Self {
            run,
            last: 0,
            orders: BTreeMap::new(),
            refunds: Vec::new(),
            of_order: HashMap::new(),
            rejected: Vec::new(),
            calls: Vec::new(),
            keys: HashMap::new(),
            by_ref: HashMap::new(),
            requests: 0,
            callbacks: Vec::new(),
        }
    }

    /// A number never given before.
    pub fn number(&mut self, prefix: &str) -> String {
        self.last += 1;
        format!("{prefix}{}{:06}", self.run, self.last)
    }

    /// Counts one request of the merchant, lost ones too.
    pub fn count_request(&mut self) {
        self.requests += 1;
    }

    /// Takes an order in; a second registration of the same number changes nothing and answers `false`.
    pub fn register(&mut self, given: OrderIn) -> bool {
        let no = given.order_no.clone();
        if self.orders.contains_key(&no) {
            return false;
        }
        let shipped = given.shipped;
        self.orders.insert(no, Order { given, shipped, frozen: false, flag: None, remarks: Vec::new() });
        true
    }

    /// Changes what happened to the parcel; `Err` carries the code.
    pub fn change(&mut self, order_no: &str, change: &OrderChange) -> Result<(), &'static str> {
        let order = self.orders.get_mut(order_no).ok_or("unknown_order")?;
        if change.shipped == Some(true) && order.frozen {
            return Err("frozen");
        }
        order.shipped = change.shipped.unwrap_or(order.shipped);
        order.given.intercept_fails = change.intercept_fails.unwrap_or(order.given.intercept_fails);
        Ok(())
    }

    /// The shop an order belongs to; empty when unknown.
    pub fn shop_of(&self, order_no: &str) -> String {
        self.orders.get(order_no).map(|order| order.given.shop.clone()).unwrap_or_default()
    }

    /// Carries a refund out, or says why not. `poor`: the shop's account is empty this time.
    pub fn refund(&mut self, class: Class, ask: &RefundIn, poor: bool, at: &str) -> Answer {
        let content = format!("{ask:?}");
        if let Some(first) = self.first_answer(class, "refund", ask.idempotency_key.as_deref(), &content) {
            return first;
        }
        let answer = match self.move_money(ask, poor, "merchant", at) {
            Ok(id) => Answer::done(id),
            Err(code) => {
                self.rejected.push(json!({ "order_no": ask.order_no, "merchant_ref": ask.merchant_ref,
                    "amount_minor": ask.amount_minor, "code": code, "at": at }));
                Answer::rejected(code)
            }
        };
        self.remember(class, "refund", ask.idempotency_key.as_deref(), &ask.merchant_ref, content, &answer);
        answer
    }

    fn move_money(&mut self, ask: &RefundIn, poor: bool, origin: &str, at: &str) -> Result<String, &'static str> {
        let order = self.orders.get(&ask.order_no).ok_or("unknown_order")?;
        let payment = match &ask.payment_no {
            Some(no) => order.given.payments.iter().find(|payment| payment.payment_no == *no),
            None => order.given.payments.first(),
        };
        let payment = payment.ok_or("unknown_payment")?;
        let (payment_no, captured) = (payment.payment_no.clone(), payment.captured_minor);
        let left = captured - self.refunded(&ask.order_no, Some(&payment_no));
        if ask.amount_minor <= 0 {
            return Err("bad_amount");
        }
        if left == 0 {
            return Err("already_refunded");
        }
        if ask.amount_minor > left {
            return Err("over_refund");
        }
        if poor {
            return Err("balance_too_low");
        }
        let refund_id = self.number("RF");
        self.of_order.entry(ask.order_no.clone()).or_default().push(self.refunds.len());
        self.refunds.push(Refund {
            refund_id: refund_id.clone(),
            order_no: ask.order_no.clone(),
            payment_no,
            merchant_ref: Some(ask.merchant_ref.clone()).filter(|name| !name.is_empty()),
            amount_minor: ask.amount_minor,
            origin: origin.to_owned(),
            at: at.to_owned(),
        });
        Ok(refund_id)
    }

    /// Does what the platform decides by itself; money moves for `auto_refund` and `ruling` with an amount.
    pub fn act(&mut self, act: &ActIn, at: &str) -> Result<Option<Refund>, &'static str> {
        if !self.orders.contains_key(&act.order_no) {
            return Err("unknown_order");
        }
        let Some(amount_minor) = act.amount_minor.filter(|_| matches!(act.kind.as_str(), "auto_refund" | "ruling")) else {
            return Ok(None);
        };
        let ask = RefundIn {
            idempotency_key: None,
            order_no: act.order_no.clone(),
            payment_no: act.payment_no.clone(),
            merchant_ref: String::new(),
            amount_minor,
        };
        self.move_money(&ask, false, &act.kind, at)?;
        Ok(self.refunds.last().cloned())
    }

    /// Carries a service call out and records it.
    pub fn call(&mut self, kind: &str, ask: &CallIn, poor: bool, at: &str) -> Answer {
        let class = ask.class.unwrap_or(if ask.idempotency_key.is_some() { Class::Keyed } else { Class::Blind });
        let content = format!("{kind} {ask:?}");
        if let Some(first) = self.first_answer(class, kind, ask.idempotency_key.as_deref(), &content) {
            return first;
        }
        let costs = matches!(kind, "small_payment" | "red_packet");
        let answer = match self.orders.get_mut(&ask.order_no) {
            None => Answer::rejected("unknown_order"),
            Some(_) if costs && ask.amount_minor.is_none_or(|amount| amount <= 0) => Answer::rejected("bad_amount"),
            Some(_) if costs && poor => Answer::rejected("balance_too_low"),
            Some(order) => {
                let code = order.apply(kind, ask);
                let result = if code == Some("failed") || code == Some("already_out") { Outcome::Rejected } else { Outcome::Succeeded };
                Answer { result, refund_id: Some(self.number("CL")), code }
            }
        };
        self.calls.push(Call {
            kind: kind.to_owned(),
            call_id: answer.refund_id.clone().unwrap_or_default(),
            order_no: ask.order_no.clone(),
            merchant_ref: ask.merchant_ref.clone(),
            idempotency_key: ask.idempotency_key.clone(),
            amount_minor: ask.amount_minor,
            text: ask.text.clone(),
            data: ask.data.clone(),
            result: answer.result,
            code: answer.code,
            at: at.to_owned(),
        });
        self.remember(class, kind, ask.idempotency_key.as_deref(), &ask.merchant_ref, content, &answer);
        answer
    }

    fn first_answer(&self, class: Class, kind: &str, key: Option<&str>, content: &str) -> Option<Answer> {
        let key = key.filter(|_| class == Class::Keyed)?;
        let (known, answer) = self.keys.get(&format!("{kind} {key}"))?;
        Some(if known == content { answer.clone() } else { Answer::rejected("key_reused") })
    }

    fn remember(&mut self, class: Class, kind: &str, key: Option<&str>, merchant_ref: &str, content: String, answer: &Answer) {
        if let Some(key) = key.filter(|_| class == Class::Keyed) {
            self.keys.insert(format!("{kind} {key}"), (content, answer.clone()));
        }
        if class == Class::Queryable {
            self.by_ref.entry(format!("{kind} {merchant_ref}")).or_default().push(answer.clone());
        }
    }

    /// What became of a merchant reference, every act under it; empty when nothing is known.
    pub fn known(&self, kind: &str, merchant_ref: &str) -> &[Answer] {
        self.by_ref.get(&format!("{kind} {merchant_ref}")).map(Vec::as_slice).unwrap_or_default()
    }

    /// Σ refunds of an order, or of one of its payments, in minor units.
    pub fn refunded(&self, order_no: &str, payment_no: Option<&str>) -> i64 {
        let of_payment = |refund: &&Refund| payment_no.is_none_or(|no| refund.payment_no == no);
        let rows = self.of_order.get(order_no).map(Vec::as_slice).unwrap_or_default();
        rows.iter().map(|row| &self.refunds[*row]).filter(of_payment).map(|refund| refund.amount_minor).sum()
    }

    /// Notes a callback that was tried: event, order, the other side's status (0 = no answer).
    pub fn note_callback(&mut self, event_id: &str, event: &str, order_no: &str, status: u16) {
        self.callbacks.push(json!({ "event_id": event_id, "event": event, "order_no": order_no, "status": status }));
    }

    /// The books as JSON, of one order or of all.
    pub fn shown(&self, only: Option<&str>) -> Value {
        let wanted = |no: &str| only.is_none_or(|only| only == no);
        let of = |value: &&Value| value["order_no"].as_str().is_some_and(wanted);
        let orders: serde_json::Map<String, Value> =
            self.orders.iter().filter(|(no, _)| wanted(no)).map(|(no, order)| (no.clone(), self.order_shown(no, order))).collect();
        json!({
            "orders": orders,
            "refunds": self.refunds.iter().filter(|refund| wanted(&refund.order_no)).collect::<Vec<_>>(),
            "rejected": self.rejected.iter().filter(of).collect::<Vec<_>>(),
            "calls": self.calls.iter().filter(|call| wanted(&call.order_no)).collect::<Vec<_>>(),
            "callbacks": self.callbacks.iter().filter(of).collect::<Vec<_>>(),
            "requests": self.requests,
        })
    }

    fn order_shown(&self, no: &str, order: &Order) -> Value {
        let payments: Vec<Value> = order
            .given
            .payments
            .iter()
            .map(|payment| {
                json!({ "payment_no": payment.payment_no, "captured_minor": payment.captured_minor,
                    "refunded_minor": self.refunded(no, Some(&payment.payment_no)) })
            })
            .collect();
        let paid_out = |call: &&Call| call.order_no == no && call.result == Outcome::Succeeded;
        json!({
            "shop": order.given.shop,
            "captured_minor": order.given.payments.iter().map(|payment| payment.captured_minor).sum::<i64>(),
            "refunded_minor": self.refunded(no, None),
            "payout_minor": self.calls.iter().filter(paid_out).filter(|call| matches!(call.kind.as_str(), "small_payment" | "red_packet"))
                .filter_map(|call| call.amount_minor).sum::<i64>(),
            "payments": payments,
            "shipped": order.shipped,
            "frozen": order.frozen,
            "flag": order.flag,
            "remarks": order.remarks,
        })
    }
}

impl Order {
    /// What a call changes about the order, and what the caller is told beside success.
    fn apply(&mut self, kind: &str, ask: &CallIn) -> Option<&'static str> {
        match kind {
            "freeze_shipment" if self.shipped => Some("already_out"),
            "freeze_shipment" => {
                self.frozen = true;
                Some("stopped")
            }
            "intercept" => Some(if self.given.intercept_fails { "failed" } else { "confirmed" }),
            "remark" => {
                self.remarks.extend(ask.text.clone());
                None
            }
            "flag" => {
                self.flag = ask.text.clone().or_else(|| ask.data["flag"].as_str().map(str::to_owned));
                None
            }
            _ => None,
        }
    }
}
