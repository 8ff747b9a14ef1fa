//! Checks that the kept counts are what the cases make them. Owns the comparison; repairs nothing.

use super::counters::{self, Counted, Figure, Sums};
use crate::Desk;
use crate::error::Result;
use aftercare_domain::id::{Id, ShopId};
use aftercare_store::{Row, Tx, values};

/// Cases looked at in one transaction.
const PAGE: i64 = 1_000;

/// A figure whose kept count is not what the cases make it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Miscount {
    /// As kept.
    pub kept: Figure,
    /// As counted.
    pub counted: Figure,
}

impl Desk {
    /// Every figure of the shop that differs from a count of all its cases. Cases changed meanwhile may show up; ask again then.
    pub async fn queue_miscounts(&self, shop: ShopId) -> Result<Vec<Miscount>> {
        let mut counted = Sums::new();
        let mut after = Id::from_bytes([0; 16]);
        loop {
            let (last, rows, sums) = self.store.read(move |tx| page(tx, shop, after)).await?;
            for (view, sum) in sums {
                let all = counted.entry(view).or_default();
                *all = (all.0 + sum.0, all.1 + sum.1);
            }
            match last {
                Some(last) if rows == PAGE => after = last,
                _ => break,
            }
        }
        let kept = self.store.read(move |tx| counters::figures(tx, shop)).await?;
        let mut kept: Sums = kept.into_iter().map(|figure| (figure.view, (figure.count, figure.amount_minor))).collect();
        for view in counted.keys() {
            kept.entry(view.clone()).or_default();
        }
        let figure = |view: &str, (count, amount_minor)| Figure { view: view.to_owned(), count, amount_minor };
        let differing = kept.iter().filter_map(|(view, kept)| {
            let counted = counted.get(view).copied().unwrap_or_default();
            (counted != *kept).then(|| Miscount { kept: figure(view, *kept), counted: figure(view, counted) })
        });
        Ok(differing.collect())
    }
}

/// The last case of a page, how many it has, and their sums.
fn page(tx: &mut Tx<'_>, shop: ShopId, after: Id) -> Result<(Option<Id>, i64, Sums)> {
    let sql =
        "SELECT id, open, waiting_on, owner_id, unknown_money, amount_minor FROM cases WHERE shop_id = $1 AND id > $2 ORDER BY id LIMIT $3";
    let sums = std::cell::RefCell::new(Sums::new());
    let read = |row: &Row| {
        let waiting_on: String = row.get(2)?;
        let case = Counted {
            open: row.get(1)?,
            waiting_on: &waiting_on,
            owner: row.get(3)?,
            unknown_money: row.get(4)?,
            amount_minor: row.get(5)?,
        };
        case.add(&mut sums.borrow_mut(), 1);
        row.get::<Id>(0)
    };
    let ids = tx.query(sql, &values![shop, after, PAGE], read)?;
    Ok((ids.last().copied(), ids.len() as i64, sums.into_inner()))
}
