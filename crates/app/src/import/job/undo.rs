//! Takes out again what a job made. Owns the rule that an order stays once anything has happened to it: a case, a refund, a trace, a
//! later update.

use super::Job;
use super::worker::{made, progress, stands};
use crate::error::{Error, Result};
use crate::import::BATCH;
use crate::{Desk, figures};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::import::Word;
use aftercare_domain::time::Micros;
use aftercare_store::{Row, Tx, values};

/// Untouched since it was made, and nothing refers to it.
const UNTOUCHED: &str = "SELECT o.buyer_id FROM orders o WHERE o.shop_id = $1 AND o.id = $2 AND o.version = 1 AND o.ledger_count = 0
    AND NOT EXISTS (SELECT 1 FROM cases c WHERE c.shop_id = $1 AND c.order_id IS NOT NULL AND c.order_id = $2)
    AND NOT EXISTS (SELECT 1 FROM parcel p JOIN parcel_event e ON e.shop_id = p.shop_id AND e.parcel_id = p.id
      WHERE p.shop_id = $1 AND p.order_id IS NOT NULL AND p.order_id = $2)";

impl Desk {
    /// Goes through what was made, batch by batch, in the order of the file; what is kept is counted.
    pub(super) async fn undo_import(&self, job: &Job) -> Result<()> {
        let (mut figures, mut from) = (job.figures.clone(), job.done);
        loop {
            let (now, claimed, before) = (self.clock.now(), job.clone(), figures.clone());
            let step = self.store.write(move |tx| {
                if !stands(tx, &claimed)? {
                    return Ok(None);
                }
                let mut figures = before.clone();
                let batch = made(tx, claimed.shop, claimed.id, from, BATCH as i64)?;
                for (n, order) in &batch {
                    if take_out(tx, claimed.shop, *order)? {
                        let sql = "DELETE FROM import_made WHERE shop_id = $1 AND job_id = $2 AND n = $3";
                        tx.execute(sql, &values![claimed.shop, claimed.id, *n])?;
                        figures.undone += 1;
                    } else {
                        figures.kept += 1;
                    }
                }
                let Some((last, _)) = batch.last() else { return Ok(Some((figures, None))) };
                progress(tx, &claimed, *last as usize + 1, claimed.total as usize, &figures, now)?;
                Ok::<_, Error>(Some((figures, Some(*last + 1))))
            });
            match step.await? {
                None => return Ok(()),
                Some((after, None)) => return self.end_import(job, Word::End, after, None, String::new()).await,
                Some((after, Some(next))) => (figures, from) = (after, next),
            }
        }
    }
}

/// Deletes one order with its lines, payments, parcels, and the buyer who has nothing else; false where it has to stay.
fn take_out(tx: &mut Tx<'_>, shop: ShopId, order: Id) -> Result<bool> {
    let Some(buyer) = tx.query_opt(UNTOUCHED, &values![shop, order], |row: &Row| row.get::<Option<Id>>(0))? else { return Ok(false) };
    let sold = "SELECT l.sku, -l.quantity, o.ordered_at FROM order_line l JOIN orders o ON o.shop_id = l.shop_id AND o.id = l.order_id
        WHERE l.shop_id = $1 AND l.order_id = $2";
    let read = |row: &Row| Ok((row.get::<String>(0)?, row.get::<i64>(1)?, row.get::<Option<Micros>>(2)?));
    for (sku, quantity, at) in tx.query(sold, &values![shop, order], read)? {
        figures::sold(tx, shop, figures::bought_at(order, at), std::iter::once((sku.as_str(), quantity)));
    }
    for sql in [
        "DELETE FROM order_line WHERE shop_id = $1 AND order_id = $2",
        "DELETE FROM payment WHERE shop_id = $1 AND order_id = $2",
        "DELETE FROM parcel WHERE shop_id = $1 AND order_id IS NOT NULL AND order_id = $2",
        "DELETE FROM orders WHERE shop_id = $1 AND id = $2",
    ] {
        tx.execute(sql, &values![shop, order])?;
    }
    if let Some(buyer) = buyer {
        tx.execute("UPDATE buyer SET orders_count = orders_count - 1 WHERE shop_id = $1 AND id = $2", &values![shop, buyer])?;
        let alone = "SELECT key_id FROM buyer WHERE shop_id = $1 AND id = $2 AND orders_count <= 0
            AND NOT EXISTS (SELECT 1 FROM cases c WHERE c.shop_id = $1 AND c.buyer_id IS NOT NULL AND c.buyer_id = $2)";
        if let Some(key) = tx.query_opt(alone, &values![shop, buyer], |row| row.get::<Id>(0))? {
            tx.execute("DELETE FROM buyer WHERE shop_id = $1 AND id = $2", &values![shop, buyer])?;
            tx.execute("DELETE FROM data_key WHERE shop_id = $1 AND id = $2", &values![shop, key])?;
        }
    }
    Ok(true)
}
