//! The cases of an article in a period: why they were opened, what they cost. Owns the bound on how many are looked at.

use crate::effect::SPENT;
use crate::error::Result;
use aftercare_domain::id::{Id, ShopId};
use aftercare_store::{Row as DbRow, Tx, values};
use std::collections::BTreeMap;

/// Cases of one article looked at, the latest first.
pub(super) const LOOKED_AT: i64 = 200;
/// Reasons shown.
const REASONS: usize = 3;

/// What the cases of an article tell.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// The cases, the latest first.
    pub(super) ids: Vec<Id>,
    pub(super) open: i64,
    /// Refunds and payouts that went through.
    pub(super) cost_minor: i64,
    /// Causes, or the buyers' reasons where nobody has said a cause, the most frequent first.
    pub(super) reasons: Vec<(String, i64)>,
}

/// Looks at the article's cases opened since `first`.
pub(super) fn of_article(tx: &mut Tx<'_>, shop: ShopId, sku: &str, first: Id) -> Result<Told> {
    let sql = format!(
        "SELECT c.id, c.open, c.cause,
          (SELECT r.reason FROM request r WHERE r.shop_id = c.shop_id AND r.case_id = c.id ORDER BY r.id LIMIT 1),
          {SPENT}
        FROM case_article a JOIN cases c ON c.shop_id = a.shop_id AND c.id = a.case_id
        WHERE a.shop_id = $1 AND a.sku = $2 AND a.case_id > $3 AND a.counted > 0 ORDER BY a.case_id DESC LIMIT $4"
    );
    let read = |row: &DbRow| {
        let (cause, reason): (String, Option<String>) = (row.get(2)?, row.get(3)?);
        let why = if cause.is_empty() { reason.unwrap_or_default() } else { cause };
        Ok((row.get::<Id>(0)?, row.get::<bool>(1)?, why, row.get::<Option<i64>>(4)?.unwrap_or(0)))
    };
    let mut told = Told::default();
    let mut reasons: BTreeMap<String, i64> = BTreeMap::new();
    for (id, open, why, cost) in tx.query(&sql, &values![shop, sku, first, LOOKED_AT], read)? {
        told.ids.push(id);
        told.open += i64::from(open);
        told.cost_minor += cost;
        *reasons.entry(why).or_default() += 1;
    }
    told.reasons = reasons.into_iter().collect();
    told.reasons.sort_by_key(|(why, count)| (-count, why.is_empty()));
    told.reasons.truncate(REASONS);
    Ok(told)
}
