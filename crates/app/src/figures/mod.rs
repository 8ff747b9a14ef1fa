//! The board's figures: added up by day in the transaction of what happened, read as sums. Owns their rows among the counters; what counts
//! as what is decided in `domain::figures`. No list and no case is ever counted for them.

mod board;
mod drill;
mod products;

pub use board::{Board, Row, Waterline};
pub use drill::{DrillQuery, Drilled};
pub use products::{ProductRow, Products};

use crate::case::row::CaseRow;
use crate::error::{Result, bad_input};
use aftercare_domain::figures::{About, Figure, day, of_event};
use aftercare_domain::id::ShopId;
use aftercare_domain::time::Micros;
use aftercare_store::{DbError, Row as DbRow, Tx, values};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// Days of one question.
const DAYS: i64 = 400;

/// The name under which a figure's sums are kept.
fn name(figure: Figure) -> String {
    format!("f:{figure}")
}

/// Adds what the events of one change count for.
pub(crate) fn note(tx: &mut Tx<'_>, case: &CaseRow, events: &[(&'static str, Value)], now: Micros) -> std::result::Result<(), DbError> {
    let about = About { scenario: &case.scenario, cause: &case.cause, amount_minor: case.amount_minor, opened_at: case.opened_at };
    let mut sums: BTreeMap<(Figure, String), (i64, i64)> = BTreeMap::new();
    for (kind, payload) in events {
        for it in of_event(kind, payload, about, now) {
            let sum = sums.entry((it.figure, it.key)).or_default();
            *sum = (sum.0 + it.count, sum.1 + it.amount_minor);
        }
        if *kind == "units_taken" {
            for (sku, units) in asked_back(tx, case, payload)? {
                sums.entry((Figure::AskedBack, sku)).or_default().0 += units;
            }
        }
    }
    let day = day(now);
    for ((figure, key), (count, amount_minor)) in sums {
        tx.count(case.shop, &name(figure), &format!("{day} {key}"), count, amount_minor);
    }
    Ok(())
}

/// Which articles a request is about.
fn asked_back(tx: &mut Tx<'_>, case: &CaseRow, payload: &Value) -> std::result::Result<Vec<(String, i64)>, DbError> {
    let Some(order) = case.order else { return Ok(Vec::new()) };
    let sql = "SELECT line_no, sku FROM order_line WHERE shop_id = $1 AND order_id = $2";
    let skus: BTreeMap<i64, String> =
        tx.query(sql, &values![case.shop, order], |row: &DbRow| Ok((row.get(0)?, row.get(1)?)))?.into_iter().collect();
    let lines = payload["lines"].as_array().into_iter().flatten();
    Ok(lines.filter_map(|line| Some((skus.get(&line["line_no"].as_i64()?)?.clone(), line["quantity"].as_i64()?))).collect())
}

/// Adds what was sold with an order.
pub(crate) fn sold<'l>(tx: &mut Tx<'_>, shop: ShopId, at: Micros, lines: impl Iterator<Item = (&'l str, i64)>) {
    let day = day(at);
    for (sku, quantity) in lines {
        tx.count(shop, &name(Figure::Sold), &format!("{day} {sku}"), quantity, 0);
    }
}

/// Which days.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// The first day of the shop, `2026-11-01`.
    pub from: String,
    /// The last day.
    pub to: String,
}

impl Period {
    /// First bucket, and the one after the last.
    fn buckets(&self) -> Result<(String, String)> {
        let date =
            |field: &'static str, text: &str| text.parse::<jiff::civil::Date>().map_err(|_| bad_input(field, "a day such as 2026-11-24"));
        let (from, to) = (date("from", &self.from)?, date("to", &self.to)?);
        // The difference of two dates is told in days.
        if to < from || i64::from((to - from).get_days()) > DAYS {
            return Err(bad_input("to", format!("not before the first day, and at most {DAYS} days later")));
        }
        let after = to.tomorrow().map_err(|_| bad_input("to", "a day such as 2026-11-24"))?;
        Ok((from.to_string(), after.to_string()))
    }
}
