//! The one place where totals change: an entry is applied whole, or refused and nothing has changed.

use super::{Account, Entry, Hold, Kind};
use crate::id::Id;
use crate::refusal::{Code, Refusal};

impl Account {
    /// Applies entries in order, all of them or none.
    ///
    /// # Errors
    /// The refusal of the first entry that would break a rule.
    pub fn post(&mut self, entries: &[Entry]) -> Result<(), Refusal> {
        let mut after = self.clone();
        entries.iter().try_for_each(|entry| after.apply(entry))?;
        *self = after;
        Ok(())
    }

    /// The totals that `entries` make of this order from its beginning: what the kept ones must equal.
    ///
    /// # Errors
    /// As [`Account::post`]; entries that were once accepted never fail.
    pub fn recomputed(&self, entries: &[Entry]) -> Result<Self, Refusal> {
        let mut fresh = self.untouched();
        entries.iter().try_for_each(|entry| fresh.apply(entry))?;
        Ok(fresh)
    }

    /// Applies one entry. After a refusal the account may be half changed: only [`Account::post`] and tests call it.
    pub(crate) fn apply(&mut self, entry: &Entry) -> Result<(), Refusal> {
        if entry.quantity < 0 || entry.amount_minor < 0 || (entry.quantity == 0 && entry.amount_minor == 0) {
            return Err(Refusal::new(Code::BadInput).with("field", "quantity").with("problem", "positive quantities and amounts"));
        }
        match entry.kind {
            Kind::Taken => self.taken(entry),
            Kind::GivenBack => self.given_back(entry),
            Kind::Received => self.received(entry),
            Kind::SentBack => self.sent_back(entry),
            Kind::Replaced => self.replaced(entry),
            Kind::RefundHeld => self.refund_held(entry),
            Kind::RefundDone => self.refund_ended(entry, true),
            Kind::RefundFreed => self.refund_ended(entry, false),
            Kind::PlatformRefund => self.platform_refunded(entry),
            Kind::ExternalRefund => self.external_refund(entry),
            Kind::PayoutHeld => {
                self.payout_in_flight_minor += entry.amount_minor;
                Ok(())
            }
            Kind::PayoutDone | Kind::PayoutFreed => self.payout_ended(entry),
        }
    }

    fn taken(&mut self, entry: &Entry) -> Result<(), Refusal> {
        let (line_no, q) = (line_of(entry)?, entry.quantity);
        let line = self.line_mut(line_no)?;
        if q > line.free() {
            return Err(made_good(line_no, q, line.free()));
        }
        if entry.back && line.requested + line.received + q > line.shipped + line.replaced {
            return Err(over_returnable(line_no, q, line.shipped + line.replaced - line.requested - line.received));
        }
        line.made_good += q;
        line.requested += if entry.back { q } else { 0 };
        self.with_hold(holder_of(entry)?, line_no, |hold| {
            hold.held += q;
            hold.awaited += if entry.back { q } else { 0 };
        })
    }

    fn given_back(&mut self, entry: &Entry) -> Result<(), Refusal> {
        let (line_no, holder, q) = (line_of(entry)?, holder_of(entry)?, entry.quantity);
        let hold = self.hold(holder, line_no);
        // Units whose replacement arrived are let go only in favour of a new return of that replacement.
        let of_replaced = q.min(hold.replaced);
        let (plain, awaited) = (q - of_replaced, (q - of_replaced).min(hold.awaited));
        if plain > hold.untouched() {
            return Err(made_good(line_no, q, hold.untouched()));
        }
        let line = self.line_mut(line_no)?;
        line.made_good -= q;
        line.requested -= awaited;
        self.with_hold(holder, line_no, |hold| {
            hold.held -= q;
            hold.awaited -= awaited;
            hold.replaced -= of_replaced;
            hold.received -= of_replaced.min(hold.received);
        })
    }

    fn received(&mut self, entry: &Entry) -> Result<(), Refusal> {
        let (line_no, q) = (line_of(entry)?, entry.quantity);
        let hold = entry.holder.map(|holder| self.hold(holder, line_no));
        let awaited = hold.map_or(0, |hold| q.min(hold.awaited));
        if let Some(hold) = hold
            && hold.received + q > hold.held
        {
            return Err(over_returnable(line_no, q, hold.held - hold.received));
        }
        let line = self.line_mut(line_no)?;
        if line.requested + line.received + q - awaited > line.shipped + line.replaced {
            return Err(over_returnable(line_no, q, line.shipped + line.replaced - line.requested - line.received));
        }
        line.requested -= awaited;
        line.received += q;
        entry.holder.map_or(Ok(()), |holder| {
            self.with_hold(holder, line_no, |hold| {
                hold.awaited -= awaited;
                hold.received += q;
            })
        })
    }

