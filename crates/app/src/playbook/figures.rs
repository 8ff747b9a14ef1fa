//! How often buyers accepted a rung in cases like this one. Owns the counts; they are deltas of the change that recorded the answer.

use crate::case::row::CaseRow;
use crate::error::Result;
use aftercare_store::{Row, Tx, values};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const NAME: &str = "rung";

/// Counts a buyer's answer to an offer made by a rung of the ladder.
pub(crate) fn answered(tx: &mut Tx<'_>, case: &CaseRow, rung: &str, accepted: bool) {
    if !rung.is_empty() && !case.scenario.is_empty() {
        let bucket = format!("{}/{rung}/{}", case.scenario, if accepted { "yes" } else { "no" });
        tx.count(case.shop, NAME, &bucket, 1, 0);
    }
}

/// Answers by rung: accepted, refused.
pub(crate) struct Figures(BTreeMap<String, (i64, i64)>);

impl Figures {
    /// Adds `accepted` of `asked` to a rung; nothing where nobody was asked yet.
    pub(crate) fn put(&self, row: &mut Value, rung: &str) {
        if let Some((yes, no)) = self.0.get(rung) {
            row["accepted"] = json!(yes);
            row["asked"] = json!(yes + no);
        }
    }
}

/// The answers in the shop's cases of the same scenario.
pub(crate) fn of(tx: &mut Tx<'_>, case: &CaseRow) -> Result<Figures> {
    // "0" follows "/": every bucket of the scenario and no other
    let (from, until) = (format!("{}/", case.scenario), format!("{}0", case.scenario));
    let sql = "SELECT bucket, CAST(SUM(count) AS BIGINT) FROM (
        SELECT bucket, count FROM counter WHERE shop_id = $1 AND name = $2 AND bucket >= $3 AND bucket < $4
        UNION ALL SELECT bucket, count FROM counter_delta WHERE shop_id = $1 AND name = $2 AND bucket >= $3 AND bucket < $4) AS both_sides GROUP BY bucket";
    let read = |row: &Row| Ok((row.get::<String>(0)?, row.get::<i64>(1)?));
    let mut answers: BTreeMap<String, (i64, i64)> = BTreeMap::new();
    for (bucket, count) in tx.query(sql, &values![case.shop, NAME, &from, &until], read)? {
        let mut parts = bucket.split('/').skip(1);
        let (Some(rung), Some(answer)) = (parts.next(), parts.next()) else { continue };
        let sums = answers.entry(rung.to_owned()).or_default();
        if answer == "yes" { sums.0 += count } else { sums.1 += count }
    }
    Ok(Figures(answers))
}
