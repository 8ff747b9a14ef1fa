//! Units asked back, article by article: what each case counts, kept beside the sums so that nothing is counted twice.
//!
//! Owns `case_article`, which also tells which cases an article has. The rule is `domain::figures::Asked`.

use super::note::{Sums, add};
use crate::case::row::CaseRow;
use aftercare_domain::china;
use aftercare_domain::figures::{Asked, Figure};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::time::Micros;
use aftercare_store::{DbError, Row as DbRow, Tx, values};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Under which name the articles stand beside an event.
const ARTICLES: &str = "articles";
const TAKEN: &str = "units_taken";
const GIVEN: &str = "units_given_back";

/// What one change took and gave back, by article.
#[derive(Debug, Default)]
pub(super) struct Units {
    articles: BTreeMap<String, (i64, i64)>,
    replaced: bool,
}

/// Puts the articles beside events that speak of lines.
pub(super) fn beside(tx: &mut Tx<'_>, case: &CaseRow, events: &mut [(&'static str, Value)]) -> Result<(), DbError> {
    if !events.iter().any(|(kind, _)| matches!(*kind, TAKEN | GIVEN)) {
        return Ok(());
    }
    let Some(order) = case.order else { return Ok(()) };
    let sql = "SELECT line_no, sku FROM order_line WHERE shop_id = $1 AND order_id = $2";
    let skus: BTreeMap<i64, String> =
        tx.query(sql, &values![case.shop, order], |row: &DbRow| Ok((row.get(0)?, row.get(1)?)))?.into_iter().collect();
    for (_, payload) in events.iter_mut().filter(|(kind, _)| matches!(*kind, TAKEN | GIVEN)) {
        let mut units: Map<String, Value> = Map::new();
        for line in payload["lines"].as_array().into_iter().flatten() {
            let Some(sku) = line["line_no"].as_i64().and_then(|no| skus.get(&no)) else { continue };
            let sum = units.get(sku).and_then(Value::as_i64).unwrap_or(0) + line["quantity"].as_i64().unwrap_or(0);
            units.insert(sku.clone(), json!(sum));
        }
        if let Some(fields) = payload.as_object_mut() {
            fields.insert(ARTICLES.to_owned(), Value::Object(units));
        }
    }
    Ok(())
}

/// What the events of one change took and gave back; nothing when they speak of no units.
pub(super) fn of_events(events: &[(impl AsRef<str>, Value)]) -> Option<Units> {
    let mut units = Units::default();
    let (mut taken, mut given) = (false, false);
    for (kind, payload) in events {
        let took = match kind.as_ref() {
            TAKEN => true,
            GIVEN => false,
            _ => continue,
        };
        (taken, given) = (taken || took, given || !took);
        for (sku, quantity) in payload[ARTICLES].as_object().into_iter().flatten() {
            let sum = units.articles.entry(sku.clone()).or_default();
            let quantity = quantity.as_i64().unwrap_or(0);
            if took { sum.0 += quantity } else { sum.1 += quantity }
        }
    }
    units.replaced = taken && given;
    (taken || given).then_some(units)
}

/// Brings the case's articles up to date, and the sums of the day on which each was first asked for.
pub(super) fn step(tx: &mut Tx<'_>, sums: &mut Sums, (shop, case): (ShopId, Id), units: &Units, now: Micros) -> Result<(), DbError> {
    for (sku, (taken, given)) in &units.articles {
        let sql = "SELECT held, counted, day FROM case_article WHERE shop_id = $1 AND sku = $2 AND case_id = $3";
        let read = |row: &DbRow| Ok((Asked { held: row.get(0)?, counted: row.get(1)? }, row.get::<String>(2)?));
        let (before, day) = tx.query_opt(sql, &values![shop, sku, case], read)?.unwrap_or_else(|| (Asked::default(), china::day(now)));
        let after = before.after(*taken, *given, units.replaced);
        if after == before {
            continue;
        }
        let put = "INSERT INTO case_article (shop_id, sku, case_id, day, held, counted) VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (shop_id, sku, case_id) DO UPDATE SET held = excluded.held, counted = excluded.counted";
        tx.execute(put, &values![shop, sku, case, &day, after.held, after.counted])?;
        add(sums, Figure::AskedBack, &day, sku.clone(), (after.counted - before.counted, 0));
    }
    Ok(())
}
