//! Acts about goods that the desk does by itself when an accepted offer or a published rule says so. Owns which those are; the rest stays a
//! person's task.

use super::{Wanted, held, hold, release};
use crate::case::open::LineQuantity;
use crate::command::Change;
use crate::error::{Error, Result};
use crate::order::{remark, stop};
use aftercare_domain::id::Id;
use aftercare_domain::playbook::table::Act;
use aftercare_domain::time::{Micros, Span};
use aftercare_store::{DbError, Row, values};
use serde_json::{Value, json};

/// Longer than this a reservation of an accepted offer is not kept waiting.
const RESERVE: Span = Span::hours(72);
/// Reasons for which another variant is wanted; which one, nobody but a person knows.
const OTHER_VARIANT: &[&str] = &["size", "not_wanted", "not_as_described"];

/// Does the act; `None` when it takes a person: not an act about goods, nothing to do it with, or refused.
pub(crate) fn by_desk(change: &mut Change<'_, '_>, act: Act, lines: &[LineQuantity]) -> Result<Option<Value>> {
    if change.case.order.is_none() {
        return Ok(None);
    }
    let done = match act {
        Act::Reserve => reserve(change, lines),
        Act::Release => release::all(change).map(|count| Some(json!({ "released": count }))),
        Act::Remark => remark::quality(change, "见工单").map(|()| Some(json!({ "remark": "quality" }))),
        Act::Flag => remark::append(change, None, Some(remark::AT_WORK)).map(|n| Some(json!({ "n": n }))),
        Act::FreezeShipment => stop::freeze(change, None).map(|effect| Some(json!({ "effect_id": effect }))),
        Act::Intercept => stop::intercept(change, None).map(|effect| Some(json!({ "effect_id": effect }))),
        _ => Ok(None),
    };
    match done {
        Err(Error::Refused(_)) => Ok(None),
        done => done,
    }
}

/// Holds the same articles again, unless the case holds something already or another variant is wanted.
fn reserve(change: &mut Change<'_, '_>, lines: &[LineQuantity]) -> Result<Option<Value>> {
    if let Some(there) = held(change)?.first() {
        return Ok(Some(json!({ "reservation_id": there.id })));
    }
    let Some((reason, asked)) = asked(change)? else { return Ok(None) };
    let lines = if lines.is_empty() { asked } else { lines.to_vec() };
    if lines.is_empty() || OTHER_VARIANT.contains(&reason.as_str()) {
        return Ok(None);
    }
    let mut articles = Vec::new();
    for line in &lines {
        let sql = "SELECT sku FROM order_line WHERE shop_id = $1 AND order_id = $2 AND line_no = $3";
        let params = values![change.case.shop, change.case.order, line.line_no];
        let Some(sku) = change.tx.query_opt(sql, &params, |row| row.get::<String>(0))? else { return Ok(None) };
        articles.push((sku, line.quantity));
    }
    let until: Micros = change.context.now + RESERVE;
    let mut ids: Vec<Id> = Vec::new();
    for (sku, quantity) in &articles {
        match hold(change, &Wanted { sku, quantity: *quantity, until }) {
            Ok(id) => ids.push(id),
            // What was held before the refusal stays held and visible; the rest is a person's task.
            Err(Error::Refused(_)) if !ids.is_empty() => return Ok(Some(json!({ "reservation_ids": ids, "short": sku }))),
            Err(error) => return Err(error),
        }
    }
    Ok(Some(json!({ "reservation_ids": ids })))
}

/// The reason and lines of the latest live request.
fn asked(change: &mut Change<'_, '_>) -> Result<Option<(String, Vec<LineQuantity>)>> {
    let sql = "SELECT reason, lines FROM request WHERE shop_id = $1 AND case_id = $2 AND ended_at IS NULL ORDER BY id DESC LIMIT 1";
    let read = |row: &Row| {
        let lines = serde_json::from_value(row.get::<Value>(1)?).map_err(|e| DbError::Shape(e.to_string()))?;
        Ok((row.get(0)?, lines))
    };
    Ok(change.tx.query_opt(sql, &values![change.case.shop, change.case.id], read)?)
}
