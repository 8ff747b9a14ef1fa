//! Units: who makes which ones good. Owns the choice of entries for taking, giving back, receiving and replacing.
//!
//! A unit is made good once: at most one live return, refund of the goods, exchange or whole reship (rule 2).

use super::apply::over_returnable;
use super::{Account, Entry, Kind};
use crate::id::Id;
use crate::refusal::{Code, Refusal};

/// What a kind of request wants with units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wants {
    /// They come back to the shop: return, exchange.
    Back,
    /// They are made good where they are: refund only, whole reship.
    Stay,
    /// Nothing: repair, compensation, questions.
    Nothing,
}

impl Wants {
    /// By the kind of request.
    pub fn of_request(kind: &str) -> Self {
        match kind {
            "return_refund" | "exchange" => Self::Back,
            "refund_only" | "reship" => Self::Stay,
            _ => Self::Nothing,
        }
    }
}

impl Account {
    /// `holder` makes `quantity` units of a line good from now on.
    ///
    /// # Errors
    /// `over_returnable` for more than can be asked back, `already_made_good` where others hold them.
    pub fn take(&self, holder: Id, line_no: i64, quantity: i64, wants: Wants) -> Result<Vec<Entry>, Refusal> {
        if wants == Wants::Nothing || quantity == 0 {
            return Ok(Vec::new());
        }
        let line = self.line(line_no)?;
        if quantity > line.quantity {
            return Err(over_returnable(line_no, quantity, self.returnable(line_no)));
        }
        let taken = |quantity, back| Entry { back, ..Entry::units(Kind::Taken, Some(holder), line_no, quantity) };
        if wants == Wants::Stay {
            return if quantity > line.free() { Err(self.taken_already(line_no, quantity)) } else { Ok(vec![taken(quantity, false)]) };
        }
        if quantity > line.free() + self.replaced_on(line_no) {
            return Err(self.taken_already(line_no, quantity));
        }
        // Goods that came back before anybody asked wait for whoever asks.
        let unclaimed = (line.received - self.claimed(line_no)).max(0);
        let to_come = line.shipped + line.replaced - line.requested - line.received;
        let here = (quantity - to_come.max(0)).clamp(0, unclaimed);
        if quantity > to_come.max(0) + here {
            return Err(over_returnable(line_no, quantity, self.returnable(line_no)));
        }
        let mut entries = self.let_go_replaced(line_no, quantity - line.free());
        entries.extend([taken(quantity - here, true), taken(here, false)].into_iter().filter(|entry| entry.quantity > 0));
        Ok(entries)
    }

    /// `holder` lets go of all units for which neither goods nor money have moved.
    pub fn give_back(&self, holder: Id) -> Vec<Entry> {
        let mine = self.holds.iter().filter(|hold| hold.holder == holder && hold.untouched() > 0);
        mine.map(|hold| Entry::units(Kind::GivenBack, Some(holder), hold.line_no, hold.untouched())).collect()
    }

    /// Units came back, for a request or (without one) before anybody asked.
    ///
    /// # Errors
    /// `over_returnable` for more than left the shop or was asked back.
    pub fn receive(&self, holder: Option<Id>, line_no: i64, quantity: i64) -> Result<Entry, Refusal> {
        self.line(line_no)?;
        Ok(Entry::units(Kind::Received, holder, line_no, quantity))
    }

    /// Received units go back to the buyer: the return is off.
    pub fn send_back(&self, holder: Id, line_no: i64, quantity: i64) -> Entry {
        Entry::units(Kind::SentBack, Some(holder), line_no, quantity)
    }

    /// Others arrived in place of held units: an exchange or whole reship is complete.
    pub fn replace(&self, holder: Id, line_no: i64, quantity: i64) -> Entry {
        Entry::units(Kind::Replaced, Some(holder), line_no, quantity)
    }

    /// Units of a line in the names of requests that have them back already.
    fn claimed(&self, line_no: i64) -> i64 {
        self.holds.iter().filter(|hold| hold.line_no == line_no).map(|hold| (hold.held - hold.awaited).min(hold.held)).sum()
    }

    /// A new return of replacements ends the old make-good of as many units.
    fn let_go_replaced(&self, line_no: i64, mut quantity: i64) -> Vec<Entry> {
        let mut entries = Vec::new();
        for hold in self.holds.iter().filter(|hold| hold.line_no == line_no && hold.replaced > 0) {
            let q = quantity.min(hold.replaced);
            if q > 0 {
                entries.push(Entry::units(Kind::GivenBack, Some(hold.holder), line_no, q));
                quantity -= q;
            }
        }
        entries
    }

    fn taken_already(&self, line_no: i64, quantity: i64) -> Refusal {
        let left = self.line(line_no).map_or(0, super::Line::free);
        Refusal::new(Code::AlreadyMadeGood).with("line_no", line_no).with("quantity", quantity).with("left", left)
    }
}
