//! When rows of a job may start: the shop's own numbers before those of its platform. Owns reading them and writing the plan.

use super::Job;
use crate::error::Result;
use aftercare_domain::bulk::{CONFIRM_ABOVE_MINOR, Pace, Paced, shelf, starts};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::time::{Micros, Span};
use aftercare_store::{Row, Tx, values};
use serde::Deserialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// `settings.bulk` of a shop; what is absent is the desk's or the platform's.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Own {
    confirm_above_minor: Option<i64>,
    order_gap_s: Option<i64>,
    chunk: Option<i64>,
    rest_s: Option<i64>,
}

impl Own {
    pub(crate) fn is_sound(&self) -> bool {
        self.confirm_above_minor.is_none_or(|minor| minor >= 0) && self.over(shelf("*")).is_sound()
    }

    fn over(&self, pace: Pace) -> Pace {
        Pace {
            order_gap_s: self.order_gap_s.unwrap_or(pace.order_gap_s),
            chunk: self.chunk.unwrap_or(pace.chunk),
            rest_s: self.rest_s.unwrap_or(pace.rest_s),
        }
    }
}

fn own(tx: &mut Tx<'_>, shop: ShopId) -> Result<(Own, String)> {
    let read = |row: &Row| Ok((row.get::<Value>(0)?, row.get::<String>(1)?));
    let (settings, platform) = tx.query_opt("SELECT settings, platform FROM shop WHERE id = $1", &values![shop], read)?.unwrap_or_default();
    let own = settings.get("bulk").and_then(|own| Own::deserialize(own).ok()).unwrap_or_default();
    Ok((own, platform))
}

/// The sum above which a job over these shops is confirmed by typing it: the lowest of theirs.
pub(super) fn above(tx: &mut Tx<'_>, shops: &BTreeSet<ShopId>) -> Result<i64> {
    let mut lowest = None;
    for shop in shops {
        let minor = own(tx, *shop)?.0.confirm_above_minor.unwrap_or(CONFIRM_ABOVE_MINOR);
        lowest = Some(lowest.map_or(minor, |before: i64| before.min(minor)));
    }
    Ok(lowest.unwrap_or(CONFIRM_ABOVE_MINOR))
}

/// Gives every row that is ready its earliest start.
pub(super) fn plan(tx: &mut Tx<'_>, job: &Job, now: Micros) -> Result<()> {
    if !job.what.calls_platform() {
        return Ok(());
    }
    let sql = "SELECT n, shop_id, order_id FROM bulk_row WHERE job_id = $1 AND state = 'ready' ORDER BY n";
    let read = |row: &Row| Ok((row.get::<i64>(0)?, row.get::<ShopId>(1)?, row.get::<Option<Id>>(2)?));
    let rows = tx.query(sql, &values![job.id], read)?;
    let mut paces = BTreeMap::new();
    for (_, shop, _) in &rows {
        if !paces.contains_key(shop) {
            let (own, platform) = own(tx, *shop)?;
            paces.insert(*shop, own.over(shelf(&platform)));
        }
    }
    let money = job.what.is_money();
    let paced: Vec<Paced<ShopId, Id>> =
        rows.iter().map(|(_, shop, order)| Paced { shop: *shop, order: order.filter(|_| money), pace: paces[shop] }).collect();
    for ((n, ..), at) in rows.iter().zip(starts(now, &paced)) {
        tx.execute("UPDATE bulk_row SET not_before = $3 WHERE job_id = $1 AND n = $2", &values![job.id, *n, at])?;
    }
    Ok(())
}

/// When the next refund of this order may start, looking at what anybody has started; nothing where it may now.
pub(super) fn order_rests(tx: &mut Tx<'_>, shop: ShopId, order: Id, now: Micros) -> Result<Option<Micros>> {
    let sql = "SELECT MAX(at) FROM effect WHERE shop_id = $1 AND case_id IN (SELECT id FROM cases WHERE shop_id = $1 AND order_id = $2)
        AND kind = 'refund' AND manual = 0 AND state NOT IN ('rejected', 'cancelled')";
    let last = tx.query_opt(sql, &values![shop, order], |row| row.get::<Option<Micros>>(0))?.flatten();
    let Some(last) = last else { return Ok(None) };
    let (own, platform) = own(tx, shop)?;
    let free = last + Span::seconds(own.over(shelf(&platform)).order_gap_s);
    Ok((free > now).then_some(free))
}
