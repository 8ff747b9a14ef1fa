//! One order's account, locked for this transaction. Owns reading and writing it: entries and totals in one go.

use crate::command::Change;
use crate::error::{Result, not_found};
use crate::safety::{Safety, holds};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::ledger::{Account, Entry, Hold, Line, Payment};
use aftercare_domain::refusal::Code;
use aftercare_domain::time::Micros;
use aftercare_store::{DbError, Row, Tx, values};
use serde_json::Value;

/// The account with what is to be added to it.
pub(crate) struct Book {
    shop: ShopId,
    order: Id,
    /// The totals as they will be.
    pub(crate) account: Account,
    before: Account,
    count: i64,
    added: Vec<(Entry, Option<Id>, Value)>,
}

/// On whose behalf entries are written.
#[derive(Clone, Copy)]
pub(crate) struct Sign {
    pub(crate) case: Option<Id>,
    pub(crate) now: Micros,
}

macro_rules! head {
    () => {
        "SELECT paid_minor, freight_minor, refunded_minor, in_flight_minor, freight_refunded_minor, freight_in_flight_minor, external_minor,
            payout_minor, payout_in_flight_minor, ledger_count FROM orders WHERE shop_id = $1 AND id = $2"
    };
}

const ENTRY: &[&str] = &[
    "shop_id",
    "order_id",
    "n",
    "kind",
    "case_id",
    "effect_id",
    "holder_id",
    "line_no",
    "quantity",
    "amount_minor",
    "payment_no",
    "back",
    "at",
    "about",
];

impl Book {
    /// The account of the case's order.
    pub(crate) fn of(change: &mut Change<'_, '_>) -> Result<Self> {
        let order = change.case.order.ok_or(Code::OrderMissing)?;
        Self::lock(change.tx, change.case.shop, order)
    }

    /// The account of an order. The order's row is the lock: whoever moves its money or goods waits here.
    pub(crate) fn lock(tx: &mut Tx<'_>, shop: ShopId, order: Id) -> Result<Self> {
        let sql = if holds(Safety::OrderLock) { concat!(head!(), " FOR UPDATE") } else { head!() };
        Self::load(tx, shop, order, sql)
    }

    /// The account to look at; what is read may be old when it is used.
    pub(crate) fn look(tx: &mut Tx<'_>, shop: ShopId, order: Id) -> Result<Self> {
        Self::load(tx, shop, order, head!())
    }

    fn load(tx: &mut Tx<'_>, shop: ShopId, order: Id, sql: &str) -> Result<Self> {
        let head = tx.query_opt(sql, &values![shop, order], head)?;
        let (mut account, count) = head.ok_or_else(|| not_found("order"))?;
        let sql = "SELECT line_no, quantity, paid_minor, shipped, requested, received, made_good, replaced, refunded_units, in_flight_units, refunded_minor,
            in_flight_minor, external_units, external_minor FROM order_line WHERE shop_id = $1 AND order_id = $2 ORDER BY line_no";
        account.lines = tx.query(sql, &values![shop, order], line)?;
        let sql = "SELECT payment_no, captured_minor, refunded_minor, in_flight_minor FROM payment WHERE shop_id = $1 AND order_id = $2 ORDER BY payment_no";
        account.payments = tx.query(sql, &values![shop, order], payment)?;
        let sql = "SELECT holder_id, line_no, held, awaited, received, refunded, replaced FROM unit_hold WHERE shop_id = $1 AND order_id = $2 ORDER BY line_no, holder_id";
        account.holds = tx.query(sql, &values![shop, order], hold)?;
        Ok(Self { shop, order, before: account.clone(), account, count, added: Vec::new() })
    }

    /// Applies entries about units; `about` says why, in codes.
    pub(crate) fn post(&mut self, entries: Vec<Entry>, about: &Value) -> Result<()> {
        self.post_of(None, entries, about)
    }

    /// Applies entries whose money an effect moves.
    pub(crate) fn post_of(&mut self, effect: Option<Id>, entries: Vec<Entry>, about: &Value) -> Result<()> {
        self.account.post(&entries)?;
        self.added.extend(entries.into_iter().map(|entry| (entry, effect, about.clone())));
        Ok(())
    }

    /// Writes entries and the totals that changed.
    pub(crate) fn save(self, tx: &mut Tx<'_>, sign: Sign) -> Result<()> {
        if self.added.is_empty() {
            return Ok(());
        }
        let (shop, order) = (self.shop, self.order);
        for (n, (entry, effect, about)) in self.added.iter().enumerate() {
            let row = values![
                shop,
                order,
                self.count + 1 + n as i64,
                entry.kind.as_str(),
                sign.case,
                *effect,
                entry.holder,
                entry.line_no,
                entry.quantity,
                entry.amount_minor,
                entry.payment_no.clone(),
                entry.back,
                sign.now,
                about
            ];
            tx.insert("ledger_entry", ENTRY, row);
        }
        self.save_lines(tx)?;
        self.save_payments(tx)?;
        self.save_holds(tx, sign)?;
        let a = &self.account;
        let sql = "UPDATE orders SET refunded_minor = $3, in_flight_minor = $4, freight_refunded_minor = $5, freight_in_flight_minor = $6, external_minor = $7,
            payout_minor = $8, payout_in_flight_minor = $9, ledger_count = $10, version = version + 1 WHERE shop_id = $1 AND id = $2";
        let params = values![
            shop,
            order,
            a.refunded_minor,
            a.in_flight_minor,
            a.freight_refunded_minor,
            a.freight_in_flight_minor,
            a.external_minor,
            a.payout_minor,
            a.payout_in_flight_minor,
            self.count + self.added.len() as i64,
        ];
        tx.execute(sql, &params)?;
        Ok(())
    }

