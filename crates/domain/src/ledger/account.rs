//! The totals of one order and what can be read off them. Owns the shape; changes nothing.

use crate::id::Id;
use crate::refusal::{Code, Refusal};

/// Everything the rules of one order need. Amounts in minor units.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// What was paid: lines and freight.
    pub paid_minor: i64,
    /// Freight inside it.
    pub freight_minor: i64,
    /// Given back, freight included.
    pub refunded_minor: i64,
    /// On its way back, or unknown.
    pub in_flight_minor: i64,
    /// Freight given back.
    pub freight_refunded_minor: i64,
    /// Freight on its way back.
    pub freight_in_flight_minor: i64,
    /// Given back outside of what we execute: history, or beyond what our own limits would have allowed.
    pub external_minor: i64,
    /// Paid out beyond the price.
    pub payout_minor: i64,
    /// Payouts on their way.
    pub payout_in_flight_minor: i64,
    /// The lines, by number.
    pub lines: Vec<Line>,
    /// The payments, in the order in which they are refunded.
    pub payments: Vec<Payment>,
    /// Who holds which units; rows at zero are left out.
    pub holds: Vec<Hold>,
}

/// One line of the order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// Its number.
    pub line_no: i64,
    /// Units sold.
    pub quantity: i64,
    /// Paid for all of them after allocated discounts, without freight.
    pub paid_minor: i64,
    /// Units that left.
    pub shipped: i64,
    /// Units that are to come back and have not.
    pub requested: i64,
    /// Units that came back.
    pub received: i64,
    /// Units that somebody makes or made good.
    pub made_good: i64,
    /// Units that left once more in place of others and arrived.
    pub replaced: i64,
    /// Units whose money was given back.
    pub refunded_units: i64,
    /// Units whose money is on its way back.
    pub in_flight_units: i64,
    /// Money given back.
    pub refunded_minor: i64,
    /// Money on its way back.
    pub in_flight_minor: i64,
    /// Units given back outside of what we execute.
    pub external_units: i64,
    /// Money of those.
    pub external_minor: i64,
}

impl Line {
    /// What can still be refunded of the line's money.
    pub fn refundable_minor(&self) -> i64 {
        (self.paid_minor - self.refunded_minor - self.in_flight_minor - self.external_minor).max(0)
    }

    /// Units nobody makes good yet.
    pub fn free(&self) -> i64 {
        (self.quantity - self.made_good).max(0)
    }

    /// What `quantity` more units are worth; the last ones take the remainder.
    pub fn share(&self, quantity: i64) -> i64 {
        let units = self.refunded_units + self.in_flight_units + self.external_units;
        let minor = self.refunded_minor + self.in_flight_minor + self.external_minor;
        let quantity = quantity.min(self.quantity - units).max(0);
        if quantity == 0 { 0 } else { crate::money::share(self.paid_minor, self.quantity, units, minor, quantity) }
    }
}

/// One payment of the order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Payment {
    /// The platform's number.
    pub payment_no: String,
    /// What was captured.
    pub captured_minor: i64,
    /// Given back to it.
    pub refunded_minor: i64,
    /// On its way back to it.
    pub in_flight_minor: i64,
}

impl Payment {
    /// What can still go back to it.
    pub fn left_minor(&self) -> i64 {
        (self.captured_minor - self.refunded_minor - self.in_flight_minor).max(0)
    }
}

/// Units of one line in one name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hold {
    /// The request or refund.
    pub holder: Id,
    /// The line.
    pub line_no: i64,
    /// Units held.
    pub held: i64,
    /// Of these: to come back, and not here yet.
    pub awaited: i64,
    /// Of these: came back.
    pub received: i64,
    /// Of these: money given back or on its way.
    pub refunded: i64,
    /// Of these: another one took their place and arrived.
    pub replaced: i64,
}

impl Hold {
    /// Nothing yet.
    pub fn none(holder: Id, line_no: i64) -> Self {
        Self { holder, line_no, held: 0, awaited: 0, received: 0, refunded: 0, replaced: 0 }
    }

