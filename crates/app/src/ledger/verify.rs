//! Checks that the kept totals are what the entries make of them. Owns the comparison; repairs nothing.

use super::Book;
use crate::Desk;
use crate::error::Result;
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::ledger::{Account, Entry, Kind};
use aftercare_store::{DbError, Row, Tx, values};

/// An order whose totals are not the fold over its entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The order.
    pub order: Id,
    /// As kept.
    pub kept: Account,
    /// As the entries make it.
    pub folded: Account,
}

/// Orders looked at in one transaction.
const PAGE: i64 = 200;

impl Desk {
    /// Every order of the shop whose kept totals differ from those recomputed from scratch; none in a sound ledger.
    pub async fn ledger_differences(&self, shop: ShopId) -> Result<Vec<Difference>> {
        let mut differences = Vec::new();
        let mut after = Id::from_bytes([0; 16]);
        loop {
            let (page, found) = self.store.read(move |tx| check_page(tx, shop, after)).await?;
            differences.extend(found);
            match page.last() {
                Some(last) if page.len() as i64 == PAGE => after = *last,
                _ => return Ok(differences),
            }
        }
    }
}

fn check_page(tx: &mut Tx<'_>, shop: ShopId, after: Id) -> Result<(Vec<Id>, Vec<Difference>)> {
    let sql = "SELECT id FROM orders WHERE shop_id = $1 AND id > $2 ORDER BY id LIMIT $3";
    let page = tx.query(sql, &values![shop, after, PAGE], |row| row.get::<Id>(0))?;
    let mut found = Vec::new();
    for order in &page {
        let kept = Book::look(tx, shop, *order)?.account;
        let folded = kept.recomputed(&entries(tx, shop, *order)?)?;
        if folded != kept {
            found.push(Difference { order: *order, kept, folded });
        }
    }
    Ok((page, found))
}

/// All entries of an order, oldest first.
pub(crate) fn entries(tx: &mut Tx<'_>, shop: ShopId, order: Id) -> Result<Vec<Entry>> {
    let sql = "SELECT kind, holder_id, line_no, quantity, amount_minor, payment_no, back FROM ledger_entry WHERE shop_id = $1 AND order_id = $2 ORDER BY n";
    let read = |row: &Row| {
        let kind: String = row.get(0)?;
        Ok(Entry {
            kind: Kind::parse(&kind).ok_or_else(|| DbError::Shape(format!("ledger entry of kind {kind}")))?,
            holder: row.get(1)?,
            line_no: row.get(2)?,
            quantity: row.get(3)?,
            amount_minor: row.get(4)?,
            payment_no: row.get(5)?,
            back: row.get(6)?,
        })
    };
    Ok(tx.query(sql, &values![shop, order], read)?)
}