    fn save_lines(&self, tx: &mut Tx<'_>) -> Result<()> {
        let sql = "UPDATE order_line SET requested = $4, received = $5, made_good = $6, replaced = $7, refunded_units = $8, in_flight_units = $9, refunded_minor = $10,
            in_flight_minor = $11, external_units = $12, external_minor = $13 WHERE shop_id = $1 AND order_id = $2 AND line_no = $3";
        let changed = self.account.lines.iter().filter(|line| !self.before.lines.contains(line));
        for l in changed {
            let params = values![
                self.shop,
                self.order,
                l.line_no,
                l.requested,
                l.received,
                l.made_good,
                l.replaced,
                l.refunded_units,
                l.in_flight_units,
                l.refunded_minor,
                l.in_flight_minor,
                l.external_units,
                l.external_minor,
            ];
            tx.execute(sql, &params)?;
        }
        Ok(())
    }

    fn save_payments(&self, tx: &mut Tx<'_>) -> Result<()> {
        let sql = "UPDATE payment SET refunded_minor = $4, in_flight_minor = $5 WHERE shop_id = $1 AND order_id = $2 AND payment_no = $3";
        for p in self.account.payments.iter().filter(|payment| !self.before.payments.contains(payment)) {
            tx.execute(sql, &values![self.shop, self.order, &p.payment_no, p.refunded_minor, p.in_flight_minor])?;
        }
        Ok(())
    }

    fn save_holds(&self, tx: &mut Tx<'_>, sign: Sign) -> Result<()> {
        let put = "INSERT INTO unit_hold (shop_id, order_id, holder_id, line_no, case_id, held, awaited, received, refunded, replaced) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            ON CONFLICT (shop_id, order_id, holder_id, line_no) DO UPDATE SET held = excluded.held, awaited = excluded.awaited, received = excluded.received,
            refunded = excluded.refunded, replaced = excluded.replaced";
        for h in self.account.holds.iter().filter(|hold| !self.before.holds.contains(hold)) {
            let case = sign.case.ok_or_else(|| DbError::Shape("units held without a case".into()))?;
            let params = values![self.shop, self.order, h.holder, h.line_no, case, h.held, h.awaited, h.received, h.refunded, h.replaced];
            tx.execute(put, &params)?;
        }
        let gone = |hold: &&Hold| self.account.hold(hold.holder, hold.line_no).held == 0;
        for h in self.before.holds.iter().filter(gone) {
            let sql = "DELETE FROM unit_hold WHERE shop_id = $1 AND order_id = $2 AND holder_id = $3 AND line_no = $4";
            tx.execute(sql, &values![self.shop, self.order, h.holder, h.line_no])?;
        }
        Ok(())
    }
}

impl Change<'_, '_> {
    /// Writes a book in the name of this case.
    pub(crate) fn save_book(&mut self, book: Book) -> Result<()> {
        let sign = Sign { case: Some(self.case.id), now: self.context.now };
        book.save(self.tx, sign)
    }
}

type Read<T> = std::result::Result<T, DbError>;

fn head(row: &Row) -> Read<(Account, i64)> {
    let account = Account {
        paid_minor: row.get(0)?,
        freight_minor: row.get(1)?,
        refunded_minor: row.get(2)?,
        in_flight_minor: row.get(3)?,
        freight_refunded_minor: row.get(4)?,
        freight_in_flight_minor: row.get(5)?,
        external_minor: row.get(6)?,
        payout_minor: row.get(7)?,
        payout_in_flight_minor: row.get(8)?,
        ..Account::default()
    };
    Ok((account, row.get(9)?))
}

fn line(row: &Row) -> Read<Line> {
    Ok(Line {
        line_no: row.get(0)?,
        quantity: row.get(1)?,
        paid_minor: row.get(2)?,
        shipped: row.get(3)?,
        requested: row.get(4)?,
        received: row.get(5)?,
        made_good: row.get(6)?,
        replaced: row.get(7)?,
        refunded_units: row.get(8)?,
        in_flight_units: row.get(9)?,
        refunded_minor: row.get(10)?,
        in_flight_minor: row.get(11)?,
        external_units: row.get(12)?,
        external_minor: row.get(13)?,
    })
}

fn payment(row: &Row) -> Read<Payment> {
    Ok(Payment { payment_no: row.get(0)?, captured_minor: row.get(1)?, refunded_minor: row.get(2)?, in_flight_minor: row.get(3)? })
}

fn hold(row: &Row) -> Read<Hold> {
    Ok(Hold {
        holder: row.get(0)?,
        line_no: row.get(1)?,
        held: row.get(2)?,
        awaited: row.get(3)?,
        received: row.get(4)?,
        refunded: row.get(5)?,
        replaced: row.get(6)?,
    })
}
