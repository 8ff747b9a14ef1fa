//! Money: what leaves for the buyer and what the platform took by itself. Owns the choice of entries and the split into legs.
//!
//! A refund is one decision with parts (lines, freight) and legs (one per payment); a part that spans two payments is divided, and its
//! units go with the last piece, so that they count as refunded only when all of their money has gone.

use super::{Account, Entry, Hold, Kind};
use crate::id::Id;
use crate::refusal::Refusal;
use serde::{Deserialize, Serialize};

/// A piece of a refund: of one line, or of the freight.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// The line; absent: freight.
    pub line_no: Option<i64>,
    /// Units made good by it.
    pub quantity: i64,
    /// Minor units.
    pub amount_minor: i64,
}

/// What one payment gives back of a refund.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leg {
    /// The payment.
    pub payment_no: String,
    /// Its pieces.
    pub parts: Vec<Part>,
}

impl Leg {
    /// The sum of its pieces, minor units.
    pub fn amount_minor(&self) -> i64 {
        self.parts.iter().map(|part| part.amount_minor).sum()
    }
}

/// A refund of the platform's own as it is booked here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlatformShare {
    /// What is booked.
    pub entries: Vec<Entry>,
    /// The part beyond what our own limits would have allowed, booked as external; zero in an orderly world.
    pub outside_minor: i64,
}

impl Account {
    /// Divides parts over the payments, filling each up in order.
    ///
    /// # Errors
    /// `over_refund` where the payments together have less left.
    pub fn legs(&self, parts: &[Part]) -> Result<Vec<Leg>, Refusal> {
        let asked: i64 = parts.iter().map(|part| part.amount_minor).sum();
        let room: i64 = self.payments.iter().map(super::Payment::left_minor).sum();
        if asked > room {
            return Err(super::apply::over_refundable(asked, room));
        }
        let mut legs: Vec<Leg> = Vec::new();
        let mut open: Vec<Part> = parts.iter().filter(|part| part.amount_minor > 0).rev().cloned().collect();
        for payment in &self.payments {
            let (mut room, mut pieces) = (payment.left_minor(), Vec::new());
            while let Some(part) = open.pop_if(|_| room > 0) {
                let amount_minor = part.amount_minor.min(room);
                let rest = part.amount_minor - amount_minor;
                room -= amount_minor;
                pieces.push(Part { amount_minor, quantity: if rest == 0 { part.quantity } else { 0 }, ..part.clone() });
                if rest > 0 {
                    open.push(Part { amount_minor: rest, ..part });
                }
            }
            if !pieces.is_empty() {
                legs.push(Leg { payment_no: payment.payment_no.clone(), parts: pieces });
            }
        }
        // Units that cost nothing travel with the last leg.
        if let Some(leg) = legs.last_mut() {
            leg.parts.extend(parts.iter().filter(|part| part.amount_minor == 0 && part.quantity > 0).cloned());
        }
        Ok(legs)
    }

    /// The entries with which a leg's money counts as spent, before anybody is asked to move it.
    pub fn hold_leg(holder: Id, leg: &Leg) -> Vec<Entry> {
        of_leg(Kind::RefundHeld, holder, leg)
    }

    /// The entries with which a leg ends: given back, or free again.
    pub fn end_leg(holder: Id, leg: &Leg, done: bool) -> Vec<Entry> {
        of_leg(if done { Kind::RefundDone } else { Kind::RefundFreed }, holder, leg)
    }

    /// Books money the platform gave back by itself: first for the units that `holders` hold, then for other lines, then as freight.
    /// What does not fit is booked as external.
    pub fn platform_refund(&self, amount_minor: i64, payment_no: Option<&str>, holders: &[Id]) -> PlatformShare {
        let mut after = self.clone();
        let mut entries = Vec::new();
        let mut open = amount_minor.min(self.refundable_minor(false));
        for (line_no, hold) in self.platform_order(holders) {
            let Ok(line) = after.line(line_no) else { continue };
            let units = hold.map_or(0, |hold| hold.held - hold.refunded - hold.replaced);
            let worth = if hold.is_some() && units > 0 { line.share(units) } else { line.refundable_minor() };
            let piece = open.min(worth);
            if piece > 0 {
                let quantity = if piece == worth { units } else { 0 };
                let entry = Entry {
                    holder: hold.map(|hold| hold.holder),
                    line_no: Some(line_no),
                    quantity,
                    ..Entry::money(Kind::PlatformRefund, piece)
                };
                open -= after.book_over_payments(entry, payment_no, &mut entries);
            }
        }
        let freight = open.min(after.freight_left_minor());
        if freight > 0 {
            open -= after.book_over_payments(Entry::money(Kind::PlatformRefund, freight), payment_no, &mut entries);
        }
        let booked = amount_minor.min(self.refundable_minor(false)) - open;
        let outside_minor = amount_minor - booked;
        if outside_minor > 0 {
            entries.push(Entry::money(Kind::ExternalRefund, outside_minor));
        }
        PlatformShare { entries, outside_minor }
    }

    /// Lines in the order in which a platform's refund is attributed: held units first.
    fn platform_order(&self, holders: &[Id]) -> Vec<(i64, Option<Hold>)> {
        let held = self.holds.iter().filter(|hold| holders.contains(&hold.holder)).map(|hold| (hold.line_no, Some(*hold)));
        held.chain(self.lines.iter().map(|line| (line.line_no, None))).collect()
    }

    /// Posts `entry` in as many pieces as the payments need; answers what was posted.
    fn book_over_payments(&mut self, entry: Entry, payment_no: Option<&str>, out: &mut Vec<Entry>) -> i64 {
        let named = self.payments.iter().filter(|payment| payment_no == Some(payment.payment_no.as_str()));
        let others = self.payments.iter().filter(|payment| payment_no != Some(payment.payment_no.as_str()));
        let rooms: Vec<(String, i64)> = named.chain(others).map(|p| (p.payment_no.clone(), p.left_minor())).collect();
        let mut open = entry.amount_minor;
        for (payment_no, room) in rooms {
            let piece = open.min(room);
            if piece == 0 {
                continue;
            }
            let quantity = if piece == open { entry.quantity } else { 0 };
            let piece = Entry { amount_minor: piece, quantity, payment_no: Some(payment_no), ..entry.clone() };
            if self.post(std::slice::from_ref(&piece)).is_err() {
                break;
            }
            open -= piece.amount_minor;
            out.push(piece);
        }
        entry.amount_minor - open
    }
}

fn of_leg(kind: Kind, holder: Id, leg: &Leg) -> Vec<Entry> {
    let entry = |part: &Part| Entry {
        kind,
        holder: Some(holder),
        line_no: part.line_no,
        quantity: part.quantity,
        amount_minor: part.amount_minor,
        payment_no: Some(leg.payment_no.clone()),
        back: false,
    };
    leg.parts.iter().map(entry).collect()
}

impl Entry {
    /// Money of a payout counts as spent.
    pub fn payout(kind: Kind, amount_minor: i64) -> Self {
        Self::money(kind, amount_minor)
    }

    /// An old refund that an import brings: kept, counted, flagged.
    pub fn external(line_no: Option<i64>, quantity: i64, amount_minor: i64) -> Self {
        Self { line_no, quantity, ..Self::money(Kind::ExternalRefund, amount_minor) }
    }
}