    /// The units go back to the buyer: nobody makes them good any more.
    fn sent_back(&mut self, entry: &Entry) -> Result<(), Refusal> {
        let (line_no, holder, q) = (line_of(entry)?, holder_of(entry)?, entry.quantity);
        let hold = self.hold(holder, line_no);
        if q > hold.received || q > hold.held - hold.refunded.max(hold.replaced) {
            return Err(made_good(line_no, q, (hold.held - hold.refunded.max(hold.replaced)).min(hold.received)));
        }
        let line = self.line_mut(line_no)?;
        line.received -= q;
        line.made_good -= q;
        self.with_hold(holder, line_no, |hold| {
            hold.held -= q;
            hold.received -= q;
        })
    }

    fn replaced(&mut self, entry: &Entry) -> Result<(), Refusal> {
        let (line_no, holder, q) = (line_of(entry)?, holder_of(entry)?, entry.quantity);
        let hold = self.hold(holder, line_no);
        if hold.refunded + hold.replaced + q > hold.held {
            return Err(made_good(line_no, q, hold.held - hold.refunded - hold.replaced));
        }
        self.line_mut(line_no)?.replaced += q;
        self.with_hold(holder, line_no, |hold| hold.replaced += q)
    }

    fn refund_held(&mut self, entry: &Entry) -> Result<(), Refusal> {
        let amount = entry.amount_minor;
        if amount > self.refundable_minor(false) {
            return Err(over_refundable(amount, self.refundable_minor(false)));
        }
        self.in_flight_minor += amount;
        self.payment_moves(entry, 0, amount)?;
        let Some(line_no) = entry.line_no else {
            if amount > self.freight_left_minor() {
                return Err(Refusal::new(Code::FreightOnce).with("amount_minor", amount).with("left_minor", self.freight_left_minor()));
            }
            self.freight_in_flight_minor += amount;
            return Ok(());
        };
        let hold = entry.holder.map(|holder| self.hold(holder, line_no));
        let open = hold.map_or(0, |hold| hold.held - hold.refunded - hold.replaced);
        let line = self.line_mut(line_no)?;
        if amount > line.refundable_minor() {
            return Err(over_line(line_no, amount, line.refundable_minor()));
        }
        if entry.quantity > open {
            return Err(made_good(line_no, entry.quantity, open));
        }
        line.in_flight_minor += amount;
        line.in_flight_units += entry.quantity;
        self.hold_refunds(entry, line_no, entry.quantity)
    }

    fn refund_ended(&mut self, entry: &Entry, done: bool) -> Result<(), Refusal> {
        let (amount, q) = (entry.amount_minor, entry.quantity);
        let given = if done { amount } else { 0 };
        self.in_flight_minor -= amount;
        self.refunded_minor += given;
        self.payment_moves(entry, given, -amount)?;
        let Some(line_no) = entry.line_no else {
            self.freight_in_flight_minor -= amount;
            self.freight_refunded_minor += given;
            return not_negative(self.freight_in_flight_minor.min(self.in_flight_minor));
        };
        let line = self.line_mut(line_no)?;
        line.in_flight_minor -= amount;
        line.refunded_minor += given;
        line.in_flight_units -= q;
        line.refunded_units += if done { q } else { 0 };
        not_negative(line.in_flight_minor.min(line.in_flight_units))?;
        not_negative(self.in_flight_minor)?;
        self.hold_refunds(entry, line_no, if done { 0 } else { -q })
    }

