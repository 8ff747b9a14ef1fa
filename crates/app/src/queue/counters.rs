//! Counts and amounts at risk per smart view, kept as deltas in the same transaction and folded by a worker.
//!
//! Owns which views a case counts in. A list is never counted by scanning it.

use crate::case::row::CaseRow;
use crate::error::Result;
use aftercare_domain::id::{Id, ShopId};
use aftercare_store::{Tx, values};
use std::collections::BTreeMap;

/// Deltas folded in one go.
const FOLD_LIMIT: i64 = 5_000;

/// The name under which view counts are kept.
const NAME: &str = "view";

/// Counts and amounts by view.
pub(super) type Sums = BTreeMap<String, (i64, i64)>;

/// What of a case decides where it counts.
pub(super) struct Counted<'c> {
    pub(super) open: bool,
    pub(super) waiting_on: &'c str,
    pub(super) owner: Option<Id>,
    pub(super) unknown_money: bool,
    pub(super) amount_minor: i64,
}

impl Counted<'_> {
    fn views(&self) -> Vec<String> {
        if !self.open {
            return vec!["closed".to_owned()];
        }
        let mut views = vec!["all".to_owned(), self.waiting_on.to_owned()];
        views.extend(self.owner.map(|owner| format!("owner:{owner}")));
        if self.unknown_money {
            views.push("unknown_money".to_owned());
        }
        views
    }

    /// Adds the case `times` to every view it counts in.
    pub(super) fn add(&self, sums: &mut Sums, times: i64) {
        for view in self.views() {
            let sum = sums.entry(view).or_default();
            *sum = (sum.0 + times, sum.1 + times * self.amount_minor);
        }
    }
}

/// Adds the deltas of a case that moved from `before` to `after`.
pub(crate) fn moved(tx: &mut Tx<'_>, before: Option<&CaseRow>, after: &CaseRow) {
    let mut deltas = Sums::new();
    let rows = before.map(|row| (row, -1)).into_iter().chain([(after, 1)]);
    for (row, times) in rows {
        let counted = Counted {
            open: row.open,
            waiting_on: &row.waiting_on,
            owner: row.owner,
            unknown_money: row.unknown_money,
            amount_minor: row.amount_minor,
        };
        counted.add(&mut deltas, times);
    }
    for (view, (count, amount_minor)) in deltas.into_iter().filter(|(_, delta)| *delta != (0, 0)) {
        tx.count(after.shop, NAME, &view, count, amount_minor);
    }
}

/// One figure of a view.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Figure {
    /// View, or `owner:<staff id>`.
    pub view: String,
    /// Cases.
    pub count: i64,
    /// Sum of their amounts, minor units.
    pub amount_minor: i64,
}

/// The figures of one shop: folded counters plus the deltas not folded yet.
pub(crate) fn figures(tx: &mut Tx<'_>, shop: ShopId) -> Result<Vec<Figure>> {
    let sql = "SELECT bucket, CAST(SUM(count) AS BIGINT), CAST(SUM(amount_minor) AS BIGINT) FROM (
        SELECT bucket, count, amount_minor FROM counter WHERE shop_id = $1 AND name = $2
        UNION ALL SELECT bucket, count, amount_minor FROM counter_delta WHERE shop_id = $1 AND name = $2) AS both_sides GROUP BY bucket ORDER BY bucket";
    let read = |row: &aftercare_store::Row| Ok(Figure { view: row.get(0)?, count: row.get(1)?, amount_minor: row.get(2)? });
    Ok(tx.query(sql, &values![shop, NAME], read)?)
}

/// Folds the oldest deltas into the counters; tells whether more are waiting.
///
/// Deltas are taken by deleting them, so two nodes never fold the same one.
pub(crate) fn fold(tx: &mut Tx<'_>) -> Result<bool> {
    let take = "DELETE FROM counter_delta WHERE seq IN (SELECT seq FROM counter_delta ORDER BY seq LIMIT $1) RETURNING shop_id, name, bucket, count, amount_minor";
    let read = |row: &aftercare_store::Row| {
        Ok(((row.get::<ShopId>(0)?, row.get::<String>(1)?, row.get::<String>(2)?), (row.get::<i64>(3)?, row.get::<i64>(4)?)))
    };
    let taken = tx.query(take, &values![FOLD_LIMIT], read)?;
    let full = taken.len() as i64 == FOLD_LIMIT;
    let mut sums: BTreeMap<(ShopId, String, String), (i64, i64)> = BTreeMap::new();
    for (at, (count, amount)) in taken {
        let sum = sums.entry(at).or_default();
        *sum = (sum.0 + count, sum.1 + amount);
    }
    for ((shop, name, bucket), (count, amount)) in sums {
        let add = "INSERT INTO counter (shop_id, name, bucket, count, amount_minor) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (shop_id, name, bucket) DO UPDATE SET count = counter.count + excluded.count, amount_minor = counter.amount_minor + excluded.amount_minor";
        tx.execute(add, &values![shop, name, bucket, count, amount])?;
    }
    Ok(full)
}
