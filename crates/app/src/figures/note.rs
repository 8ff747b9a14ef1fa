//! Adds what a change counts for, in its own transaction. Owns what is put beside its events so that they can be counted anew.

use super::{asked, name};
use crate::Context;
use crate::case::row::CaseRow;
use aftercare_domain::china;
use aftercare_domain::figures::{About, Figure, is_counted, of_event};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::time::Micros;
use aftercare_store::{DbError, Tx, values};
use serde_json::Value;
use std::collections::BTreeMap;

/// Counts and amounts by figure, day and key.
pub(super) type Sums = BTreeMap<(Figure, String, String), (i64, i64)>;

/// Adds to a sum.
pub(super) fn add(sums: &mut Sums, figure: Figure, day: &str, key: String, (count, amount): (i64, i64)) {
    let sum = sums.entry((figure, day.to_owned(), key)).or_default();
    *sum = (sum.0 + count, sum.1 + amount);
}

/// What one change counts for besides units: its events, and who did it in which hour.
pub(super) fn of_change(sums: &mut Sums, events: &[(impl AsRef<str>, Value)], row: &About, person: Option<Id>, now: Micros) {
    let day = china::day(now);
    for (kind, payload) in events {
        for it in of_event(kind.as_ref(), payload, row, now) {
            add(sums, it.figure, &day, it.key, (it.count, it.amount_minor));
        }
    }
    if let Some(person) = person {
        add(sums, Figure::Acted, &day, format!("{:02} {person}", china::local(now).hour()), (1, 0));
    }
}

/// Adds what the events of one change count for.
pub(crate) fn note(
    tx: &mut Tx<'_>,
    context: &Context,
    case: &CaseRow,
    events: &mut [(&'static str, Value)],
) -> std::result::Result<(), DbError> {
    let person = context.actor.stored_id();
    let said = events.iter().filter(|(kind, _)| *kind == "contact_out").count();
    // The first of the first change in which a person said something to the buyer.
    let mut first = person.is_some() && said > 0 && answers(tx, case, said as i64 + 1)? == said as i64;
    for (kind, payload) in events.iter_mut().filter(|(kind, _)| is_counted(kind)) {
        let since = match *kind {
            "contact_out" if !std::mem::take(&mut first) => continue,
            "contact_out" => Some(case.opened_at),
            "refund_done" => applied_at(tx, case, payload)?,
            _ => None,
        };
        About { since, ..about(case) }.beside(payload);
    }
    asked::beside(tx, case, events)?;
    let mut sums = Sums::new();
    of_change(&mut sums, events, &about(case), person, context.now);
    if let Some(units) = asked::of_events(events) {
        asked::step(tx, &mut sums, (case.shop, case.id), &units, context.now)?;
    }
    put(tx, case.shop, sums);
    Ok(())
}

/// What the row tells of the case.
pub(super) fn about(case: &CaseRow) -> About {
    About {
        scenario: case.scenario.clone(),
        cause: case.cause.clone(),
        amount_minor: case.amount_minor,
        opened_at: case.opened_at,
        since: None,
    }
}

fn put(tx: &mut Tx<'_>, shop: ShopId, sums: Sums) {
    for ((figure, day, key), (count, amount)) in sums.into_iter().filter(|(_, sum)| *sum != (0, 0)) {
        tx.count(shop, &name(figure), &format!("{day} {key}"), count, amount);
    }
}

/// How often people have said something to the buyer, up to a bound.
fn answers(tx: &mut Tx<'_>, case: &CaseRow, most: i64) -> std::result::Result<i64, DbError> {
    let sql =
        "SELECT COUNT(*) FROM (SELECT 1 FROM contact WHERE shop_id = $1 AND case_id = $2 AND direction = 'out' AND sent_at IS NOT NULL
        AND actor_id IS NOT NULL LIMIT $3) AS said";
    Ok(tx.query_opt(sql, &values![case.shop, case.id, most], |row| row.get(0))?.unwrap_or(0))
}

/// When the buyer asked for the money; when the case was opened where nothing was asked for.
fn applied_at(tx: &mut Tx<'_>, case: &CaseRow, payload: &Value) -> std::result::Result<Option<Micros>, DbError> {
    let Some(request) = payload["request"].as_str().and_then(Id::parse) else { return Ok(Some(case.opened_at)) };
    let sql = "SELECT applied_at FROM request WHERE shop_id = $1 AND case_id = $2 AND id = $3";
    Ok(tx.query_opt(sql, &values![case.shop, case.id, request], |row| row.get(0))?.or(Some(case.opened_at)))
}

/// Adds what was sold with an order.
pub(crate) fn sold<'l>(tx: &mut Tx<'_>, shop: ShopId, at: Micros, lines: impl Iterator<Item = (&'l str, i64)>) {
    let day = china::day(at);
    for (sku, quantity) in lines {
        tx.count(shop, &name(Figure::Sold), &format!("{day} {sku}"), quantity, 0);
    }
}