    fn platform_refunded(&mut self, entry: &Entry) -> Result<(), Refusal> {
        let (amount, q) = (entry.amount_minor, entry.quantity);
        if amount > self.refundable_minor(false) {
            return Err(over_refundable(amount, self.refundable_minor(false)));
        }
        self.refunded_minor += amount;
        self.payment_moves(entry, amount, 0)?;
        let Some(line_no) = entry.line_no else {
            if amount > self.freight_left_minor() {
                return Err(Refusal::new(Code::FreightOnce).with("amount_minor", amount).with("left_minor", self.freight_left_minor()));
            }
            self.freight_refunded_minor += amount;
            return Ok(());
        };
        let line = self.line_mut(line_no)?;
        if amount > line.refundable_minor() {
            return Err(over_line(line_no, amount, line.refundable_minor()));
        }
        line.refunded_minor += amount;
        line.refunded_units += q;
        self.hold_refunds(entry, line_no, q)
    }

    /// History is kept and counted as it is; the rules bind what we execute (rule 8).
    fn external_refund(&mut self, entry: &Entry) -> Result<(), Refusal> {
        self.external_minor += entry.amount_minor;
        if let Some(line_no) = entry.line_no {
            let line = self.line_mut(line_no)?;
            line.external_minor += entry.amount_minor;
            line.external_units += entry.quantity;
        }
        Ok(())
    }

    fn payout_ended(&mut self, entry: &Entry) -> Result<(), Refusal> {
        self.payout_in_flight_minor -= entry.amount_minor;
        if entry.kind == Kind::PayoutDone {
            self.payout_minor += entry.amount_minor;
        }
        not_negative(self.payout_in_flight_minor)
    }

    fn payment_moves(&mut self, entry: &Entry, refunded: i64, in_flight: i64) -> Result<(), Refusal> {
        let Some(payment_no) = &entry.payment_no else { return Ok(()) };
        let payment = self.payment_mut(payment_no)?;
        payment.refunded_minor += refunded;
        payment.in_flight_minor += in_flight;
        if payment.refunded_minor + payment.in_flight_minor > payment.captured_minor {
            let left = payment.captured_minor - payment.refunded_minor - payment.in_flight_minor + refunded + in_flight;
            return Err(over_refundable(entry.amount_minor, left));
        }
        not_negative(payment.in_flight_minor)
    }

    fn hold_refunds(&mut self, entry: &Entry, line_no: i64, units: i64) -> Result<(), Refusal> {
        match entry.holder {
            Some(holder) if units != 0 => self.with_hold(holder, line_no, |hold| hold.refunded += units),
            _ => Ok(()),
        }
    }

    fn with_hold(&mut self, holder: Id, line_no: i64, change: impl FnOnce(&mut Hold)) -> Result<(), Refusal> {
        let mut hold = self.hold(holder, line_no);
        change(&mut hold);
        not_negative(hold.held.min(hold.awaited).min(hold.received).min(hold.refunded).min(hold.replaced))?;
        not_negative(hold.held - (hold.awaited + hold.received).max(hold.refunded + hold.replaced))?;
        self.set_hold(hold);
        Ok(())
    }
}

fn line_of(entry: &Entry) -> Result<i64, Refusal> {
    entry.line_no.ok_or_else(|| Refusal::new(Code::BadInput).with("field", "line_no").with("problem", "missing"))
}

fn holder_of(entry: &Entry) -> Result<Id, Refusal> {
    entry.holder.ok_or_else(|| Refusal::new(Code::BadInput).with("field", "request").with("problem", "missing"))
}

/// Ending more than is under way is a fault of the caller, never of a user.
fn not_negative(value: i64) -> Result<(), Refusal> {
    if value < 0 { Err(Refusal::new(Code::BadInput).with("field", "entry").with("problem", "more than is under way")) } else { Ok(()) }
}

fn made_good(line_no: i64, quantity: i64, left: i64) -> Refusal {
    Refusal::new(Code::AlreadyMadeGood).with("line_no", line_no).with("quantity", quantity).with("left", left.max(0))
}

pub(crate) fn over_returnable(line_no: i64, quantity: i64, left: i64) -> Refusal {
    Refusal::new(Code::OverReturnable).with("line_no", line_no).with("quantity", quantity).with("left", left.max(0))
}

pub(crate) fn over_refundable(amount_minor: i64, left_minor: i64) -> Refusal {
    Refusal::new(Code::OverRefund).with("amount_minor", amount_minor).with("left_minor", left_minor.max(0))
}

pub(crate) fn over_line(line_no: i64, amount_minor: i64, left_minor: i64) -> Refusal {
    Refusal::new(Code::OverLine).with("line_no", line_no).with("amount_minor", amount_minor).with("left_minor", left_minor.max(0))
}
