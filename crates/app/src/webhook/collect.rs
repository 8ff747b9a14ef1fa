//! Turns what happened into deliveries: page by page of the feed, each in one transaction with the place it was read up to.
//!
//! Owns that place. The feed stands in the order of commits and nothing appears below its horizon, so no event is missed; the place moves
//! with the deliveries it made, so none is made twice, on any number of nodes. Nothing is read while nobody listens.

use super::{COLUMNS, Webhook, read};
use crate::Desk;
use crate::error::Result;
use crate::ids::new_id;
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::time::Micros;
use aftercare_domain::webhook::{Delivery, MOST};
use aftercare_store::{DbError, Log, Row, Tx, values};
use std::collections::BTreeMap;

/// The name of the place among the settings.
const PLACE: &str = "webhook_place";
/// Rows of the feed read together.
const PAGE: i64 = 200;
/// Events of one change; more are never written.
const EVENTS: i64 = 500;

const ANY: &str = "SELECT 1 FROM webhook WHERE state = 'active' ORDER BY shop_id, id LIMIT 1";
const DELIVERY: &[&str] = &["webhook_id", "id", "shop_id", "case_id", "case_version", "n", "kind", "at", "state", "next_at"];

/// Called before a subscription becomes active: when nobody listened, reading begins here instead of where it ended some day.
pub(super) fn begin(tx: &mut Tx<'_>) -> Result<()> {
    let sql = "INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";
    tx.execute(sql, &values![PLACE, "0"])?;
    place(tx)?;
    if tx.query_opt(ANY, &[], |_| Ok(()))?.is_none() {
        let here = tx.horizon(Log::Feed)?;
        tx.execute("UPDATE setting SET value = $2 WHERE name = $1", &values![PLACE, here.to_string()])?;
    }
    Ok(())
}

/// The place, locked.
fn place(tx: &mut Tx<'_>) -> Result<Option<i64>> {
    let sql = "SELECT value FROM setting WHERE name = $1 FOR UPDATE";
    Ok(tx.query_opt(sql, &values![PLACE], |row| row.get::<String>(0))?.and_then(|text| text.parse().ok()))
}

impl Desk {
    /// Makes the deliveries of everything that can be told now; answers how many pages were read.
    pub(super) async fn collect_for_webhooks(&self) -> Result<usize> {
        let mut pages = 0;
        // Looked at without a lock first: most commits are none of anybody's business here.
        while self.store.read(behind).await? {
            let now = self.clock.now();
            self.store.write(move |tx| page(tx, now)).await?;
            pages += 1;
        }
        Ok(pages)
    }
}

fn behind(tx: &mut Tx<'_>) -> Result<bool> {
    if tx.query_opt(ANY, &[], |_| Ok(()))?.is_none() {
        return Ok(false);
    }
    let sql = "SELECT value FROM setting WHERE name = $1";
    let place = tx.query_opt(sql, &values![PLACE], |row| row.get::<String>(0))?.and_then(|text| text.parse().ok());
    let Some(place) = place else { return Ok(false) };
    Ok(tx.page_end(Log::Feed, place, 1)?.is_some())
}

fn page(tx: &mut Tx<'_>, now: Micros) -> Result<()> {
    let Some(from) = place(tx)? else { return Ok(()) };
    let Some(to) = tx.page_end(Log::Feed, from, PAGE)? else { return Ok(()) };
    let by = tx.place();
    let sql = format!("SELECT shop_id, case_id, case_version, at FROM feed WHERE {by} > $1 AND {by} <= $2 ORDER BY {by}, seq");
    let read_row = |row: &Row| Ok((row.get::<ShopId>(0)?, row.get::<Id>(1)?, row.get::<i64>(2)?, row.get::<Micros>(3)?));
    let mut hooks: BTreeMap<ShopId, Vec<Webhook>> = BTreeMap::new();
    for (shop, case, version, at) in tx.query(&sql, &values![from, to], read_row)? {
        if let std::collections::btree_map::Entry::Vacant(slot) = hooks.entry(shop) {
            slot.insert(active(tx, shop)?);
        }
        let listening: Vec<&Webhook> = hooks[&shop].iter().filter(|hook| hook.since <= at).collect();
        if listening.is_empty() {
            continue;
        }
        let sql = "SELECT n, kind FROM event WHERE shop_id = $1 AND case_id = $2 AND case_version = $3 ORDER BY n LIMIT $4";
        let events = tx.query(sql, &values![shop, case, version, EVENTS], |row| Ok((row.get::<i64>(0)?, row.get::<String>(1)?)))?;
        for (n, kind) in &events {
            for hook in listening.iter().filter(|hook| hook.wanted.has(kind)) {
                let row = values![hook.id, new_id(now), shop, case, version, *n, kind, at, Delivery::Waiting.as_str(), now];
                tx.insert_once("webhook_delivery", DELIVERY, row);
            }
        }
    }
    tx.execute("UPDATE setting SET value = $2 WHERE name = $1", &values![PLACE, to.to_string()])?;
    Ok(())
}

fn active(tx: &mut Tx<'_>, shop: ShopId) -> std::result::Result<Vec<Webhook>, DbError> {
    let sql = format!("SELECT {COLUMNS} FROM webhook WHERE shop_id = $1 AND state = 'active' ORDER BY id LIMIT $2");
    tx.query(&sql, &values![shop, MOST], read)
}