    /// Units that can be let go: neither goods nor money have moved for them.
    pub fn untouched(&self) -> i64 {
        (self.held - self.received.max(self.refunded).max(self.replaced)).max(0)
    }
}

impl Account {
    /// What can still be refunded of the order. `payouts_count` says that payouts reduce it (a policy switch).
    pub fn refundable_minor(&self, payouts_count: bool) -> i64 {
        let payouts = if payouts_count { self.payouts_minor() } else { 0 };
        (self.paid_minor - self.refunded_minor - self.in_flight_minor - self.external_minor - payouts).max(0)
    }

    /// Payouts made and on their way.
    pub fn payouts_minor(&self) -> i64 {
        self.payout_minor + self.payout_in_flight_minor
    }

    /// Freight that was not given back.
    pub fn freight_left_minor(&self) -> i64 {
        (self.freight_minor - self.freight_refunded_minor - self.freight_in_flight_minor).max(0)
    }

    /// Units of a line that can still be asked back.
    pub fn returnable(&self, line_no: i64) -> i64 {
        let Ok(line) = self.line(line_no) else { return 0 };
        let here = line.shipped + line.replaced - line.requested - line.received;
        here.min(line.free() + self.replaced_on(line_no)).max(0)
    }

    /// Units of a line whose replacement has arrived and that still count as made good.
    pub(crate) fn replaced_on(&self, line_no: i64) -> i64 {
        self.holds.iter().filter(|hold| hold.line_no == line_no).map(|hold| hold.replaced).sum()
    }

    /// The line of this number.
    ///
    /// # Errors
    /// `bad_input` where the order has no such line.
    pub fn line(&self, line_no: i64) -> Result<&Line, Refusal> {
        self.lines.iter().find(|line| line.line_no == line_no).ok_or_else(|| no_line(line_no))
    }

    pub(crate) fn line_mut(&mut self, line_no: i64) -> Result<&mut Line, Refusal> {
        self.lines.iter_mut().find(|line| line.line_no == line_no).ok_or_else(|| no_line(line_no))
    }

    pub(crate) fn payment_mut(&mut self, payment_no: &str) -> Result<&mut Payment, Refusal> {
        let found = self.payments.iter_mut().find(|payment| payment.payment_no == payment_no);
        found.ok_or_else(|| Refusal::new(Code::BadInput).with("field", "payment_no").with("problem", "the order has no such payment"))
    }

    /// What `holder` holds of a line.
    pub fn hold(&self, holder: Id, line_no: i64) -> Hold {
        let found = self.holds.iter().find(|hold| hold.holder == holder && hold.line_no == line_no);
        found.copied().unwrap_or_else(|| Hold::none(holder, line_no))
    }

    pub(crate) fn set_hold(&mut self, hold: Hold) {
        self.holds.retain(|other| (other.holder, other.line_no) != (hold.holder, hold.line_no));
        if hold.held > 0 {
            self.holds.push(hold);
            self.holds.sort_by_key(|hold| (hold.line_no, hold.holder));
        }
    }

    /// The same order before anything happened to it.
    #[must_use]
    pub fn untouched(&self) -> Self {
        let line = |line: &Line| Line {
            line_no: line.line_no,
            quantity: line.quantity,
            paid_minor: line.paid_minor,
            shipped: line.shipped,
            ..Line::default()
        };
        let payment = |payment: &Payment| Payment {
            payment_no: payment.payment_no.clone(),
            captured_minor: payment.captured_minor,
            ..Payment::default()
        };
        Self {
            paid_minor: self.paid_minor,
            freight_minor: self.freight_minor,
            lines: self.lines.iter().map(line).collect(),
            payments: self.payments.iter().map(payment).collect(),
            ..Self::default()
        }
    }
}

fn no_line(line_no: i64) -> Refusal {
    Refusal::new(Code::BadInput).with("field", "line_no").with("problem", format!("the order has no line {line_no}"))
}
