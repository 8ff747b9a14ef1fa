//! The cases of articles in a period: why they were opened, what they cost. Owns the bound on how many are looked at.

use crate::effect::SPENT;
use crate::error::Result;
use aftercare_domain::id::{Id, ShopId};
use aftercare_store::{Row as DbRow, Tx, Value, values};
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

/// Looks at the cases of articles opened since `first`, all in one read; an article without cases has no entry.
pub(super) fn of_articles(tx: &mut Tx<'_>, shop: ShopId, skus: &[&str], first: Id) -> Result<BTreeMap<String, Told>> {
    if skus.is_empty() {
        return Ok(BTreeMap::new());
    }
    let places = places(4, skus.len());
    let sql = format!(
        "SELECT a.sku, c.id, c.open, c.cause,
          (SELECT r.reason FROM request r WHERE r.shop_id = c.shop_id AND r.case_id = c.id ORDER BY r.id LIMIT 1),
          {SPENT}
        FROM (SELECT sku, case_id, ROW_NUMBER() OVER (PARTITION BY sku ORDER BY case_id DESC) AS place FROM case_article
          WHERE shop_id = $1 AND sku IN ({places}) AND case_id > $2 AND counted > 0) AS a
        JOIN cases c ON c.shop_id = $1 AND c.id = a.case_id WHERE a.place <= $3 ORDER BY a.sku, c.id DESC"
    );
    let read = |row: &DbRow| {
        let (cause, reason): (String, Option<String>) = (row.get(3)?, row.get(4)?);
        let why = if cause.is_empty() { reason.unwrap_or_default() } else { cause };
        Ok((row.get::<String>(0)?, row.get::<Id>(1)?, row.get::<bool>(2)?, why, row.get::<Option<i64>>(5)?.unwrap_or(0)))
    };
    let mut params = values![shop, first, LOOKED_AT].to_vec();
    params.extend(skus.iter().map(|sku| Value::from(*sku)));
    let mut all: BTreeMap<String, (Told, BTreeMap<String, i64>)> = BTreeMap::new();
    for (sku, id, open, why, cost) in tx.query(&sql, &params, read)? {
        let (told, reasons) = all.entry(sku).or_default();
        told.ids.push(id);
        told.open += i64::from(open);
        told.cost_minor += cost;
        *reasons.entry(why).or_default() += 1;
    }
    let with_reasons = |(sku, (mut told, reasons)): (String, (Told, BTreeMap<String, i64>))| {
        told.reasons = reasons.into_iter().collect();
        told.reasons.sort_by_key(|(why, count)| (-count, why.is_empty()));
        told.reasons.truncate(REASONS);
        (sku, told)
    };
    Ok(all.into_iter().map(with_reasons).collect())
}

/// `$from, …` for so many parameters.
pub(super) fn places(from: usize, count: usize) -> String {
    (from..from + count).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ")
}
